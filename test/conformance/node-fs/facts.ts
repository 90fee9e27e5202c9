import { type Acts, wrong } from './act.js';
import { kindsOf, shapeOf } from './outcome.js';

const MOMENTS: Readonly<Record<string, unknown>> = {
  seconds: 10,
  'a fraction': 10.5,
  'before 1970': -1.5,
  text: '20',
  'text with a fraction': '20.25',
  'a date': new Date(30_500),
  'no date': new Date(Number.NaN),
  'no number': Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  'no time': 'x',
  'no text': '',
  undefined,
  null: null,
  'an object': {},
  true: true,
  'a bigint': 5n,
};

const LENGTHS: Readonly<Record<string, unknown>> = {
  0: 0,
  3: 3,
  9: 9,
  'below 0': -5,
  undefined,
  null: null,
  'a fraction': 1.5,
  text: '3',
  'a bigint': 3n,
  'no number': Number.NaN,
  'beyond all': 2 ** 53,
};

const MODES: Readonly<Record<string, unknown>> = {
  '0o644': 0o644,
  '0o444': 0o444,
  0: 0,
  text: '0644',
  'no text': '',
  'no digits': '89',
  'below 0': -1,
  'a fraction': 1.5,
  undefined,
  null: null,
  'too large': 2 ** 33,
  'an object': {},
};

function crossed(): Acts {
  const acts: [string, Acts[string]][] = [];
  for (const [name, moment] of Object.entries(MOMENTS)) {
    acts.push([
      `utimes ${name}`,
      async (fs, at) => {
        await fs.utimes(at('/f'), 1, wrong(moment));
        const { atimeMs, mtimeMs, mtime } = await fs.stat(at('/f'));
        return [atimeMs, moment === Number.POSITIVE_INFINITY ? 'now' : [mtimeMs, mtime]];
      },
    ]);
    acts.push([`utimes, first ${name}`, (fs, at) => fs.utimes(at('/f'), wrong(moment), 1)]);
  }
  for (const [name, length] of Object.entries(LENGTHS)) {
    acts.push([
      `truncate ${name}`,
      async (fs, at) => {
        await fs.truncate(at('/f'), wrong(length));
        return fs.readFile(at('/f'), 'latin1');
      },
    ]);
  }
  for (const [name, mode] of Object.entries(MODES)) {
    acts.push([
      `chmod ${name}`,
      async (fs, at) => {
        await fs.chmod(at('/f'), wrong(mode));
        return (await fs.stat(at('/f'))).mode & 0o200;
      },
    ]);
  }
  for (const mode of [0, 1, 2, 4, 6, 7, 8, -1, 1.5, '4', null, undefined]) {
    acts.push([`access ${typeof mode} ${mode}`, (fs, at) => fs.access(at('/d'), wrong(mode))]);
  }
  return Object.fromEntries(acts);
}

