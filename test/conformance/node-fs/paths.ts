import { pathToFileURL } from 'node:url';
import { type Acts, type At, type Fs, wrong } from './act.js';

type Verb = (fs: Fs, path: string, at: At) => unknown;

/** Each method that takes a path, with its other arguments. */
const VERBS: Readonly<Record<string, Verb>> = {
  access: (fs, path) => fs.access(path),
  appendFile: (fs, path) => fs.appendFile(path, 'x'),
  chmod: (fs, path) => fs.chmod(path, 0o644),
  chown: (fs, path) => fs.chown(path, 0, 0),
  'copyFile from': (fs, path, at) => fs.copyFile(path, at('/new')),
  'copyFile to': (fs, path, at) => fs.copyFile(at('/f'), path),
  'cp from': (fs, path, at) => fs.cp(path, at('/new')),
  lchown: (fs, path) => fs.lchown(path, 0, 0),
  'link from': (fs, path, at) => fs.link(path, at('/new')),
  'link to': (fs, path, at) => fs.link(at('/f'), path),
  lstat: (fs, path) => fs.lstat(path).then((stats) => stats.isFile()),
  lutimes: (fs, path) => fs.lutimes(path, 1, 2),
  mkdir: (fs, path) => fs.mkdir(path),
  'mkdir recursive': (fs, path) => fs.mkdir(path, { recursive: true }),
  open: async (fs, path) => (await fs.open(path)).close(),
  'open w': async (fs, path) => (await fs.open(path, 'w')).close(),
  'open wx': async (fs, path) => (await fs.open(path, 'wx')).close(),
  opendir: async (fs, path) => (await fs.opendir(path)).close(),
  readFile: (fs, path) => fs.readFile(path),
  readdir: async (fs, path) => (await fs.readdir(path)).sort(),
  'readdir recursive': async (fs, path) => (await fs.readdir(path, { recursive: true })).sort(),
  readlink: (fs, path) => fs.readlink(path),
  realpath: (fs, path) => fs.realpath(path),
  'rename from': (fs, path, at) => fs.rename(path, at('/new')),
  'rename to': (fs, path, at) => fs.rename(at('/f'), path),
  rm: (fs, path) => fs.rm(path),
  'rm force': (fs, path) => fs.rm(path, { force: true }),
  'rm recursive': (fs, path) => fs.rm(path, { recursive: true }),
  rmdir: (fs, path) => fs.rmdir(path),
  stat: (fs, path) => fs.stat(path).then((stats) => stats.isFile()),
  statfs: (fs, path) => fs.statfs(path).then(({ bsize }) => typeof bsize),
  'symlink at': (fs, path) => fs.symlink('x', path),
  truncate: (fs, path) => fs.truncate(path, 2),
  unlink: (fs, path) => fs.unlink(path),
  utimes: (fs, path) => fs.utimes(path, 1, 2),
  watch: (fs, path) => fs.watch(path, { signal: AbortSignal.abort() })[Symbol.asyncIterator]().next(),
  writeFile: (fs, path) => fs.writeFile(path, 'x'),
};

/** Paths at which something is not what a method expects. */
const PLACES: Readonly<Record<string, string>> = {
  nothing: '/missing',
  'below nothing': '/missing/x',
  'below a file': '/f/x',
  'far below a file': '/f/x/y/z',
  'a file with a slash': '/f/',
  'nothing with a slash': '/missing/',
  'a directory': '/d',
  'an empty directory with a slash': '/e/',
  'a directory through dots': '/d/../e/.',
  'too long a name': `/${'n'.repeat(300)}`,
};

/** Values that are not paths. */
const NONSENSE: Readonly<Record<string, unknown>> = {
  'the empty path': '',
  undefined,
  null: null,
  'a number': 5,
  'an object': {},
  'a NUL': 'a\0b',
  'a URL of the web': new URL('http://host/x'),
};

function crossed(): Acts {
  const acts: [string, Acts[string]][] = [];
  for (const [verb, act] of Object.entries(VERBS)) {
    for (const [place, path] of Object.entries(PLACES)) {
      acts.push([`${verb}: ${place}`, (fs, at) => act(fs, at(path), at)]);
    }
    for (const [what, value] of Object.entries(NONSENSE)) {
      acts.push([`${verb}: ${what}`, (fs, at) => act(fs, wrong(value), at)]);
    }
  }
  return Object.fromEntries(acts);
}

export const PATHS: Acts = {
  ...crossed(),
  'a path of bytes': (fs, at) => fs.readFile(Buffer.from(at('/f')), 'utf8'),
  'a path of bytes that is missing': (fs, at) => fs.readFile(Buffer.from(at('/missing')), 'utf8'),
  'a URL': (fs, at) => fs.readFile(pathToFileURL(at('/f')), 'utf8'),
  'a URL of what is missing': (fs, at) => fs.readFile(pathToFileURL(at('/missing')), 'utf8'),
  'rename to nonsense': (fs, at) => fs.rename(at('/f'), wrong(undefined)),
  'link to nonsense': (fs, at) => fs.link(at('/f'), wrong(5)),
  'copyFile to nonsense': (fs, at) => fs.copyFile(at('/f'), wrong(null)),
  'symlink to nonsense': (fs, at) => fs.symlink(wrong(undefined), at('/new')),
  'symlink of a kind that is none': (fs, at) => fs.symlink('f', at('/new'), 'nonsense'),
};
