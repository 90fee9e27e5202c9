import { type Acts, all } from './act.js';
import { kindsOf } from './outcome.js';

export const LINK_ACTS: Acts = {
  readlink: async (fs, at) => [
    await fs.readlink(at('/l')),
    await fs.readlink(at('/ld')),
    await fs.readlink(at('/none')),
  ],
  'readlink as bytes': (fs, at) => fs.readlink(at('/l'), 'buffer'),
  'readlink as hex': (fs, at) => fs.readlink(at('/l'), 'hex'),
  'readlink of a directory': (fs, at) => fs.readlink(at('/d')),
  symlink: async (fs, at) => {
    await fs.symlink('f', at('/new'));
    return [await fs.readlink(at('/new')), await fs.readFile(at('/new'), 'utf8')];
  },
  'symlink to a directory': async (fs, at) => {
    await fs.symlink('d', at('/new'), 'dir');
    return [(await fs.stat(at('/new'))).isDirectory(), (await fs.readdir(at('/new'))).sort()];
  },
  'symlink upwards': async (fs, at) => {
    await fs.symlink('../../f', at('/d/s/new'));
    return [await fs.readlink(at('/d/s/new')), await fs.readFile(at('/d/s/new'), 'utf8')];
  },
  'symlink to nothing': async (fs, at) => {
    await fs.symlink('nowhere', at('/new'));
    return [(await fs.lstat(at('/new'))).isSymbolicLink(), await fs.readlink(at('/new'))];
  },
  'symlink where something is': (fs, at) => fs.symlink('f', at('/g')),
  'symlink where a link is': (fs, at) => fs.symlink('f', at('/l')),
  'symlink below a file': (fs, at) => fs.symlink('f', at('/f/x')),
  'lstat of links': async (fs, at) => [kindsOf(await fs.lstat(at('/l'))), kindsOf(await fs.lstat(at('/ld')))],
  'stat of links': async (fs, at) => [kindsOf(await fs.stat(at('/l'))), kindsOf(await fs.stat(at('/ld')))],
  'stat of a link to nothing': (fs, at) => fs.stat(at('/none')),
  'stat of a loop': (fs, at) => fs.stat(at('/loop')),
  'lstat of a loop': async (fs, at) => kindsOf(await fs.lstat(at('/loop'))),
  'read through a link': (fs, at) => fs.readFile(at('/l'), 'utf8'),
  'read through a link to nothing': (fs, at) => fs.readFile(at('/none'), 'utf8'),
  'read through a loop': (fs, at) => fs.readFile(at('/loop'), 'utf8'),
  'read below a link': (fs, at) => fs.readFile(at('/ld/x'), 'utf8'),
  'read below a link to a file': (fs, at) => fs.readFile(at('/l/x'), 'utf8'),
  'read below a loop': (fs, at) => fs.readFile(at('/loop/x'), 'utf8'),
  'write through a link': async (fs, at) => {
    await fs.writeFile(at('/l'), 'J');
    return [await fs.readFile(at('/f'), 'utf8'), (await fs.lstat(at('/l'))).isSymbolicLink()];
  },
  'write through a link to nothing': async (fs, at) => {
    await fs.writeFile(at('/none'), 'J');
    return fs.readFile(at('/missing'), 'utf8');
  },
  'open a link, not following': (fs, at) => fs.open(at('/l'), fs.constants.O_NOFOLLOW),
  'open a link exclusively': (fs, at) => fs.open(at('/none'), 'wx'),
  'unlink a link': async (fs, at) => {
    await fs.unlink(at('/l'));
    await fs.unlink(at('/ld'));
    await fs.unlink(at('/none'));
    return (await fs.readdir(at('/'))).sort();
  },
  'rm a link': async (fs, at) => {
    await fs.rm(at('/l'));
    await fs.rm(at('/ld'));
    return (await fs.readdir(at('/'))).sort();
  },
  'rm a link, recursive': async (fs, at) => {
    await fs.rm(at('/ld'), { recursive: true });
    return [(await fs.readdir(at('/'))).sort(), (await fs.readdir(at('/d'))).sort()];
  },
  'rmdir a link': (fs, at) => fs.rmdir(at('/ld')),
  'rename a link': async (fs, at) => {
    await fs.rename(at('/l'), at('/new'));
    return [await fs.readlink(at('/new')), (await fs.readdir(at('/'))).sort()];
  },
  'rename over a link': async (fs, at) => {
    await fs.rename(at('/g'), at('/l'));
    return [(await fs.lstat(at('/l'))).isSymbolicLink(), await fs.readFile(at('/f'), 'utf8')];
  },
  'realpath of links': async (fs, at) => [await fs.realpath(at('/l')), await fs.realpath(at('/ld/s/../x'))],
  'realpath of a link to nothing': (fs, at) => fs.realpath(at('/none')),
  'realpath of a loop': (fs, at) => fs.realpath(at('/loop')),
  'access through a link': (fs, at) => fs.access(at('/l')),
  'access through a link to nothing': (fs, at) => fs.access(at('/none')),
  'readdir with links': async (fs, at) =>
    (await fs.readdir(at('/'), { withFileTypes: true })).map((entry) => [entry.name, kindsOf(entry)]).sort(),
  'readdir recursive with links': async (fs, at) => (await fs.readdir(at('/'), { recursive: true })).sort(),
  'readdir of a link': async (fs, at) => (await fs.readdir(at('/ld'))).sort(),
  'opendir of a link': async (fs, at) => (await all(await fs.opendir(at('/ld')))).map(({ name }) => name).sort(),
  'mkdir where a link is': (fs, at) => fs.mkdir(at('/ld')),
  'mkdir recursive where a link is': (fs, at) => fs.mkdir(at('/ld'), { recursive: true }),
  'mkdir recursive through a link': async (fs, at) => {
    await fs.mkdir(at('/ld/n/m'), { recursive: true });
    return (await fs.readdir(at('/d'), { recursive: true })).sort();
  },
  'mkdir recursive where a link to nothing is': (fs, at) => fs.mkdir(at('/none'), { recursive: true }),
  'lutimes of a link': async (fs, at) => {
    await fs.lutimes(at('/l'), 10, 20);
    return [(await fs.lstat(at('/l'))).mtimeMs, (await fs.stat(at('/l'))).mtimeMs > 20_000];
  },
  'utimes through a link': async (fs, at) => {
    await fs.utimes(at('/l'), 10, 20);
    return [(await fs.lstat(at('/l'))).mtimeMs > 20_000, (await fs.stat(at('/f'))).mtimeMs];
  },
  'truncate through a link': async (fs, at) => {
    await fs.truncate(at('/l'), 2);
    return fs.readFile(at('/f'), 'utf8');
  },
  'copyFile of a link': async (fs, at) => {
    await fs.copyFile(at('/l'), at('/new'));
    return kindsOf(await fs.lstat(at('/new')));
  },
  'copyFile of a link onto its file': async (fs, at) => {
    await fs.copyFile(at('/l'), at('/f'));
    return fs.readFile(at('/f'), 'utf8');
  },
  'cp of a link, dereferenced': async (fs, at) => {
    await fs.cp(at('/l'), at('/new'), { dereference: true });
    return kindsOf(await fs.lstat(at('/new')));
  },
  'cp of a link, as it is': async (fs, at) => {
    await fs.cp(at('/l'), at('/new'), { verbatimSymlinks: true });
    return fs.readlink(at('/new'));
  },
  'cp of a link': async (fs, at) => {
    await fs.cp(at('/l'), at('/new'));
    return fs.readlink(at('/new'));
  },
  'link to a link': async (fs, at) => {
    await fs.link(at('/l'), at('/new'));
    return kindsOf(await fs.lstat(at('/new')));
  },
  'link to a file': async (fs, at) => {
    await fs.link(at('/f'), at('/new'));
    await fs.writeFile(at('/new'), 'J', { flag: 'r+' });
    return fs.readFile(at('/f'), 'utf8');
  },
  'link to what is there': (fs, at) => fs.link(at('/f'), at('/g')),
  'link of a directory': (fs, at) => fs.link(at('/d'), at('/new')),
  'chmod through a link': async (fs, at) => {
    await fs.chmod(at('/l'), 0o444);
    return (await fs.stat(at('/f'))).mode & 0o222;
  },
};
