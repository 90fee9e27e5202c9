import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { MediumChange } from '../backend.js';
import { localDirectory } from './local-directory.js';

const READ = { read: true, write: false };
/** As on systems without the native Linux calls. */
const PLAIN = { native: false };
const NEITHER = { read: false, write: false };
const [READONLY, HIDDEN, SYSTEM, ARCHIVE] = [1, 2, 4, 0x20];

function temporary(t: TestContext): string {
  const root = fs.mkdtempSync(join(tmpdir(), 'sombrero-'));
  t.after(() => fs.rmSync(root, { recursive: true, force: true }));
  return root;
}

test('needs a directory', (t) => {
  const root = temporary(t);
  assert.throws(() => localDirectory(join(root, 'none')), UsageError);
  fs.writeFileSync(join(root, 'file'), '');
  assert.throws(() => localDirectory(join(root, 'file')), UsageError);
});

test('what the file system cannot keep survives a restart', async (t) => {
  const root = temporary(t);
  const time = 133_456_789_012_345_678n;
  const times = { creationTime: time, lastWriteTime: time + 1n, lastAccessTime: time + 2n };
  {
    const share = localDirectory(root, PLAIN);
    const { handle } = await share.create('f', 'file', HIDDEN | SYSTEM | READONLY);
    await share.setInfo(handle, times);
    await share.close(handle);
    const plain = await share.create('plain', 'file', ARCHIVE);
    await share.close(plain.handle);
  }
  const share = localDirectory(root, PLAIN);
  const { handle, info } = await share.open('f', NEITHER);
  assert.equal(info.attributes, HIDDEN | SYSTEM | READONLY);
  assert.deepEqual([info.creationTime, info.lastWriteTime, info.lastAccessTime], [time, time + 1n, time + 2n]);
  await share.setInfo(handle, { attributes: ARCHIVE });
  assert.equal((await share.stat(handle)).attributes, ARCHIVE);
  await share.remove(handle);
  await share.close(handle);
  const lines = fs.readFileSync(join(root, '.sombrero/attributes'), 'latin1').trim().split('\n');
  assert.equal(lines.at(-1), String(info.id), 'forgotten with the file');
  assert.equal((await share.open('plain', NEITHER)).info.attributes, ARCHIVE);
});

test('a damaged sidecar is no harm', async (t) => {
  const root = temporary(t);
  fs.mkdirSync(join(root, '.sombrero'));
  const file = join(root, '.sombrero/attributes');
  const content = [
    '',
    'rubbish',
    'sombrero sidecar 1\n1 2 3',
    `sombrero sidecar 1\n${'9'.repeat(99)} x\n\n-1\n\n5 5 5 5 5`,
  ];
  for (const [i, text] of content.entries()) {
    fs.writeFileSync(file, text);
    const first = await localDirectory(root, PLAIN).create(`f${i}`, 'file', HIDDEN);
    assert.equal(first.info.attributes & HIDDEN, HIDDEN);
    assert.equal((await localDirectory(root, PLAIN).open(`f${i}`, NEITHER)).info.attributes & HIDDEN, HIDDEN);
  }
});

test('the sidecar is not written through symlinks, and dropping is honest', async (t) => {
  const root = temporary(t);
  const outside = temporary(t);
  fs.symlinkSync(outside, join(root, '.sombrero'));
  const share = localDirectory(root, PLAIN);
  const { info } = await share.create('f', 'file', HIDDEN);
  assert.equal(info.attributes, ARCHIVE);
  assert.deepEqual(fs.readdirSync(outside), []);
  const none = localDirectory(temporary(t), { ...PLAIN, sidecar: false });
  assert.equal((await none.create('f', 'file', HIDDEN | SYSTEM)).info.attributes, ARCHIVE);
  const elsewhere = localDirectory(root, { ...PLAIN, sidecar: join(outside, 'kept') });
  assert.equal((await elsewhere.create('g', 'file', HIDDEN)).info.attributes, HIDDEN);
  assert.deepEqual(fs.readdirSync(join(outside, 'kept')), ['attributes']);
});

