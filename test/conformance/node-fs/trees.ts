import { type Acts, type Fs, wrong } from './act.js';

/** Does something with a tree, then returns everything below it, with the contents of files. */
function then(work: (fs: Fs, at: (path: string) => string) => unknown): Acts[string] {
  return async (fs, at) => {
    const gives = await Promise.resolve(work(fs, at)).catch((error: unknown) => error);
    const files: [string, string][] = [];
    for (const entry of await fs.readdir(at('/'), { recursive: true, withFileTypes: true })) {
      const path = `${entry.parentPath.slice(at('').length)}/${entry.name}`.replace(/^\/+/, '');
      files.push([path, entry.isFile() ? await fs.readFile(at(`/${path}`), 'utf8') : entry.isDirectory() ? 'd' : 'l']);
    }
    return [gives, files.sort()];
  };
}

async function times(fs: Fs, path: string): Promise<unknown> {
  const { mtimeMs } = await fs.stat(path);
  return mtimeMs;
}

export const TREES: Acts = {
  'rm a file': then((fs, at) => fs.rm(at('/f'))),
  'rm a directory': then((fs, at) => fs.rm(at('/d'))),
  'rm an empty directory': then((fs, at) => fs.rm(at('/e'))),
  'rm a directory with force': then((fs, at) => fs.rm(at('/d'), { force: true })),
  'rm a tree': then((fs, at) => fs.rm(at('/d'), { recursive: true })),
  'rm a tree with retries': then((fs, at) => fs.rm(at('/d'), { recursive: true, maxRetries: 3, retryDelay: 1 })),
  'rm nothing': then((fs, at) => fs.rm(at('/missing'))),
  'rm nothing, recursive': then((fs, at) => fs.rm(at('/missing'), { recursive: true })),
  'rm nothing with force': then((fs, at) => fs.rm(at('/missing'), { force: true })),
  'rm nothing with both': then((fs, at) => fs.rm(at('/missing/x'), { force: true, recursive: true })),
  'rm below a file with force': then((fs, at) => fs.rm(at('/f/x'), { force: true })),
  'rm below a file with both': then((fs, at) => fs.rm(at('/f/x'), { force: true, recursive: true })),
  'rm a file that is read-only': then(async (fs, at) => {
    await fs.chmod(at('/f'), 0o444);
    await fs.rm(at('/f'));
  }),
  'rm with options that are none': then((fs, at) => fs.rm(at('/f'), wrong(5))),
  'rm with options of null': then((fs, at) => fs.rm(at('/f'), wrong(null))),
  'rm with recursive that is none': then((fs, at) => fs.rm(at('/f'), { recursive: wrong('yes') })),
  'rm with force that is none': then((fs, at) => fs.rm(at('/f'), { force: wrong(1) })),
  'rm with retries that are none': then((fs, at) => fs.rm(at('/f'), { maxRetries: -1 })),
  'rm with a delay that is none': then((fs, at) => fs.rm(at('/f'), { retryDelay: wrong('1') })),
  'unlink a directory': then((fs, at) => fs.unlink(at('/e'))),
  'unlink a file that is read-only': then(async (fs, at) => {
    await fs.chmod(at('/f'), 0o444);
    await fs.unlink(at('/f'));
  }),
  'rename a file': then((fs, at) => fs.rename(at('/f'), at('/new'))),
  'rename over a file': then((fs, at) => fs.rename(at('/f'), at('/g'))),
  'rename over itself': then((fs, at) => fs.rename(at('/f'), at('/f'))),
  'rename a file over an empty directory': then((fs, at) => fs.rename(at('/f'), at('/e'))),
  'rename a file over a full directory': then((fs, at) => fs.rename(at('/f'), at('/d'))),
  'rename a directory': then((fs, at) => fs.rename(at('/d'), at('/e/n'))),
  'rename a directory over a file': then((fs, at) => fs.rename(at('/d'), at('/f'))),
  'rename a directory over an empty one': then((fs, at) => fs.rename(at('/d'), at('/e'))),
  'rename a directory over a full one': then((fs, at) => fs.rename(at('/e'), at('/d'))),
  'rename a directory over itself': then((fs, at) => fs.rename(at('/d'), at('/d'))),
  'rename a directory into itself': then((fs, at) => fs.rename(at('/d'), at('/d/n'))),
  'rename a directory into what is in it': then((fs, at) => fs.rename(at('/d'), at('/d/s/n'))),
  'rename what is in it over a directory': then((fs, at) => fs.rename(at('/d/s'), at('/d'))),
  'rename a file that is read-only': then(async (fs, at) => {
    await fs.chmod(at('/f'), 0o444);
    await fs.rename(at('/f'), at('/g'));
  }),
  'rename over a file that is read-only': then(async (fs, at) => {
    await fs.chmod(at('/g'), 0o444);
    await fs.rename(at('/f'), at('/g'));
  }),
  'rename a file that is open': then(async (fs, at) => {
    const handle = await fs.open(at('/f'), 'r+');
    await fs.rename(at('/f'), at('/new'));
    await handle.writeFile('J');
    await handle.close();
  }),
  'unlink a file that is open': then(async (fs, at) => {
    const handle = await fs.open(at('/f'), 'r+');
    await fs.unlink(at('/f'));
    await handle.close();
  }),
  'copyFile to nothing': then((fs, at) => fs.copyFile(at('/f'), at('/new'))),
  'copyFile over a file': then((fs, at) => fs.copyFile(at('/f'), at('/g'))),
  'copyFile over nothing else': then((fs, at) => fs.copyFile(at('/f'), at('/g'), fs.constants.COPYFILE_EXCL)),
  'copyFile exclusively': then((fs, at) => fs.copyFile(at('/f'), at('/new'), fs.constants.COPYFILE_EXCL)),
  'copyFile over itself': then((fs, at) => fs.copyFile(at('/f'), at('/f'))),
  'copyFile over itself exclusively': then((fs, at) => fs.copyFile(at('/f'), at('/f'), 1)),
  'copyFile over a directory': then((fs, at) => fs.copyFile(at('/f'), at('/d'))),
  'copyFile of a directory': then((fs, at) => fs.copyFile(at('/d'), at('/new'))),
  'copyFile of a directory to a file': then((fs, at) => fs.copyFile(at('/d'), at('/f'))),
  'copyFile below nothing': then((fs, at) => fs.copyFile(at('/f'), at('/missing/x'))),
  'copyFile with a clone if it can': then((fs, at) => fs.copyFile(at('/f'), at('/new'), 2)),
  'copyFile with a mode that is none': then((fs, at) => fs.copyFile(at('/f'), at('/new'), 8)),
  'copyFile with a mode as text': then((fs, at) => fs.copyFile(at('/f'), at('/new'), wrong('1'))),
  'copyFile with a mode of null': then((fs, at) => fs.copyFile(at('/f'), at('/new'), wrong(null))),
  'cp a file': then((fs, at) => fs.cp(at('/f'), at('/new'))),
  'cp a file below nothing': then((fs, at) => fs.cp(at('/f'), at('/n/m/new'))),
  'cp a file below a file': then((fs, at) => fs.cp(at('/f'), at('/g/new'))),
  'cp over a file': then((fs, at) => fs.cp(at('/f'), at('/g'))),
  'cp over itself': then((fs, at) => fs.cp(at('/f'), at('/f'))),
  'cp a file over a directory': then((fs, at) => fs.cp(at('/f'), at('/d'))),
  'cp a file over a directory, recursive': then((fs, at) => fs.cp(at('/f'), at('/d'), { recursive: true })),
  'cp without force': then((fs, at) => fs.cp(at('/f'), at('/g'), { force: false })),
  'cp without force, saying so': then((fs, at) => fs.cp(at('/f'), at('/g'), { force: false, errorOnExist: true })),
  'cp with force, saying so': then((fs, at) => fs.cp(at('/f'), at('/g'), { errorOnExist: true })),
  'cp a directory': then((fs, at) => fs.cp(at('/d'), at('/new'))),
  'cp a tree': then((fs, at) => fs.cp(at('/d'), at('/new'), { recursive: true })),
  'cp a tree over another': then((fs, at) => fs.cp(at('/d'), at('/e'), { recursive: true })),
  'cp a tree over itself': then((fs, at) => fs.cp(at('/d'), at('/d'), { recursive: true })),
  'cp a tree into itself': then((fs, at) => fs.cp(at('/d'), at('/d/n'), { recursive: true })),
  'cp a tree into what is in it': then((fs, at) => fs.cp(at('/d'), at('/d/s/n'), { recursive: true })),
  'cp what is in it over a tree': then((fs, at) => fs.cp(at('/d/s'), at('/d'), { recursive: true })),
  'cp a tree over a file': then((fs, at) => fs.cp(at('/d'), at('/f'), { recursive: true })),
  'cp a tree below nothing': then((fs, at) => fs.cp(at('/d'), at('/n/m/new'), { recursive: true })),
  'cp a tree where a file is in the way': then(async (fs, at) => {
    await fs.writeFile(at('/e/s'), 'in the way');
    await fs.cp(at('/d'), at('/e'), { recursive: true });
  }),
  'cp a tree where a directory is in the way': then(async (fs, at) => {
    await fs.mkdir(at('/e/x'));
    await fs.cp(at('/d'), at('/e'), { recursive: true });
  }),
  'cp a tree again without force': then(async (fs, at) => {
    await fs.writeFile(at('/e/x'), 'older');
    await fs.cp(at('/d'), at('/e'), { recursive: true, force: false });
  }),
  'cp a tree again, saying so': then(async (fs, at) => {
    await fs.writeFile(at('/e/x'), 'older');
    await fs.cp(at('/d'), at('/e'), { recursive: true, force: false, errorOnExist: true });
  }),
  'cp nothing': then((fs, at) => fs.cp(at('/missing'), at('/new'))),
  'cp nothing, recursive': then((fs, at) => fs.cp(at('/missing'), at('/new'), { recursive: true })),
  'cp with a filter': then(async (fs, at) => {
    const seen: string[] = [];
    const filter = (from: string, to: string): boolean => {
      seen.push(`${from} ${to}`);
      return !from.endsWith('y');
    };
    await fs.cp(at('/d'), at('/new'), { recursive: true, filter });
    return seen.sort();
  }),
  'cp with a filter that waits': then((fs, at) =>
    fs.cp(at('/d'), at('/new'), { recursive: true, filter: async (from) => !from.endsWith('s') }),
  ),
  'cp with a filter that fails': then((fs, at) =>
    fs.cp(at('/d'), at('/new'), {
      recursive: true,
      filter: () => {
        throw new RangeError('of the filter');
      },
    }),
  ),
  'cp with a filter of nothing': then((fs, at) => fs.cp(at('/f'), at('/new'), { filter: () => false })),
  'cp with a filter that is none': then((fs, at) => fs.cp(at('/f'), at('/new'), { filter: wrong('x') })),
  'cp with recursive that is none': then((fs, at) => fs.cp(at('/f'), at('/new'), { recursive: wrong('x') })),
  'cp with options that are none': then((fs, at) => fs.cp(at('/f'), at('/new'), wrong(5))),
  'cp with a mode': then((fs, at) => fs.cp(at('/f'), at('/g'), { mode: fs.constants.COPYFILE_EXCL })),
  'cp with a mode that is none': then((fs, at) => fs.cp(at('/f'), at('/new'), { mode: 99 })),
  'cp with its times': async (fs, at) => {
    await fs.utimes(at('/f'), 10, 20.5);
    await fs.cp(at('/f'), at('/new'), { preserveTimestamps: true });
    return times(fs, at('/new'));
  },
  'cp a tree with its times': async (fs, at) => {
    await fs.utimes(at('/d/s/y'), 10, 20.5);
    await fs.utimes(at('/d/s'), 30, 40);
    await fs.cp(at('/d'), at('/new'), { recursive: true, preserveTimestamps: true });
    return [await times(fs, at('/new/s/y'))];
  },
};
