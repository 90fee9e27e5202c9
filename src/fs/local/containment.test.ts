import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus, statusName } from '#wire/erref/nt-status.js';
import type { WritableBackend } from '../backend.js';
import type { LocalHandle } from './handle.js';
import { localDirectory } from './local-directory.js';

const READ = { read: true, write: false };
const BOTH = { read: true, write: true };
const NEITHER = { read: false, write: false };

const fails = async (what: () => unknown, status: number): Promise<void> => {
  await assert.rejects(
    async () => what(),
    (error) => {
      assert.ok(error instanceof StatusError, String(error));
      assert.equal(error.statusName, statusName(status));
      return true;
    },
  );
};

for (const containment of ['auto', 'realpath'] as const) {
  describe(`containment ${containment}`, { skip: process.platform === 'win32' }, () => {
    let base = '';
    let root = '';
    let share: WritableBackend<LocalHandle>;
    const at = (...names: string[]): string => join(root, ...names);

    before(() => {
      base = fs.mkdtempSync(join(tmpdir(), 'sombrero-'));
      root = join(base, 'share');
      fs.mkdirSync(join(root, 'dir'), { recursive: true });
      fs.mkdirSync(join(base, 'outside'));
      // A sibling whose name starts with the root's.
      fs.mkdirSync(join(base, 'share2'));
      fs.writeFileSync(join(base, 'share2/secret'), 'secret');
      fs.writeFileSync(join(base, 'outside/secret'), 'secret');
      fs.writeFileSync(at('dir/file'), 'public');
      fs.symlinkSync('dir/file', at('in'));
      fs.symlinkSync(at('dir/file'), at('in absolute'));
      fs.symlinkSync('dir', at('in dir'));
      fs.symlinkSync('../outside/secret', at('out'));
      fs.symlinkSync(join(base, 'outside/secret'), at('out absolute'));
      fs.symlinkSync('../outside', at('out dir'));
      fs.symlinkSync('../share2', at('out sibling'));
      fs.symlinkSync('..', at('up'));
      fs.symlinkSync('/', at('slash'));
      fs.symlinkSync('nowhere', at('dangling'));
      fs.symlinkSync('loop', at('loop'));
      fs.symlinkSync('out dir', at('twice'));
      share = localDirectory(root, { containment });
    });
    after(() => fs.rmSync(base, { recursive: true, force: true }));

    const list = async (path: string): Promise<string[]> => {
      const { handle } = await share.open(path, NEITHER);
      const names: string[] = [];
      for await (const batch of share.list(handle)) names.push(...batch.map((entry) => entry.name));
      await share.close(handle);
      return names.sort();
    };

    test('symlinks that stay inside are followed', async () => {
      for (const path of ['in', 'in absolute', 'in dir/file']) {
        const { handle, info } = await share.open(path, READ);
        assert.equal(info.kind, 'file');
        const into = new Uint8Array(6);
        assert.equal(await share.read(handle, into, 0), 6);
        await share.close(handle);
      }
      assert.deepEqual(await list('in dir'), ['file']);
    });

    test('those that do not are no way out', async () => {
      for (const path of [
        'out',
        'out absolute',
        'out dir',
        'out sibling',
        'up',
        'slash',
        'dangling',
        'loop',
        'twice',
      ]) {
        for (const access of [NEITHER, READ, BOTH]) await fails(() => share.open(path, access), NtStatus.AccessDenied);
        await fails(() => share.create(path, 'file', 0), NtStatus.ObjectNameCollision);
      }
      for (const path of ['out dir/secret', 'out dir/none', 'up/outside/secret', 'slash/etc/passwd', 'twice/secret']) {
        await fails(() => share.open(path, READ), NtStatus.ObjectPathNotFound);
        await fails(() => share.create(path, 'file', 0), NtStatus.ObjectPathNotFound);
        await fails(() => share.create(path, 'directory', 0), NtStatus.ObjectPathNotFound);
      }
      await fails(() => share.open('out sibling/secret', READ), NtStatus.ObjectPathNotFound);
      // Leaving the root and coming back in leads inside.
      await share.close((await share.open('up/share/dir/file', READ)).handle);
    });

    test('they are not listed', async () => {
      assert.deepEqual(await list(''), ['dir', 'in', 'in absolute', 'in dir']);
    });

    test('nothing is moved out', async () => {
      const { handle } = await share.create('mover', 'file', 0);
      for (const to of ['out dir/x', 'up/x', 'slash/tmp/sombrero-x']) {
        await fails(() => share.rename(handle, to, true), NtStatus.ObjectPathNotFound);
      }
      await share.rename(handle, 'out', true);
      assert.equal(fs.readFileSync(join(base, 'outside/secret'), 'utf8'), 'secret', 'the link was replaced');
      await share.remove(handle);
      await share.close(handle);
    });

    test('a symlink goes itself, not what it leads to', async () => {
      fs.symlinkSync('dir/file', at('link'));
      const { handle } = await share.open('link', READ);
      await share.rename(handle, 'link2', false);
      assert.ok(fs.lstatSync(at('link2')).isSymbolicLink());
      await share.remove(handle);
      await share.close(handle);
      assert.ok(!fs.existsSync(at('link2')) && fs.existsSync(at('dir/file')));
    });

    test('FIFOs neither hang nor open', async () => {
      execFileSync('mkfifo', [at('fifo')]);
      const { handle, info } = await share.open('fifo', NEITHER);
      assert.equal(info.kind, 'other');
      await share.close(handle);
      await fails(() => share.open('fifo', READ), NtStatus.AccessDenied);
      await fails(() => share.open('fifo', BOTH), NtStatus.AccessDenied);
      fs.unlinkSync(at('fifo'));
    });

    test('our own directory is nobody else’s', async () => {
      const { handle } = await share.create('hide me', 'file', 0x2);
      await share.setInfo(handle, { changeTime: 1n });
      await share.close(handle);
      assert.ok(fs.existsSync(at('.sombrero')));
      await assert.rejects(async () => share.open('.sombrero', NEITHER), StatusError);
      await assert.rejects(async () => share.open('.sombrero/attributes', READ), StatusError);
      await assert.rejects(async () => share.create('.sombrero/x', 'file', 0), StatusError);
      assert.ok(!(await list('')).includes('.sombrero'));
      assert.equal(await share.findName?.('', '.SOMBRERO'), undefined);
    });

    test('what is removed or moved by others is not mistaken', async () => {
      const { handle } = await share.create('mine', 'file', 0);
      fs.renameSync(at('mine'), at('theirs'));
      fs.writeFileSync(at('mine'), 'another');
      if (containment === 'auto') await share.remove(handle);
      else await fails(() => share.remove(handle), NtStatus.ObjectNameNotFound);
      assert.equal(fs.readFileSync(at('mine'), 'utf8'), 'another');
      await share.close(handle);
    });
  });
}

