import assert from 'node:assert/strict';
import { type FileHandle, FsError } from '#client/index.js';
import { bytes } from './bytes.js';
import type { Check } from './suite.js';

/** Checks an error the way code written for `node:fs` does. */
const fails =
  (code: string, syscall: string) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof FsError, String(error));
    assert.deepEqual([error.code, error.syscall], [code, syscall]);
    assert.ok(error.errno < 0);
    assert.ok(error.message.startsWith(`${code}: `), error.message);
    return true;
  };

export const nodeFsChecks: readonly Check[] = [
  {
    name: 'fs: a mode that lets nobody write makes a file read-only, if it makes one',
    needs: 'read-only attribute',
    run: async ({ share: { fs }, folder }) => {
      const modeOf = async (name: string): Promise<number> => (await fs.stat(`/${folder}/${name}`)).mode & 0o777;
      await fs.writeFile(`/${folder}/w`, 'text', { mode: 0o400 });
      await fs.appendFile(`/${folder}/a`, bytes(100_000), { mode: '0444' });
      await (await fs.open(`/${folder}/o`, 'wx', 0o444)).close();
      await fs.writeFile(`/${folder}/plain`, 'text', { mode: 0o600 });
      await fs.writeFile(`/${folder}/plain`, 'again', { mode: 0o444 });
      assert.deepEqual(await Promise.all(['w', 'a', 'o', 'plain'].map(modeOf)), [0o444, 0o444, 0o444, 0o666]);
      assert.equal(await fs.readFile(`/${folder}/w`, 'utf8'), 'text');
      for (const name of ['w', 'a', 'o']) await fs.chmod(`/${folder}/${name}`, 0o644);
    },
  },
  {
    name: 'fs: files are written, read and looked at as by node:fs',
    run: async ({ share, folder }) => {
      const { fs } = share;
      const path = `/${folder}/f`;
      await fs.writeFile(path, 'Grüße');
      const all = await fs.readFile(path);
      assert.ok(Buffer.isBuffer(all));
      assert.equal(all.toString(), 'Grüße');
      assert.equal(await fs.readFile(path, 'utf8'), 'Grüße');
      assert.equal(await fs.readFile(path, { encoding: 'hex' }), Buffer.from('Grüße').toString('hex'));
      await fs.appendFile(path, '!', 'latin1');
      await fs.writeFile(
        `${path}2`,
        (async function* () {
          yield 'a';
          yield new Uint8Array([98]);
        })(),
      );
      assert.equal(await fs.readFile(`${path}2`, 'utf8'), 'ab');
      const stats = await fs.stat(path);
      assert.deepEqual(
        [stats.size, stats.isFile(), stats.isDirectory(), stats.mode & 0o170000],
        [8, true, false, 0o100000],
      );
      assert.ok(stats.mtime instanceof Date && Math.trunc(stats.mtimeMs) === stats.mtime.getTime());
      assert.equal((await fs.stat(path, { bigint: true })).size, 8n);
      assert.equal((await fs.lstat(`/${folder}/../${folder}/`)).isDirectory(), true);
      await fs.truncate(path, 2);
      await fs.utimes(path, 1_600_000_000, new Date(1_700_000_000_000));
      const later = await fs.stat(path);
      assert.deepEqual([later.size, later.atimeMs, later.mtimeMs], [2, 1_600_000_000_000, 1_700_000_000_000]);
      await fs.access(path, fs.constants.R_OK | fs.constants.W_OK);
      await fs.copyFile(path, `${path}3`);
      await assert.rejects(fs.copyFile(path, `${path}3`, fs.constants.COPYFILE_EXCL), fails('EEXIST', 'copyfile'));
      await fs.unlink(`${path}3`);
      assert.ok((await fs.statfs('/')).blocks > 0);
    },
  },
  {
    name: 'fs: errors are those of node:fs',
    run: async ({ share, folder }) => {
      const { fs } = share;
      const none = `/${folder}/none`;
      await assert.rejects(fs.readFile(none), fails('ENOENT', 'open'));
      await assert.rejects(fs.stat(none), { code: 'ENOENT', syscall: 'stat', path: none });
      await assert.rejects(fs.readdir(none), fails('ENOENT', 'scandir'));
      await assert.rejects(fs.open(none), fails('ENOENT', 'open'));
      await assert.rejects(fs.unlink(none), fails('ENOENT', 'unlink'));
      await assert.rejects(fs.rename(none, `${none}2`), {
        code: 'ENOENT',
        syscall: 'rename',
        path: none,
        dest: `${none}2`,
      });
      await assert.rejects(fs.mkdir(`/${folder}`), fails('EEXIST', 'mkdir'));
      await assert.rejects(fs.rmdir(none), fails('ENOENT', 'rmdir'));
      await assert.rejects(fs.access(none), fails('ENOENT', 'access'));
      await fs.writeFile(none, 'x', { flag: 'wx' });
      await assert.rejects(fs.writeFile(none, 'x', { flag: 'wx' }), fails('EEXIST', 'open'));
      await assert.rejects(fs.readdir(none), fails('ENOTDIR', 'scandir'));
      await assert.rejects(fs.readFile(`/${folder}`), { code: 'EISDIR', syscall: 'read' });
      await assert.rejects(fs.open(none, 'q'), { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
      const error = await fs.readFile(`${none}2`).catch((error) => error);
      assert.match(error.status, /^STATUS_/);
    },
  },
  {
    name: 'fs: directories as by node:fs',
    run: async ({ share, folder }) => {
      const { fs } = share;
      assert.equal(await fs.mkdir(`/${folder}/a/b`, { recursive: true }), `/${folder}/a`);
      await fs.writeFile(`/${folder}/a/f`, 'x');
      const entries = await fs.readdir(`/${folder}/a`, { withFileTypes: true });
      const told = entries.map((entry) => `${entry.parentPath} ${entry.name} ${entry.isDirectory()} ${entry.isFile()}`);
      assert.deepEqual(told.sort(), [`/${folder}/a b true false`, `/${folder}/a f false true`]);
      assert.deepEqual((await fs.readdir(`/${folder}`, { recursive: true })).sort(), ['a', 'a/b', 'a/f']);
      const names: string[] = [];
      for await (const { name } of await fs.opendir(`/${folder}/a`)) names.push(name);
      assert.deepEqual(names.sort(), ['b', 'f']);
      const dir = await fs.opendir(`/${folder}/a/b`);
      assert.equal(await dir.read(), null);
      await dir.close();
      assert.match(await fs.mkdtemp(`/${folder}/t-`), new RegExp(`^/${folder}/t-\\w{6}$`));
      await fs.cp(`/${folder}/a`, `/${folder}/c`, { recursive: true });
      assert.equal(await fs.readFile(`/${folder}/c/f`, 'utf8'), 'x');
      await fs.mkdir(`/${folder}/empty`);
      await fs.rename(`/${folder}/a`, `/${folder}/empty`);
      assert.equal(await fs.readFile(`/${folder}/empty/f`, 'utf8'), 'x');
      await assert.rejects(fs.rename(`/${folder}/c`, `/${folder}/empty`), { code: 'ENOTEMPTY' });
      await assert.rejects(fs.rename(`/${folder}/c/f`, `/${folder}/empty`), { code: 'EISDIR' });
      const found: string[] = [];
      for await (const path of fs.glob('**/f', { cwd: `/${folder}` })) found.push(path);
      assert.deepEqual(found.sort(), ['c/f', 'empty/f']);
      assert.equal(await fs.realpath(`/${folder}/./c/../c/f`), `/${folder}/c/f`);
    },
  },
  {
    name: 'fs: file handles as by node:fs',
    run: async ({ share, folder }) => {
      const { fs } = share;
      const path = `/${folder}/f`;
      const handle: FileHandle = await fs.open(path, 'w+');
      assert.deepEqual(await handle.write('hello '), { bytesWritten: 6, buffer: 'hello ' });
      const data = Buffer.from('xworldx');
      assert.equal((await handle.write(data, 1, 5)).bytesWritten, 5);
      assert.equal((await handle.write(Buffer.from('J'), 0, 1, 0)).bytesWritten, 1);
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(20), 2, 10, 0);
      assert.deepEqual([bytesRead, buffer.subarray(2, 12).toString()], [10, 'Jello worl']);
      assert.equal((await handle.read({ buffer: Buffer.alloc(4), position: 7 })).bytesRead, 4);
      assert.equal((await handle.read(Buffer.alloc(4))).bytesRead, 0);
      assert.equal((await handle.readv([Buffer.alloc(3), Buffer.alloc(30)], 0)).bytesRead, 11);
      await handle.writev([Buffer.from('1'), Buffer.from('2')], 0);
      assert.equal((await handle.stat()).size, 11);
      await handle.truncate(4);
      await handle.sync();
      await handle.datasync();
      await handle.utimes(1, 2);
      assert.equal((await handle.stat()).mtimeMs, 2000);
      await assert.rejects(handle.read(Buffer.alloc(2), 0, 3), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
      await assert.rejects(handle.write(Buffer.alloc(2), 3), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
      await handle.close();
      const looking = await fs.open(path, 'r');
      await looking.utimes(3, 4);
      assert.equal((await looking.stat()).mtimeMs, 4000);
      await assert.rejects(looking.truncate(1), { code: 'EINVAL' });
      await looking.close();
      await assert.rejects(fs.open(`/${folder}`, 'wx'), { code: 'EEXIST' });
      assert.equal(await fs.readFile(path, 'utf8'), '12ll');
      const append = await fs.open(path, 'a');
      await append.write('!', 0);
      await append.appendFile('?');
      await append.close();
      const reading = await fs.open(path);
      await reading.read(Buffer.alloc(2));
      assert.equal(await reading.readFile('utf8'), 'll!?');
      await reading.close();
      const streamed = await fs.open(path);
      assert.equal(
        (await streamed.createReadStream({ start: 1, end: 2 }).setEncoding('utf8').toArray()).join(''),
        '2l',
      );
      await streamed.close();
      const folderHandle = await fs.open(`/${folder}`);
      assert.equal((await folderHandle.stat()).isDirectory(), true);
      await folderHandle.close();
    },
  },
  {
    name: 'fs: rights are those of the read-only attribute',
    needs: 'read-only attribute',
    run: async ({ share, folder }) => {
      const { fs } = share;
      await fs.writeFile(`/${folder}/f`, 'x');
      await fs.chmod(`/${folder}/f`, 0o444);
      assert.equal((await fs.stat(`/${folder}/f`)).mode & 0o222, 0);
      await assert.rejects(fs.writeFile(`/${folder}/f`, 'y'), fails('EACCES', 'open'));
      await fs.chmod(`/${folder}/f`, '644');
      assert.equal((await fs.stat(`/${folder}/f`)).mode & 0o777, 0o666);
    },
  },
  {
    name: 'fs: links as by node:fs',
    needs: 'symbolic links',
    run: async ({ share, folder }) => {
      const { fs } = share;
      await fs.mkdir(`/${folder}/d`);
      await fs.writeFile(`/${folder}/d/f`, 'x');
      await fs.symlink('d/f', `/${folder}/l`);
      await fs.symlink('d', `/${folder}/m`, 'dir');
      assert.equal(await fs.readlink(`/${folder}/l`), 'd/f');
      assert.equal((await fs.lstat(`/${folder}/m`)).isSymbolicLink(), true);
      assert.equal((await fs.stat(`/${folder}/m`)).isDirectory(), true);
      assert.equal(await fs.realpath(`/${folder}/m/f`), `/${folder}/d/f`);
      await fs.unlink(`/${folder}/l`);
      await fs.unlink(`/${folder}/m`);
      assert.equal(await fs.readFile(`/${folder}/d/f`, 'utf8'), 'x');
    },
  },
];
