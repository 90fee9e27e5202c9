import assert from 'node:assert/strict';
import fsPromises from 'node:fs/promises';
import { test } from 'node:test';
import type { Share } from '#client/index.js';
import { temporaryFolder } from '#testing/peers.js';
import { memoryShare } from '#testing/transfer-bench.js';

type Fs = Share['fs'];
type Act = (fs: Fs, at: (path: string) => string) => Promise<unknown>;

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** What code does with `fs.promises`, in a directory with `d/s/y`, `d/x`, `e`, `f` and `g`; each goes on where the last left it. */
const ACTS: Readonly<Record<string, Act>> = {
  'read nothing': (fs, at) => fs.readFile(at('/none')),
  'read no path': (fs) => fs.readFile(''),
  'unlink no path': (fs) => fs.unlink(''),
  'rename to no path': (fs, at) => fs.rename(at('/f'), ''),
  'make a link to no path': (fs) => fs.symlink('f', ''),
  'read what is no path': (fs) => fs.stat(undefined as never),
  'write over a directory': (fs, at) => fs.writeFile(at('/d'), 'x'),
  'write below nothing': (fs, at) => fs.writeFile(at('/none/x'), 'x'),
  'make a file that is there': (fs, at) => fs.writeFile(at('/f'), 'x', { flag: 'wx' }),
  'write over nothing': (fs, at) => fs.writeFile(at('/none'), 'x', { flag: 'r+' }),
  'write over a part': async (fs, at) => {
    await fs.writeFile(at('/f'), 'J', { flag: 'r+' });
    return fs.readFile(at('/f'), 'utf8');
  },
  'add to a file': async (fs, at) => {
    await fs.writeFile(at('/more'), '1', { flag: 'a+' });
    await fs.appendFile(at('/more'), '2');
    return fs.readFile(at('/more'), 'hex');
  },
  'make a directory that is there': (fs, at) => fs.mkdir(at('/d')),
  'make a directory where a file is': (fs, at) => fs.mkdir(at('/f')),
  'make directories where a file is': (fs, at) => fs.mkdir(at('/f'), { recursive: true }),
  'make a directory below nothing': (fs, at) => fs.mkdir(at('/none/x')),
  'remove a directory that is none': (fs, at) => fs.rmdir(at('/none')),
  'remove a file as a directory': (fs, at) => fs.rmdir(at('/f')),
  'remove a full directory': (fs, at) => fs.rmdir(at('/d')),
  'unlink nothing': (fs, at) => fs.unlink(at('/none')),
  'rm a directory': (fs, at) => fs.rm(at('/d')),
  'rm nothing with force': (fs, at) => fs.rm(at('/none'), { force: true }),
  'rm a file recursively': (fs, at) => fs.rm(at('/more'), { recursive: true }),
  'stat nothing': (fs, at) => fs.stat(at('/none')),
  'ask for access to nothing': (fs, at) => fs.access(at('/none')),
  'list nothing': (fs, at) => fs.readdir(at('/none')),
  'list a file': (fs, at) => fs.readdir(at('/f')),
  'open the directory of a file': (fs, at) => fs.opendir(at('/f')),
  'rename nothing': (fs, at) => fs.rename(at('/none'), at('/x')),
  'rename a file to a directory': (fs, at) => fs.rename(at('/f'), at('/d')),
  'rename a directory to a file': (fs, at) => fs.rename(at('/d'), at('/f')),
  'rename a directory to a full one': (fs, at) => fs.rename(at('/e'), at('/d')),
  'rename a directory to an empty one': async (fs, at) => {
    await fs.mkdir(at('/e1'));
    await fs.rename(at('/e1'), at('/e'));
    return (await fs.readdir(at('/'))).sort();
  },
  'rename to what it is': (fs, at) => fs.rename(at('/f'), at('/f')),
  'rename below nothing': (fs, at) => fs.rename(at('/f'), at('/none/x')),
  'copy onto what is there, if nothing is': (fs, at) => fs.copyFile(at('/f'), at('/g'), 1),
  'copy a file to a directory': (fs, at) => fs.copyFile(at('/f'), at('/d')),
  'copy a directory as a file': (fs, at) => fs.copyFile(at('/d'), at('/x')),
  'copy a tree': async (fs, at) => {
    await fs.cp(at('/d'), at('/copy'), { recursive: true });
    return (await fs.readdir(at('/copy'), { recursive: true })).sort();
  },
  'make a file longer': async (fs, at) => {
    await fs.truncate(at('/f'), 8);
    return (await fs.readFile(at('/f'))).toString('latin1');
  },
  'set the times of nothing': (fs, at) => fs.utimes(at('/none'), 1, 2),
  'set times as text': async (fs, at) => {
    await fs.utimes(at('/f'), '10', '20.5');
    const { mtimeMs, mtime, atimeMs } = await fs.stat(at('/f'));
    return [mtimeMs, mtime, atimeMs];
  },
  'change the mode of nothing': (fs, at) => fs.chmod(at('/none'), 0o644),
  'read a file as a link': (fs, at) => fs.readlink(at('/f')),
  'link to what is there': (fs, at) => fs.link(at('/f'), at('/g')),
  'make a link where something is': (fs, at) => fs.symlink('f', at('/g')),
  'find the place of nothing': (fs, at) => fs.realpath(at('/none')),
  'open a directory to write': (fs, at) => fs.open(at('/d'), 'w'),
  'open a directory to look': async (fs, at) => {
    const handle = await fs.open(at('/d'), 'r');
    const isDirectory = (await handle.stat()).isDirectory();
    await handle.close();
    return isDirectory;
  },
  'read from where a handle stands': async (fs, at) => {
    await fs.writeFile(at('/h'), 'hello world');
    const handle = await fs.open(at('/h'));
    const read = async (...how: unknown[]): Promise<unknown> => {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(5), ...(how as [number]));
      return [bytesRead, buffer.toString()];
    };
    const found = [await read(0, 5, null), await read(0, 5, 2), await read(1, 3), await read(), await read()];
    await handle.close();
    return found;
  },
  'write and read with several buffers': async (fs, at) => {
    const handle = await fs.open(at('/v'), 'w+');
    const { bytesWritten } = await handle.writev([Buffer.from('ab'), Buffer.from('cd')], 0);
    const buffers = [Buffer.alloc(1), Buffer.alloc(3)];
    const { bytesRead } = await handle.readv(buffers, 0);
    await handle.close();
    return [bytesWritten, bytesRead, buffers.map(String)];
  },
  'write to what is open to be read': async (fs, at) => {
    await using(await fs.open(at('/h')), (handle) => handle.write('x'));
  },
  'read from what is open to be written': async (fs, at) => {
    await using(await fs.open(at('/w'), 'w'), (handle) => handle.read(Buffer.alloc(1)));
  },
  'read from what is closed': async (fs, at) => {
    const handle = await fs.open(at('/h'));
    await handle.close();
    await handle.read(Buffer.alloc(1));
  },
  'read lines': async (fs, at) => {
    await fs.writeFile(at('/lines'), 'a\nb\r\nc');
    return all((await fs.open(at('/lines'))).readLines());
  },
  'list with types': async (fs, at) => {
    const entries = await fs.readdir(at('/d'), { withFileTypes: true });
    return entries.map((one) => [one.name, one.isFile(), one.isDirectory(), one.parentPath === at('/d')]).sort();
  },
  'list names as bytes': async (fs, at) => (await fs.readdir(at('/d'), 'buffer')).map((name) => name.toString()).sort(),
  'read an open directory': async (fs, at) =>
    (await all(await fs.opendir(at('/d'), { recursive: true }))).map(({ name }) => name).sort(),
  'read a closed directory': async (fs, at) => {
    const directory = await fs.opendir(at('/d'));
    await directory.close();
    await directory.read();
  },
  'read what is called off': (fs, at) => fs.readFile(at('/f'), { signal: AbortSignal.abort() }),
  'write numbers of 16 bits': async (fs, at) => {
    await fs.writeFile(at('/numbers'), new Uint16Array([1, 2]));
    return [...(await fs.readFile(at('/numbers')))];
  },
  'remove a tree': async (fs, at) => {
    await fs.rm(at('/d'), { recursive: true });
    return (await fs.readdir(at('/'))).sort();
  },
};

async function using<T extends { close(): Promise<void> }>(
  handle: T,
  work: (handle: T) => Promise<unknown>,
): Promise<void> {
  try {
    await work(handle);
  } finally {
    await handle.close();
  }
}

async function outcomes(fs: Fs, root: string): Promise<Record<string, unknown>> {
  const at = (path: string): string => root + path;
  await fs.mkdir(at('/d/s'), { recursive: true });
  await fs.mkdir(at('/e'));
  for (const name of ['d/x', 'd/s/y', 'f', 'g']) await fs.writeFile(at(`/${name}`), 'hello');
  const found: Record<string, unknown> = {};
  for (const [name, act] of Object.entries(ACTS)) {
    found[name] = await act(fs, at).then(
      (value) => ({ value }),
      ({ code, syscall }) => ({ code, syscall }),
    );
  }
  return found;
}

test('code gets from share.fs what it gets from node:fs/promises, word for word', async (t) => {
  const here = await outcomes(fsPromises as unknown as Fs, await temporaryFolder(t));
  const there = await outcomes((await memoryShare(t)).fs, '');
  assert.ok(Object.keys(here).length > 50);
  assert.deepEqual(there, here);
});
