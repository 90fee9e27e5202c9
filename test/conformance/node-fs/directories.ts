import { type Acts, all, type Fs, wrong } from './act.js';
import { kindsOf } from './outcome.js';

interface Entry {
  readonly name: string | Buffer;
  readonly parentPath?: string;
  readonly path?: string;
}

/** An entry, with the properties that this version of Node has for its directory. */
function told(entry: Entry): unknown {
  const { name, parentPath } = entry;
  const kinds = kindsOf(entry as never);
  return [name.toString(), Buffer.isBuffer(name), kinds, parentPath?.toString()];
}

function sorted(entries: readonly Entry[]): unknown[] {
  return entries.map(told).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const names = (list: readonly unknown[]): string[] => list.map(String).sort();

async function left(fs: Fs, path: string): Promise<string[]> {
  return names(await fs.readdir(path, { recursive: true }));
}

/** The random end of the path is cut off, since it differs each time. */
function unlucky({ code, syscall, path }: NodeJS.ErrnoException): unknown {
  return [code, syscall, path?.slice(0, -6)];
}

export const DIRECTORIES: Acts = {
  'readdir with types': async (fs, at) => sorted(await fs.readdir(at('/d'), { withFileTypes: true })),
  'readdir with types, recursive': async (fs, at) =>
    sorted(await fs.readdir(at('/'), { withFileTypes: true, recursive: true })),
  'readdir with types, with a slash': async (fs, at) => sorted(await fs.readdir(at('/d/'), { withFileTypes: true })),
  'readdir with types, with dots': async (fs, at) => sorted(await fs.readdir(at('/e/../d'), { withFileTypes: true })),
  'readdir recursive with types, with dots': async (fs, at) =>
    sorted(await fs.readdir(at('/e/../d'), { withFileTypes: true, recursive: true })),
  'readdir with types as bytes': async (fs, at) =>
    sorted(wrong(await fs.readdir(at('/d'), wrong({ withFileTypes: true, encoding: 'buffer' })))),
  'readdir as bytes': async (fs, at) => (await fs.readdir(at('/d'), 'buffer')).map((name) => Buffer.isBuffer(name)),
  'readdir as hex': async (fs, at) => names(await fs.readdir(at('/d'), 'hex')),
  'readdir as nonsense': (fs, at) => fs.readdir(at('/d'), wrong('nonsense')),
  'readdir in nonsense': (fs, at) => fs.readdir(at('/d'), { encoding: wrong('nonsense') }),
  'readdir with options of null': async (fs, at) => names(await fs.readdir(at('/d'), null)),
  'readdir with options that are none': (fs, at) => fs.readdir(at('/d'), wrong(5)),
  'readdir with recursive that is none': async (fs, at) => names(await fs.readdir(at('/d'), { recursive: wrong('x') })),
  'readdir of an empty directory': (fs, at) => fs.readdir(at('/e')),
  'readdir of many': async (fs, at) => {
    for (let i = 0; i < 60; i++) await fs.mkdir(at(`/e/${i}`));
    return [(await fs.readdir(at('/e'))).length, (await all(await fs.opendir(at('/e'), { bufferSize: 7 }))).length];
  },
  opendir: async (fs, at) => {
    const dir = await fs.opendir(at('/d'));
    return [dir.path, sorted(await all(dir))];
  },
  'opendir recursive': async (fs, at) => sorted(await all(await fs.opendir(at('/'), { recursive: true }))),
  'opendir as hex': async (fs, at) => sorted(await all(await fs.opendir(at('/d'), { encoding: 'hex' }))),
  'opendir as nonsense': (fs, at) => fs.opendir(at('/d'), { encoding: wrong('nonsense') }),
  'dir.read': async (fs, at) => {
    const dir = await fs.opendir(at('/d'));
    const found = [await dir.read(), await dir.read()].map((entry) => entry && told(entry));
    const end = [await dir.read(), await dir.read()];
    await dir.close();
    return [found.sort(), end];
  },
  'dir.read with a callback': async (fs, at) => {
    const dir = await fs.opendir(at('/e'));
    const found = await new Promise((resolve) => wrong(dir.read((...list: unknown[]) => resolve(list))));
    return [found, await new Promise((resolve) => dir.close((...list: unknown[]) => resolve(list)))];
  },
  'dir closed when it has been read': async (fs, at) => {
    const dir = await fs.opendir(at('/d'));
    await all(dir);
    await dir.close();
  },
  'dir.read when it has been read': async (fs, at) => {
    const dir = await fs.opendir(at('/d'));
    await all(dir);
    await dir.read();
  },
  'dir closed twice': async (fs, at) => {
    const dir = await fs.opendir(at('/d'));
    await dir.close();
    await dir.close();
  },
  'dir left early': async (fs, at) => {
    const dir = await fs.opendir(at('/d'));
    for await (const _ of dir) break;
    await dir.close();
  },
  'dir closed meanwhile': async (fs, at) => {
    const dir = await fs.opendir(at('/d'));
    for await (const _ of dir) await dir.close();
  },
  'dir.read after close': async (fs, at) => {
    const dir = await fs.opendir(at('/d'));
    await dir.close();
    await dir.read();
  },
  'mkdir recursive': async (fs, at) => [
    await fs.mkdir(at('/n/m/o'), { recursive: true }),
    await fs.mkdir(at('/n/m/o'), { recursive: true }),
    await fs.mkdir(at('/n/m/p'), { recursive: true }),
    await fs.mkdir(at('/n/q/r/'), { recursive: true }),
    await left(fs, at('/n')),
  ],
  'mkdir recursive through dots': async (fs, at) => [
    await fs.mkdir(at('/d/../n/./m'), { recursive: true }),
    await left(fs, at('/n')),
  ],
  'mkdir recursive where a file is': (fs, at) => fs.mkdir(at('/f'), { recursive: true }),
  'mkdir recursive below a file': (fs, at) => fs.mkdir(at('/f/n'), { recursive: true }),
  'mkdir recursive far below a file': (fs, at) => fs.mkdir(at('/f/n/m/o'), { recursive: true }),
  'mkdir with a mode': (fs, at) => fs.mkdir(at('/n'), 0o755),
  'mkdir with a mode as text': (fs, at) => fs.mkdir(at('/n'), '755'),
  'mkdir with a mode that is none': (fs, at) => fs.mkdir(at('/n'), 'zz'),
  'mkdir with a mode in options that is none': (fs, at) => fs.mkdir(at('/n'), { mode: -1 }),
  'mkdir with recursive that is none': (fs, at) => fs.mkdir(at('/n'), { recursive: wrong('yes') }),
  'mkdir with options of null': (fs, at) => fs.mkdir(at('/n'), null),
  'mkdtemp in a directory': async (fs, at) => {
    const made = await fs.mkdtemp(at('/d/'));
    const again = await fs.mkdtemp(at('/d/t-'));
    return [made.startsWith(at('/d/')), made.length - at('/d/').length, again.length - at('/d/t-').length];
  },
  'mkdtemp as bytes': async (fs, at) => Buffer.isBuffer(await fs.mkdtemp(at('/d/t-'), 'buffer')),
  'mkdtemp below nothing': (fs, at) => fs.mkdtemp(at('/missing/t-')).catch(unlucky),
  'mkdtemp below a file': (fs, at) => fs.mkdtemp(at('/f/t-')).catch(unlucky),
  'mkdtemp with a slash below a file': (fs, at) => fs.mkdtemp(at('/f/')).catch(unlucky),
  'mkdtemp of nonsense': (fs) => fs.mkdtemp(wrong(5)),
  'rmdir of a full one': (fs, at) => fs.rmdir(at('/d')),
  'rmdir of a file': (fs, at) => fs.rmdir(at('/f')),
  'rmdir recursive of nothing': (fs, at) => fs.rmdir(at('/e'), { recursive: wrong('x') }),
  'glob of names': async (fs, at) => names(await all(fs.glob('*', { cwd: at('/d') }))),
  'glob of all': async (fs, at) => names(await all(fs.glob('**', { cwd: at('/d') }))),
  'glob of files deep': async (fs, at) => names(await all(fs.glob('**/{x,y}', { cwd: at('/') }))),
  'glob of several': async (fs, at) => names(await all(fs.glob(['d/*', 'f'], { cwd: at('/') }))),
  'glob excluding by name': async (fs, at) =>
    names(await all(fs.glob('**/*', { cwd: at('/'), exclude: (name: string) => name === 'd' || name === 'lines' }))),
  'glob with types': async (fs, at) => sorted(await all(wrong(fs.glob('*', { cwd: at('/d'), withFileTypes: true })))),
  'glob of a place': async (fs, at) => names(await all(fs.glob(at('/d/*')))),
  'glob of nothing': async (fs, at) => all(fs.glob('missing/*', { cwd: at('/') })),
  'glob from nowhere': async (fs, at) => all(fs.glob('*', { cwd: at('/missing') })),
  'glob of no pattern': async (fs) => all(fs.glob(wrong(5))),
};