/** Keeps swapping a name between a directory inside and a symlink to one outside, until told to stop. */
const SWAPPER = `
  const { workerData, parentPort } = require('node:worker_threads');
  const fs = require('node:fs');
  const { inside, link, name, stop } = workerData;
  const flag = new Int32Array(stop);
  parentPort.postMessage('ready');
  while (Atomics.load(flag, 0) === 0) {
    fs.renameSync(name, inside); fs.renameSync(link, name);
    fs.renameSync(name, link); fs.renameSync(inside, name);
  }
`;

test('a directory swapped for a symlink between check and use leads nowhere', {
  skip: process.platform !== 'linux',
}, async () => {
  const base = fs.mkdtempSync(join(tmpdir(), 'sombrero-'));
  for (const directory of ['share/swap', 'outside']) fs.mkdirSync(join(base, directory), { recursive: true });
  fs.writeFileSync(join(base, 'share/swap/f'), 'public');
  fs.writeFileSync(join(base, 'outside/f'), 'SECRET');
  fs.symlinkSync('../outside', join(base, 'share/link'));
  const stop = new SharedArrayBuffer(4);
  const paths = { name: join(base, 'share/swap'), inside: join(base, 'share/aside'), link: join(base, 'share/link') };
  const worker = new Worker(SWAPPER, { eval: true, workerData: { ...paths, stop } });
  await new Promise((resolve) => worker.once('message', resolve));
  const share = localDirectory(join(base, 'share'));
  let [read, refused] = [0, 0];
  const end = performance.now() + 400;
  for (let i = 0; performance.now() < end; i++) {
    try {
      const { handle } = await share.open('swap/f', READ);
      const into = Buffer.alloc(6);
      await share.read(handle, into, 0);
      assert.equal(into.toString(), 'public');
      read++;
      await share.close(handle);
      const made = await share.create(`swap/new ${i}`, i % 2 === 0 ? 'file' : 'directory', 0);
      await share.remove(made.handle);
      await share.close(made.handle);
    } catch (error) {
      assert.ok(error instanceof StatusError, String(error));
      refused++;
    }
  }
  Atomics.store(new Int32Array(stop), 0, 1);
  await new Promise((resolve) => worker.once('exit', resolve));
  assert.deepEqual(fs.readdirSync(join(base, 'outside')), ['f']);
  assert.equal(fs.readFileSync(join(base, 'outside/f'), 'utf8'), 'SECRET');
  assert.ok(read > 0 && refused > 0, `${read} read, ${refused} refused`);
  fs.rmSync(base, { recursive: true, force: true });
});