test('the sidecar forgets the oldest', async (t) => {
  const share = localDirectory(temporary(t), { ...PLAIN, sidecarLimit: 3 });
  for (let i = 0; i < 5; i++) await share.close((await share.create(`f${i}`, 'file', SYSTEM)).handle);
  const kept: number[] = [];
  for (let i = 0; i < 5; i++) kept.push((await share.open(`f${i}`, NEITHER)).info.attributes & SYSTEM);
  assert.deepEqual(kept, [0, 0, SYSTEM, SYSTEM, SYSTEM]);
});

test('dot files are hidden, as Samba hides them', async (t) => {
  const root = temporary(t);
  fs.writeFileSync(join(root, '.profile'), '');
  const share = localDirectory(root);
  const { handle, info } = await share.open('.profile', NEITHER);
  assert.equal(info.attributes, HIDDEN | ARCHIVE);
  await share.setInfo(handle, { attributes: ARCHIVE });
  assert.equal((await share.stat(handle)).attributes, HIDDEN | ARCHIVE, 'whatever clients say');
  const { info: shown } = await localDirectory(root, { hideDotFiles: false, sidecar: false }).open('.profile', NEITHER);
  assert.equal(shown.attributes, ARCHIVE);
});

test('names that only Linux has are shown and found', { skip: process.platform !== 'linux' }, async (t) => {
  const root = temporary(t);
  for (const name of [Buffer.from('caf\xe9', 'latin1'), Buffer.from('a:b?.'), Buffer.from('x\ny')]) {
    fs.writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), name);
  }
  const share = localDirectory(root);
  const { handle } = await share.open('', NEITHER);
  const names: string[] = [];
  for await (const batch of share.list(handle)) names.push(...batch.map((entry) => entry.name));
  assert.deepEqual(names.sort(), ['a\uf022b\uf025\uf029', 'caf\uefe9', 'x\uf00ay'].sort());
  for (const name of names) {
    const opened = await share.open(name, READ);
    assert.ok((await share.read(opened.handle, new Uint8Array(9), 0)) > 0);
    await share.close(opened.handle);
  }
  assert.equal(await share.findName?.('', 'CAF\uefe9'), 'caf\uefe9');
});

test('look-ups regardless of case see what is new', async (t) => {
  const root = temporary(t);
  fs.utimesSync(root, 1e9, 1e9);
  const share = localDirectory(root);
  assert.equal(await share.findName?.('', 'FILE'), undefined);
  fs.writeFileSync(join(root, 'File'), '');
  assert.equal(await share.findName?.('', 'FILE'), 'File');
  fs.writeFileSync(join(root, 'file'), '');
  assert.equal(await share.findName?.('', 'file'), 'file');
  assert.equal(await share.findName?.('', 'File'), 'File');
  fs.unlinkSync(join(root, 'File'));
  fs.unlinkSync(join(root, 'file'));
  assert.equal(await share.findName?.('', 'FILE'), undefined);
  assert.equal(await share.findName?.('none', 'x'), undefined);
});

test('moves what stays on the same medium only, and says so', { skip: process.platform !== 'linux' }, async (t) => {
  const root = temporary(t);
  const share = localDirectory(root);
  const { handle } = await share.create('f', 'file', 0);
  await assert.rejects(
    async () => share.rename(handle, 'x'.repeat(256), false),
    (error) => error instanceof StatusError && error.status === NtStatus.ObjectNameInvalid,
  );
  assert.deepEqual(fs.readdirSync(root), ['f'], 'no claim is left behind');
});

