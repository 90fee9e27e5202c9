import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LocalTree } from './local-tree.js';
import type { SmallFile, TreeEntry } from './tree.js';

const linux = { skip: process.platform !== 'linux' };
const TIME = new Date(1_600_000_000_123);
const DATA = new TextEncoder().encode('some bytes');

interface Scene {
  readonly root: string;
  readonly tree: LocalTree;
}

/** Runs each test twice: with synchronous calls, and through the thread pool. */
function bothWays(name: string, work: (scene: Scene) => Promise<void>): void {
  for (const atOnce of [true, false]) {
    test(`${name}, ${atOnce ? 'at once' : 'through the pool'}`, async (t) => {
      const root = await mkdtemp(join(tmpdir(), 'local-tree-'));
      t.after(() => rm(root, { recursive: true }));
      await work({ root, tree: new LocalTree(root, { next: () => atOnce, took: () => undefined }) });
    });
  }
}

function small(path: string, changes: Partial<SmallFile> = {}): SmallFile {
  return { path, partial: `${path}.part`, data: DATA, facts: { mtime: TIME }, replace: true, ...changes };
}

async function listed(tree: LocalTree): Promise<Map<string, TreeEntry>> {
  const found = new Map<string, TreeEntry>();
  for await (const entry of tree.list('', {})) found.set(entry.name, entry);
  return found;
}

bothWays('a directory is listed whole, whatever its size', async ({ root, tree }) => {
  for (const count of [0, 63, 64, 65, 130]) {
    for (let i = 0; i < count; i++) await writeFile(join(root, `f${i}`), 'x'.repeat(i));
    const found = await listed(tree);
    assert.equal(found.size, count);
    for (let i = 0; i < count; i++) assert.equal(found.get(`f${i}`)?.size, i);
  }
});

bothWays('a small file is written with its time, and leaves nothing beside it', async ({ root, tree }) => {
  await writeFile(join(root, 'a'), 'what was there');
  await tree.writeSmall(small('a'), {});
  assert.deepEqual(await readdir(root), ['a']);
  assert.deepEqual(new Uint8Array(await readFile(join(root, 'a'))), DATA);
  assert.deepEqual((await stat(join(root, 'a'))).mtime, TIME);
});

bothWays('a file that is read only becomes so when it is complete', async ({ root, tree }) => {
  await tree.writeSmall(small('a', { facts: { attributes: 1 } }), {});
  assert.equal((await lstat(join(root, 'a'))).mode & 0o222, 0);
  assert.equal((await listed(tree)).get('a')?.attributes, 1);
});

bothWays('what is to stay is not replaced', async ({ root, tree }) => {
  await writeFile(join(root, 'a'), 'stays');
  await assert.rejects(tree.writeSmall(small('a', { replace: false }), {}), { code: 'TRANSFER_KIND' });
  assert.equal(await readFile(join(root, 'a'), 'utf8'), 'stays');
  assert.deepEqual(await readdir(root), ['a']);
});

bothWays('a file of somebody else by the name of the partial one is not touched', async ({ root, tree }) => {
  await writeFile(join(root, 'a.part'), 'theirs');
  await assert.rejects(tree.writeSmall(small('a'), {}), { code: 'EEXIST' });
  assert.equal(await readFile(join(root, 'a.part'), 'utf8'), 'theirs');
});

bothWays('a small file is read as it was found', async ({ root, tree }) => {
  const path = join(root, 'a');
  await writeFile(path, DATA);
  await utimes(path, TIME, TIME);
  const version = { size: DATA.length, mtime: TIME };
  assert.deepEqual(await tree.readSmall('a', version, {}), DATA);
  const changed = { code: 'TRANSFER_CHANGED' };
  await assert.rejects(tree.readSmall('a', { ...version, size: DATA.length - 1 }, {}), changed);
  await assert.rejects(tree.readSmall('a', { ...version, size: DATA.length + 1 }, {}), changed);
  await assert.rejects(tree.readSmall('a', { ...version, mtime: new Date(1) }, {}), changed);
  await assert.rejects(tree.readSmall('b', version, {}), { code: 'ENOENT' });
});

