import assert from 'node:assert/strict';
import { errnoCode } from '#client/index.js';
import { bytes, sha256 } from './bytes.js';
import type { Check } from './suite.js';

const is = (code: string) => (error: unknown) => errnoCode(error) === code;

export const treeChecks: readonly Check[] = [
  {
    name: 'directories are made and removed, one and many',
    run: async ({ share, folder }) => {
      assert.equal(await share.mkdir(`${folder}/a/b/c`, { recursive: true }), `${folder}/a`);
      assert.equal(await share.mkdir(`${folder}/a/b/d`, { recursive: true }), `${folder}/a/b/d`);
      assert.equal(await share.mkdir(`${folder}/a/b`, { recursive: true }), undefined);
      await assert.rejects(share.mkdir(`${folder}/a`), is('EEXIST'));
      await assert.rejects(share.mkdir(`${folder}/x/y`), is('ENOENT'));
      await share.writeFile(`${folder}/a/f`, 'x');
      await assert.rejects(share.mkdir(`${folder}/a/f`, { recursive: true }), is('EEXIST'));
      await assert.rejects(share.rmdir(`${folder}/a`), is('ENOTEMPTY'));
      await assert.rejects(share.rmdir(`${folder}/a/f`), is('ENOTDIR'));
      await assert.rejects(share.unlink(`${folder}/a/b`), is('EISDIR'));
      await assert.rejects(share.rm(`${folder}/a`), is('EISDIR'));
      await share.unlink(`${folder}/a/f`);
      await share.rmdir(`${folder}/a/b/c`);
      await share.rm(`${folder}/a`, { recursive: true });
      await assert.rejects(share.rm(`${folder}/a`), is('ENOENT'));
      await share.rm(`${folder}/a`, { force: true });
    },
  },
  {
    name: 'a directory of one’s own is made',
    run: async ({ share, folder }) => {
      const [one, two] = [await share.mkdtemp(`${folder}/tmp-`), await share.mkdtemp(`${folder}/tmp-`)];
      assert.ok(one.startsWith(`${folder}/tmp-`) && one !== two);
      assert.equal((await share.stat(one)).isDirectory(), true);
    },
  },
  {
    name: 'a file is copied, and tells how far it is',
    run: async ({ share, folder }) => {
      const [from, to] = [`${folder}/a`, `${folder}/b`];
      const mtime = new Date('2020-01-02T03:04:05Z');
      await share.writeFile(from, bytes(3_000_000));
      await share.utimes(from, { mtime });
      const steps: number[] = [];
      await share.copy(from, to, {
        preserveTimestamps: true,
        onProgress: ({ bytes, total }) => {
          assert.equal(total, 3_000_000);
          steps.push(bytes);
        },
      });
      assert.equal(sha256(await share.readFile(to)), sha256(bytes(3_000_000)));
      assert.deepEqual((await share.stat(to)).mtime, mtime);
      assert.equal(steps.at(-1), 3_000_000);
      await assert.rejects(share.copy(from, to, { exclusive: true }), is('EEXIST'));
      await share.writeFile(from, '');
      await share.copy(from, to);
      assert.equal((await share.stat(to)).size, 0);
    },
  },
  {
    name: 'a tree is copied as fs.cp does',
    run: async ({ share, folder }) => {
      await share.mkdir(`${folder}/a/b`, { recursive: true });
      await share.mkdir(`${folder}/a/empty`);
      const names = ['f', 'b/g', ...Array.from({ length: 30 }, (_, i) => `b/n${i}`)];
      for (const name of names) await share.writeFile(`${folder}/a/${name}`, name);
      const mtime = new Date('2020-01-02T03:04:05Z');
      await share.utimes(`${folder}/a/b/g`, { mtime });
      await assert.rejects(share.cp(`${folder}/a`, `${folder}/z`), is('EISDIR'));
      await assert.rejects(share.rename(`${folder}/a`, `${folder}/a/b`), is('EINVAL'));
      await assert.rejects(share.cp(`${folder}/a`, `${folder}/a/b`, { recursive: true }), is('EINVAL'));
      await share.cp(`${folder}/a`, `${folder}/z`, { recursive: true, preserveTimestamps: true });
      for (const name of names) assert.equal(await share.readFile(`${folder}/z/${name}`, 'utf8'), name);
      assert.deepEqual((await share.stat(`${folder}/z/b/g`)).mtime, mtime);
      assert.equal((await share.stat(`${folder}/z/empty`)).isDirectory(), true);
      await share.writeFile(`${folder}/z/f`, 'mine');
      await share.cp(`${folder}/a`, `${folder}/z`, { recursive: true, force: false });
      assert.equal(await share.readFile(`${folder}/z/f`, 'utf8'), 'mine');
      const strict = { recursive: true, force: false, errorOnExist: true };
      await assert.rejects(share.cp(`${folder}/a`, `${folder}/z`, strict), is('EEXIST'));
      await share.cp(`${folder}/a/f`, `${folder}/made/for/it/f`);
      assert.equal(await share.readFile(`${folder}/made/for/it/f`, 'utf8'), 'f');
      const filter = (from: string): boolean => !from.endsWith('/b');
      await share.cp(`${folder}/a`, `${folder}/y`, { recursive: true, filter });
      assert.deepEqual((await share.readdir(`${folder}/y`).names()).sort(), ['empty', 'f']);
    },
  },
  {
    name: 'a directory never takes the place of a file, nor a file that of a directory',
    run: async ({ share, folder }) => {
      await share.mkdir(`${folder}/d`);
      await share.writeFile(`${folder}/d/in`, 'x');
      await share.writeFile(`${folder}/f`, 'kept');
      await assert.rejects(share.rename(`${folder}/d`, `${folder}/f`), is('EEXIST'));
      await assert.rejects(share.fs.rename(`/${folder}/d`, `/${folder}/f`), { code: 'ENOTDIR', syscall: 'rename' });
      await assert.rejects(share.fs.rename(`/${folder}/f`, `/${folder}/d`), { code: 'EISDIR', syscall: 'rename' });
      assert.equal(await share.readFile(`${folder}/f`, 'utf8'), 'kept');
      await share.rename(`${folder}/d`, `${folder}/e`);
      assert.equal(await share.readFile(`${folder}/e/in`, 'utf8'), 'x');
    },
  },
  {
    name: 'symbolic links lead on',
    needs: 'symbolic links',
    run: async ({ share, folder }) => {
      await share.mkdir(`${folder}/d`);
      await share.writeFile(`${folder}/d/f`, 'hello');
      await share.symlink('d/f', `${folder}/file`);
      await share.symlink('d', `${folder}/dir`);
      await share.symlink('none', `${folder}/broken`);
      assert.equal(await share.readlink(`${folder}/file`), 'd/f');
      assert.equal(await share.readFile(`${folder}/file`, 'utf8'), 'hello');
      assert.equal(await share.readFile(`${folder}/dir/f`, 'utf8'), 'hello');
      assert.deepEqual(await share.readdir(`${folder}/dir`).names(), ['f']);
      assert.equal((await share.stat(`${folder}/file`)).size, 5);
      assert.equal((await share.lstat(`${folder}/file`)).isSymbolicLink(), true);
      assert.equal((await share.lstat(`${folder}/dir`)).isSymbolicLink(), true);
      assert.equal((await share.stat(`${folder}/dir`)).isDirectory(), true);
      await assert.rejects(share.stat(`${folder}/broken`));
      await assert.rejects(share.readlink(`${folder}/d/f`), is('EINVAL'));
      await share.mkdir(`${folder}/e`);
      await share.symlink('../d', `${folder}/e/dir`);
      await share.rm(`${folder}/e`, { recursive: true });
      assert.equal(await share.exists(`${folder}/e`), false);
      assert.equal(await share.readFile(`${folder}/d/f`, 'utf8'), 'hello');
      await share.rm(`${folder}/dir`, { recursive: true });
      assert.equal(await share.readFile(`${folder}/d/f`, 'utf8'), 'hello');
      await share.unlink(`${folder}/file`);
      await share.unlink(`${folder}/broken`);
    },
    without: async ({ share, folder }) => {
      await assert.rejects(share.symlink('f', `${folder}/link`));
      assert.equal(await share.exists(`${folder}/link`), false);
    },
  },
  {
    name: 'listings tell links',
    needs: 'links in listings',
    run: async ({ share, folder }) => {
      await share.mkdir(`${folder}/d`);
      await share.symlink('d', `${folder}/dir`);
      await share.symlink('none', `${folder}/broken`);
      const kinds = (await share.readdir(folder).toArray()).map((entry) => `${entry.name} ${entry.isSymbolicLink()}`);
      assert.deepEqual(kinds.sort(), ['broken true', 'd false', 'dir true']);
      const entries = await share.fs.readdir(`/${folder}`, { withFileTypes: true });
      assert.equal(entries.filter((entry) => entry.isSymbolicLink()).length, 2);
    },
  },
  {
    name: 'a file has several names',
    needs: 'hard links',
    run: async ({ share, folder }) => {
      await share.writeFile(`${folder}/a`, 'x');
      await share.link(`${folder}/a`, `${folder}/b`);
      assert.equal((await share.stat(`${folder}/a`)).links, 2);
      await share.unlink(`${folder}/a`);
      assert.equal(await share.readFile(`${folder}/b`, 'utf8'), 'x');
      await share.writeFile(`${folder}/c`, 'x');
      await assert.rejects(share.link(`${folder}/b`, `${folder}/c`), is('EEXIST'));
    },
    without: async ({ share, folder }) => {
      await share.writeFile(`${folder}/a`, 'x');
      await assert.rejects(share.link(`${folder}/a`, `${folder}/b`));
    },
  },
];