export const FACTS: Acts = {
  ...crossed(),
  'stat of a file': async (fs, at) => {
    const stats = await fs.stat(at('/f'));
    return [kindsOf(stats), shapeOf(stats), stats.size, stats.nlink, stats.mode & 0o170000, stats.constructor.name];
  },
  'stat with bigint': async (fs, at) => {
    const stats = await fs.stat(at('/f'), { bigint: true });
    return [kindsOf(stats), shapeOf(stats), stats.size, stats.nlink, stats.mode & 0o170000n, stats.constructor.name];
  },
  'stat of a directory': async (fs, at) => {
    const stats = await fs.stat(at('/d'));
    return [kindsOf(stats), shapeOf(stats), stats.mode & 0o170000];
  },
  'stat tells times in three ways': async (fs, at) => {
    await fs.utimes(at('/f'), 10.25, 20.5);
    const { mtimeMs, mtime, atime } = await fs.stat(at('/f'));
    const { mtimeNs, mtimeMs: big, atimeNs } = await fs.stat(at('/f'), { bigint: true });
    return [mtimeMs, mtime, atime, mtimeNs, big, atimeNs];
  },
  'stat has dates': async (fs, at) => {
    const { atime, mtime, ctime, birthtime } = await fs.stat(at('/f'));
    return [atime, mtime, ctime, birthtime].map((time) => time instanceof Date && time.getTime() > 0);
  },
  'stat without throwing': (fs, at) => fs.stat(at('/missing'), wrong({ throwIfNoEntry: false })),
  'lstat of a file': async (fs, at) => shapeOf(await fs.lstat(at('/f'))),
  'two names have one number': async (fs, at) => {
    await fs.link(at('/f'), at('/new'));
    const [one, two] = [await fs.stat(at('/f')), await fs.stat(at('/new'))];
    return [one.ino === two.ino, one.dev === two.dev, one.nlink, two.nlink];
  },
  'utimes of a directory': async (fs, at) => {
    await fs.utimes(at('/d'), 10, 20);
    return (await fs.stat(at('/d'))).mtimeMs;
  },
  'truncate a directory': (fs, at) => fs.truncate(at('/d'), 1),
  'truncate to nothing': async (fs, at) => {
    await fs.truncate(at('/f'));
    return (await fs.stat(at('/f'))).size;
  },
  'access for execution': (fs, at) => fs.access(at('/d'), fs.constants.X_OK),
  'access to write what is read-only': async (fs, at) => {
    await fs.chmod(at('/f'), 0o444);
    await fs.access(at('/f'), fs.constants.R_OK);
  },
  'access without an answer': (fs, at) => fs.access(at('/f')),
  'chown to nonsense': (fs, at) => fs.chown(at('/f'), wrong('me'), 1),
  'chown below -1': (fs, at) => fs.chown(at('/f'), -2, 1),
  'lchown to nonsense': (fs, at) => fs.lchown(at('/f'), 1, wrong({})),
  statfs: async (fs, at) => {
    const { frsize: _new, ...facts } = (await fs.statfs(at('/f'))) as unknown as Record<string, unknown>;
    return shapeOf(facts);
  },
  'statfs with bigint': async (fs, at) => typeof (await fs.statfs(at('/'), { bigint: true })).bfree,
  'statfs as an object': async (fs, at) => (await fs.statfs(at('/'))).constructor.name,
  realpath: async (fs, at) => [await fs.realpath(at('/d/../f')), await fs.realpath(at('/d/s/'))],
  'realpath as bytes': async (fs, at) => Buffer.isBuffer(await fs.realpath(at('/f'), 'buffer')),
  'realpath as nonsense': (fs, at) => fs.realpath(at('/f'), wrong('nonsense')),
  constants: ({ constants }) => {
    const some = ['F_OK', 'R_OK', 'W_OK', 'X_OK', 'COPYFILE_EXCL', 'COPYFILE_FICLONE', 'COPYFILE_FICLONE_FORCE'];
    const open = ['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_CREAT', 'O_EXCL', 'O_TRUNC', 'O_APPEND', 'O_SYNC', 'O_DSYNC'];
    const rest = ['O_DIRECTORY', 'O_NOFOLLOW', 'O_NOCTTY', 'O_NONBLOCK', 'O_NOATIME', 'O_DIRECT'];
    const kinds = ['S_IFMT', 'S_IFREG', 'S_IFDIR', 'S_IFLNK', 'S_IFCHR', 'S_IFBLK', 'S_IFIFO', 'S_IFSOCK'];
    const names = [...some, ...open, ...rest, ...kinds, 'S_IRUSR', 'S_IWUSR', 'S_IXUSR', 'S_IRWXU', 'S_IRWXO'];
    return names.map((name) => [name, Reflect.get(constants, name)]);
  },
  verbs: (fs) => Object.keys(VERBS).filter((name) => typeof Reflect.get(fs, name) !== 'function'),
};

const VERBS = {
  access: 0,
  appendFile: 0,
  chmod: 0,
  chown: 0,
  copyFile: 0,
  cp: 0,
  lchown: 0,
  link: 0,
  lstat: 0,
  lutimes: 0,
  mkdir: 0,
  mkdtemp: 0,
  open: 0,
  opendir: 0,
  readFile: 0,
  readdir: 0,
  readlink: 0,
  realpath: 0,
  rename: 0,
  rm: 0,
  rmdir: 0,
  stat: 0,
  statfs: 0,
  symlink: 0,
  truncate: 0,
  unlink: 0,
  utimes: 0,
  watch: 0,
  writeFile: 0,
};