test('reports what others do', { skip: process.platform !== 'linux' }, async (t) => {
  const root = temporary(t);
  fs.mkdirSync(join(root, 'a/b'), { recursive: true });
  const share = localDirectory(root);
  const seen: MediumChange[] = [];
  let wake = (): void => {};
  const watching = share.watch?.('', true, (change) => {
    seen.push(change);
    wake();
  });
  t.after(() => watching?.close());
  const until = async (what: string, path: string): Promise<void> => {
    while (!seen.some((change) => change.what === what && change.path === path)) {
      // The timer keeps the process alive, as a watch does not.
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`${what} ${path} was not reported`)), 10_000);
        wake = () => {
          clearTimeout(late);
          resolve();
        };
      });
    }
  };
  // The tree is walked over several turns of the event loop; the watch must catch up in any order of events.
  fs.writeFileSync(join(root, 'top'), '1');
  await until('added', 'top');
  fs.appendFileSync(join(root, 'top'), '2');
  await until('modified', 'top');
  fs.mkdirSync(join(root, 'new'));
  await until('added', 'new');
  fs.writeFileSync(join(root, 'new/inner'), '');
  await until('added', 'new/inner');
  fs.writeFileSync(join(root, 'a/b/deep'), '');
  await until('added', 'a/b/deep');
  fs.renameSync(join(root, 'new'), join(root, 'moved'));
  await until('removed', 'new');
  await until('added', 'moved/inner');
  fs.unlinkSync(join(root, 'a/b/deep'));
  await until('removed', 'a/b/deep');
  fs.rmSync(join(root, 'a'), { recursive: true });
  await until('removed', 'a');
  assert.ok(seen.every((change) => !change.path.includes('.sombrero') && !change.path.endsWith('/.')));
  assert.throws(() => share.watch?.('top', false, () => {}), StatusError);
  assert.throws(() => share.watch?.('none', false, () => {}), StatusError);
});

test('opens and closes without leaking descriptors', { skip: process.platform !== 'linux' }, async (t) => {
  const root = temporary(t);
  const share = localDirectory(root, { sidecar: false });
  fs.mkdirSync(join(root, 'd'));
  fs.symlinkSync('d', join(root, 'link'));
  fs.symlinkSync('..', join(root, 'out'));
  const open = (): number => fs.readdirSync('/proc/self/fd').length;
  const round = async (): Promise<void> => {
    const { handle } = await share.create('d/f', 'file', 0);
    for (const path of ['link/f', 'out', 'none', 'none/x', 'd/f/x', 'd', 'd/..']) {
      try {
        await share.close((await share.open(path, READ)).handle);
      } catch (error) {
        assert.ok(error instanceof StatusError);
      }
    }
    for (const to of ['none/x', 'd', 'd/g', 'd/f']) {
      try {
        await share.rename(handle, to, false);
      } catch (error) {
        assert.ok(error instanceof StatusError);
      }
    }
    await share.findName?.('d', 'F');
    const { handle: directory } = await share.open('', NEITHER);
    for await (const _ of share.list(directory)) break;
    await share.close(directory);
    await share.remove(handle);
    await share.close(handle);
  };
  await round();
  const before = open();
  for (let i = 0; i < 20; i++) await round();
  assert.equal(open(), before);
});

test('names that we make, move and remove are found in any case, however many, and so are those of others', async (t) => {
  const root = temporary(t);
  const share = localDirectory(root);
  const look = (name: string): unknown => share.findName?.('', name);
  fs.utimesSync(root, 1, 1);
  assert.equal(await look('NONE'), undefined);
  for (let i = 0; i < 50; i++) {
    const { handle } = await share.create(`file-${i}`, 'file', 0);
    assert.equal(await look(`FILE-${i}`), `file-${i}`);
    if (i % 3 === 0) await share.rename(handle, `moved-${i}`, false);
    if (i % 3 === 1) await share.remove(handle);
    await share.close(handle);
    assert.equal(await look(`FILE-${i}`), i % 3 === 2 ? `file-${i}` : undefined);
    assert.equal(await look(`MOVED-${i}`), i % 3 === 0 ? `moved-${i}` : undefined);
  }
  fs.writeFileSync(join(root, 'Foreign'), '');
  fs.utimesSync(root, 2, 2);
  assert.equal(await look('FOREIGN'), 'Foreign');
});
