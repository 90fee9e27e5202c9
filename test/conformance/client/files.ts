import assert from 'node:assert/strict';
import { errnoCode } from '#client/index.js';
import { bytes, sha256 } from './bytes.js';
import type { Check } from './suite.js';

const SIZES = [0, 1, 4096, 65_535, 65_536, 65_537, 3_000_000];
const is =
  (...codes: string[]) =>
  (error: unknown) =>
    codes.includes(errnoCode(error) ?? '');

export const filesChecks: readonly Check[] = [
  {
    name: 'what is added to a file at the same time is all there',
    run: async ({ share, folder }) => {
      const path = `${folder}/f`;
      await Promise.all(Array.from({ length: 20 }, (_, i) => share.appendFile(path, `${i % 10}`)));
      assert.equal(await share.readFile(path, 'utf8'), '01234567890123456789');
      await using file = await share.open(path, { access: 'read-write' });
      await Promise.all(Array.from({ length: 5 }, () => file.appendFile('x')));
      assert.equal(await file.readFile('utf8'), '01234567890123456789xxxxx');
    },
  },
  {
    name: 'files of all sizes are written and read whole',
    run: async ({ share, folder }) => {
      for (const size of SIZES) {
        const path = `${folder}/f${size}`;
        await share.writeFile(path, bytes(size));
        assert.equal((await share.stat(path)).size, size);
        const back = await share.readFile(path);
        assert.equal(sha256(back), sha256(bytes(size)), `${size} bytes`);
      }
      await share.writeFile(`${folder}/f4096`, 'Grüße');
      assert.equal(await share.readFile(`${folder}/f4096`, 'utf8'), 'Grüße');
      assert.equal(await share.readFile(`${folder}/f1`, 'latin1'), '\u0001');
    },
  },
  {
    name: 'flags say what becomes of what is there',
    run: async ({ share, folder }) => {
      const path = `${folder}/f`;
      await assert.rejects(share.writeFile(path, 'x', { flag: 'r+' }), is('ENOENT'));
      await share.writeFile(path, 'hello', { flag: 'wx' });
      await assert.rejects(share.writeFile(path, 'x', { flag: 'wx' }), is('EEXIST'));
      await share.writeFile(path, 'J', { flag: 'r+' });
      assert.equal(await share.readFile(path, 'utf8'), 'Jello');
      await share.appendFile(path, ' world');
      await share.appendFile(`${folder}/new`, 'first');
      assert.equal(await share.readFile(path, 'utf8'), 'Jello world');
      assert.equal(await share.readFile(`${folder}/new`, 'utf8'), 'first');
      await share.truncate(path, 3);
      assert.equal(await share.readFile(path, 'utf8'), 'Jel');
      await share.truncate(path, 5);
      assert.equal(await share.readFile(path, 'latin1'), 'Jel\0\0');
      await share.writeFile(path, '');
      assert.equal((await share.stat(path)).size, 0);
    },
  },
  {
    name: 'an open file is read and written anywhere',
    run: async ({ share, folder }) => {
      const file = await share.open(`${folder}/f`, { access: 'read-write', create: 'if-missing' });
      assert.equal(file.created, true);
      await file.write('0123456789', 0);
      await file.write('ab', 20);
      await file.writev([bytes(3), bytes(2, 9)], 10);
      const into = new Uint8Array(100);
      assert.equal(await file.read(into, 0), 22);
      assert.deepEqual(Array.from(into.subarray(10, 15)), [...bytes(3), ...bytes(2, 9)]);
      const [one, two] = [new Uint8Array(4), new Uint8Array(30)];
      assert.equal(await file.readv([one, two], 1), 21);
      assert.equal(Buffer.from(one).toString(), '1234');
      assert.equal(Buffer.from(two.subarray(0, 5)).toString(), '56789');
      assert.equal(await file.read(into, 22), 0);
      assert.equal((await file.stat()).size, 22);
      await file.truncate(4);
      await file.appendFile('end');
      assert.equal(await file.readFile('utf8'), '0123end');
      await file.writeFile('new');
      assert.equal(await file.readFile('utf8'), 'new');
      await file.flush();
      await file.close();
      await file.close();
      await assert.rejects(file.read(into, 0), { code: 'EBADF' });
      const again = await share.open(`${folder}/f`);
      assert.equal(again.created, false);
      await again.close();
    },
  },
  {
    name: 'a file goes with its last handle when it is opened so',
    run: async ({ share, folder }) => {
      const file = await share.open(`${folder}/f`, { access: 'read-write', create: 'exclusive', deleteOnClose: true });
      await file.write('x', 0);
      await file.close();
      assert.equal(await share.exists(`${folder}/f`), false);
    },
  },
  {
    name: 'lines are told apart',
    run: async ({ share, folder }) => {
      await share.writeFile(`${folder}/f`, 'one\r\ntwo\n\nfour');
      const file = await share.open(`${folder}/f`);
      const lines: string[] = [];
      for await (const line of file.readLines()) lines.push(line);
      await file.close();
      assert.deepEqual(lines, ['one', 'two', '', 'four']);
    },
  },
  {
    name: 'times are set and told',
    run: async ({ share, folder }) => {
      const path = `${folder}/f`;
      const mtime = new Date('2020-01-02T03:04:05Z');
      const atime = new Date('2021-01-02T03:04:06Z');
      await share.writeFile(path, 'x');
      await share.utimes(path, { mtime, atime });
      const found = await share.stat(path);
      assert.deepEqual([found.mtime, found.atime], [mtime, atime]);
      const file = await share.open(path, { access: 'read-write' });
      await file.utimes({ mtime: atime });
      await file.close();
      assert.deepEqual((await share.stat(path)).mtime, atime);
      await share.utimes(folder, { mtime });
      assert.deepEqual((await share.stat(folder)).mtime, mtime);
    },
  },
  {
    name: 'creation times are set',
    needs: 'creation times',
    run: async ({ share, folder }) => {
      const birthtime = new Date('2019-01-02T03:04:05Z');
      await share.utimes(folder, { birthtime });
      assert.deepEqual((await share.stat(folder)).birthtime, birthtime);
    },
  },
  {
    name: 'what is there and what may be done with it',
    run: async ({ share, folder }) => {
      await share.writeFile(`${folder}/f`, 'x');
      await share.access(`${folder}/f`);
      await share.access(`${folder}/f`, ['read', 'write', 'delete']);
      await share.access(folder, ['read', 'write']);
      await assert.rejects(share.access(`${folder}/none`), is('ENOENT'));
      assert.equal(await share.exists(`${folder}/f`), true);
      assert.equal(await share.exists(`${folder}/none`), false);
      assert.equal(await share.exists(`${folder}/none/below`), false);
      const found = await share.stat(`${folder}/f`);
      assert.deepEqual([found.isFile(), found.isDirectory(), found.isSymbolicLink()], [true, false, false]);
      const there = await share.lstat(folder);
      assert.deepEqual([there.isFile(), there.isDirectory(), there.size], [false, true, 0]);
    },
  },
  {
    name: 'a read-only file is not written',
    needs: 'read-only attribute',
    run: async ({ share, folder }) => {
      const path = `${folder}/f`;
      await share.writeFile(path, 'x');
      await share.setAttributes(path, 0x01);
      assert.equal((await share.stat(path)).readonly, true);
      await assert.rejects(share.access(path, ['write']), is('EACCES'));
      await assert.rejects(share.writeFile(path, 'y'), is('EACCES'));
      await share.setAttributes(path, 0);
      await share.writeFile(path, 'y');
      await share.setAttributes(path, 0x01);
      await assert.rejects(share.unlink(path), is('EPERM', 'EACCES'));
      await assert.rejects(share.rm(path), is('EPERM', 'EACCES'));
      assert.equal((await share.stat(path)).readonly, true);
      await share.unlink(path, { readOnly: true });
      await share.mkdir(`${folder}/d/e`, { recursive: true });
      await share.writeFile(`${folder}/d/e/f`, 'x');
      await share.setAttributes(`${folder}/d/e/f`, 0x01);
      await assert.rejects(share.rm(`${folder}/d`, { recursive: true }), is('EPERM', 'EACCES'));
      await share.rm(`${folder}/d`, { recursive: true, force: true });
      assert.equal(await share.exists(`${folder}/d`), false);
    },
  },
  {
    name: 'a path is told as the server spells it',
    run: async ({ share, folder, caseSensitive }) => {
      await share.mkdir(`${folder}/Inner`);
      await share.writeFile(`${folder}/Inner/Größe.TXT`, 'x');
      const asked = caseSensitive ? `${folder}/Inner/Größe.TXT` : `${folder}/INNER/größe.txt`;
      assert.equal(await share.realpath(asked), `${folder}/Inner/Größe.TXT`);
      await assert.rejects(share.realpath(`${folder}/none`), is('ENOENT'));
    },
  },
  {
    name: 'renames move, and replace unless told otherwise',
    run: async ({ share, folder }) => {
      await share.mkdir(`${folder}/d`);
      await share.writeFile(`${folder}/a`, 'a');
      await share.writeFile(`${folder}/b`, 'bb');
      await assert.rejects(share.rename(`${folder}/a`, `${folder}/b`, { replace: false }), is('EEXIST'));
      await share.rename(`${folder}/a`, `${folder}/b`);
      assert.equal(await share.readFile(`${folder}/b`, 'utf8'), 'a');
      await share.rename(`${folder}/b`, `${folder}/d/ü 😀`);
      assert.equal(await share.exists(`${folder}/b`), false);
      await share.rename(`${folder}/d`, `${folder}/e`);
      assert.equal(await share.readFile(`${folder}/e/ü 😀`, 'utf8'), 'a');
      await assert.rejects(share.rename(`${folder}/none`, `${folder}/x`), is('ENOENT'));
    },
  },
  {
    name: 'space is told',
    run: async ({ share }) => {
      const { total, free, available, blockSize } = await share.statfs();
      assert.ok(total > 0 && free <= total && available <= total && blockSize >= 512);
      await share.ping();
    },
  },
];
