import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { MediumChange, NodeInfo, Opened } from '../backend.js';
import type { StreamInfo } from '../capabilities.js';
import type { MemoryHandle } from './handle.js';
import { memory } from './memory.js';

const READ = { read: true, write: false };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const isFull = (error: unknown): boolean => error instanceof StatusError && error.status === NtStatus.DiskFull;

test('is full when it is full, and gives back', async () => {
  const backend = memory({ limit: 1024 * 1024 });
  const { handle } = await backend.create('f', 'file', 0);
  await assert.rejects(async () => backend.write(handle, new Uint8Array(1024 * 1024), 0), isFull);
  assert.equal((await backend.stat(handle)).size, 0, 'all or nothing');
  await backend.write(handle, new Uint8Array(900_000), 0);
  await backend.write(handle, new Uint8Array(900_000), 0);
  await assert.rejects(async () => backend.write(handle, new Uint8Array(200_000), 2 ** 40), isFull);
  await backend.truncate(handle, 1);
  await backend.write(handle, new Uint8Array(100_000), 2 ** 40);
  await backend.remove(handle);
  assert.ok(((await backend.space?.())?.free ?? 0) < 1_000_000, 'an open file takes room');
  await backend.close(handle);
  assert.equal((await backend.space?.())?.free, 1024 * 1024);
});

test('empty files are not free', async () => {
  const backend = memory({ limit: 10_000 });
  await assert.rejects(async () => {
    for (let i = 0; i < 100; i++) await backend.close((await backend.create(`f${i}`, 'file', 0)).handle);
  }, isFull);
});

test('times come from the clock', async () => {
  let now = 1000n;
  const backend = memory({ clock: () => now });
  const { handle, info } = await backend.create('f', 'file', 0x22);
  assert.deepEqual([info.creationTime, info.lastWriteTime, info.attributes], [1000n, 1000n, 0x22]);
  now = 2000n;
  await backend.write(handle, new Uint8Array(1), 0);
  const after = await backend.stat(handle);
  assert.deepEqual([after.creationTime, after.lastWriteTime, after.changeTime], [1000n, 2000n, 2000n]);
});

test('reports changes', async () => {
  const backend = memory();
  const seen: MediumChange[] = [];
  await backend.close((await backend.create('d', 'directory', 0)).handle);
  const watch = backend.watch?.('d', false, (change) => seen.push(change));
  const { handle } = await backend.create('d/f', 'file', 0);
  await backend.write(handle, new Uint8Array(1), 0);
  await backend.rename(handle, 'd/g', false);
  await backend.rename(handle, 'g', false);
  watch?.close();
  await backend.rename(handle, 'd/g', false);
  assert.deepEqual(
    seen.map(({ what, path }) => `${what} ${path}`),
    ['added d/f', 'modified d/f', 'removed d/f', 'added d/g', 'removed d/g'],
  );
});

test('streams: found in any case, with a content of their own, gone with their file', async () => {
  const backend = memory({ limit: 1024 * 1024 });
  const { streams } = backend;
  assert.ok(streams);
  const before = backend.space?.();
  const { handle: file } = backend.create('f', 'file', 0) as Opened<MemoryHandle>;
  const { handle: one } = streams.create(file, 'One') as Opened<MemoryHandle>;
  await backend.write(one, bytes('stream'), 0);
  assert.throws(() => streams.create(file, 'ONE'), { status: NtStatus.ObjectNameCollision });
  assert.throws(() => streams.open(file, 'two', READ), { status: NtStatus.ObjectNameNotFound });
  const again = streams.open(file, 'oNE', READ) as Opened<MemoryHandle>;
  assert.equal(again.info.size, 6);
  assert.equal((backend.stat(file) as NodeInfo).size, 0);
  assert.throws(() => backend.write(again.handle, bytes('x'), 0), { status: NtStatus.AccessDenied });
  await streams.rename(one, 'Two', false);
  assert.deepEqual(
    (streams.list(file) as StreamInfo[]).map(({ name, size }) => [name, size]),
    [['Two', 6]],
  );
  const { handle: three } = streams.create(file, 'three') as Opened<MemoryHandle>;
  assert.throws(() => streams.rename(three, 'TWO', false), { status: NtStatus.ObjectNameCollision });
  await streams.rename(one, '', true);
  assert.equal((backend.stat(file) as NodeInfo).size, 6);
  await streams.remove(three);
  assert.deepEqual(streams.list(file), []);
  await backend.remove(file);
  for (const handle of [one, again.handle, three, file]) await backend.close(handle);
  assert.deepEqual(backend.space?.(), before);
});

test('symlinks lead where they say, but not out', async () => {
  const backend = memory();
  for (const path of ['d', 'd/e']) await backend.close((await backend.create(path, 'directory', 0)).handle);
  const made = await backend.create('d/f', 'file', 0);
  for (const [path, target] of [
    ['up', 'd/e/../f'],
    ['d/e/back', '../../up'],
    ['dir', 'd/e/.'],
    ['out', '../x'],
    ['absolute', '/d/f'],
    ['nowhere', 'none'],
    ['round', 'round'],
  ] as const) {
    await backend.links?.make(path, target);
  }
  const none = { read: false, write: false };
  for (const path of ['up', 'd/e/back', 'dir/back']) {
    assert.equal((await backend.open(path, none)).info.id, made.info.id);
  }
  const isDenied = (error: unknown): boolean => error instanceof StatusError && error.status === NtStatus.AccessDenied;
  for (const path of ['out', 'absolute', 'nowhere', 'round']) {
    await assert.rejects(async () => backend.open(path, none), isDenied);
    await assert.rejects(
      async () => backend.open(`${path}/x`, none),
      (error) => error instanceof StatusError && error.status === NtStatus.ObjectPathNotFound,
    );
  }
  const seen: string[] = [];
  for await (const batch of backend.list((await backend.open('', none)).handle)) {
    seen.push(...batch.map(({ name }) => name));
  }
  assert.deepEqual(seen, ['d', 'up', 'dir']);
  assert.equal(await backend.pathOf?.(made.info.id), 'd/f');
});