bothWays('neither links nor pipes are read as files', async ({ root, tree }) => {
  const version = { size: DATA.length, mtime: TIME };
  await writeFile(join(root, 'a'), DATA);
  await chmod(join(root, 'a'), 0o600);
  await utimes(join(root, 'a'), TIME, TIME);
  await symlink('a', join(root, 'link'));
  await assert.rejects(tree.readSmall('link', version, {}), { code: 'ELOOP' });
  assert.deepEqual(await tree.readSmall('link', version, { follow: true }), DATA);
  execFileSync('mkfifo', [join(root, 'pipe')]);
  await assert.rejects(tree.readSmall('pipe', version, {}), { code: 'TRANSFER_KIND' });
});

bothWays('a name that is no UTF-8 is told, behind all the others', async ({ root, tree }) => {
  if (linux.skip) return;
  await writeFile(Buffer.concat([Buffer.from(`${root}/odd`), Buffer.of(0xff)]), 'x');
  for (let i = 0; i < 70; i++) await writeFile(join(root, `f${i}`), 'x');
  const found: string[] = [];
  const list = async (): Promise<void> => {
    for await (const { name } of tree.list('', {})) found.push(name);
  };
  await assert.rejects(list(), { code: 'TRANSFER_BAD_NAME', message: '"odd\ufffd" is no UTF-8' });
  assert.equal(found.length, 70);
});

test('what has no size, but something in it, is not taken for empty', linux, async (t) => {
  const proc = new LocalTree('/proc/self');
  const entry = (await proc.stat('status', {})) as TreeEntry;
  assert.equal(entry.size, 0);
  await assert.rejects(proc.readSmall('status', entry, {}), { code: 'TRANSFER_KIND' });
  await assert.rejects(proc.open('status', {}), { code: 'TRANSFER_KIND' });
  const root = await mkdtemp(join(tmpdir(), 'local-tree-'));
  t.after(() => rm(root, { recursive: true }));
  await writeFile(join(root, 'empty'), '');
  await (await new LocalTree(root).open('empty', {})).close();
});

const MIB = 1024 * 1024;

bothWays('a large file is read from anywhere, as far as it goes', async ({ root, tree }) => {
  const bytes = Uint8Array.from({ length: 3 * MIB + 5 }, (_, index) => index % 251);
  await writeFile(join(root, 'a'), bytes);
  const file = await tree.open('a', {});
  const into = new Uint8Array(2 * MIB + 1);
  assert.equal(await file.read(into, 3, {}), into.length);
  assert.deepEqual(into, bytes.subarray(3, 3 + into.length));
  assert.equal(await file.read(into, 2 * MIB, {}), MIB + 5);
  assert.deepEqual(into.subarray(0, MIB + 5), bytes.subarray(2 * MIB));
  assert.equal(await file.read(into, 4 * MIB, {}), 0);
  const stopped = AbortSignal.abort(new Error('stopped'));
  await assert.rejects(() => file.read(into, 0, { signal: stopped }), { message: 'stopped' });
  await file.close();
});

test('each MiB of a large file is asked for by itself: one slow call, and the rest goes another way', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'local-tree-'));
  t.after(() => rm(root, { recursive: true }));
  await writeFile(join(root, 'a'), new Uint8Array(4 * MIB).fill(7));
  const seen: string[] = [];
  const calls = {
    next: () => seen.push('next') < 4,
    took: (ms: number) => void seen.push(ms >= 0 ? 'took' : 'no time'),
  };
  const file = await new LocalTree(root, calls).open('a', {});
  const into = new Uint8Array(4 * MIB);
  assert.equal(await file.read(into, 0, {}), into.length);
  assert.deepEqual(seen, ['next', 'took', 'next', 'took', 'next']);
  assert.ok(into.every((byte) => byte === 7));
  await file.close();
});
