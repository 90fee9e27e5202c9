import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { isWritable } from './backend.js';
import { memory } from './memory/memory.js';
import { readOnly } from './read-only.js';

test('has no way to write', async () => {
  const below = memory();
  await below.close((await below.create('f', 'file', 0)).handle);
  const backend = readOnly(below);
  assert.equal(isWritable(backend), false);
  await assert.rejects(
    async () => backend.open('f', { read: true, write: true }),
    (error) => error instanceof StatusError && error.status === NtStatus.MediaWriteProtected,
  );
  const { handle } = await backend.open('f', { read: true, write: false });
  await assert.rejects(async () => below.write(handle, new Uint8Array(1), 0), StatusError);
});

test('passes on what can be read of more than files', async () => {
  const below = memory();
  const { handle } = await below.create('f', 'file', 0);
  const stream = await below.streams?.create(handle, 's');
  await below.eas?.set(handle, [{ name: 'EA', flags: 0, value: new Uint8Array([1]) }]);
  await below.links?.make('link', 'f');
  const backend = readOnly(below);
  assert.equal(
    backend.links?.target((await backend.open('link', { read: false, write: false, link: true })).handle),
    'f',
  );
  assert.deepEqual(
    (await backend.streams?.list(handle))?.map(({ name }) => name),
    ['s'],
  );
  assert.equal((await backend.eas?.list(handle))?.length, 1);
  const writes: readonly (() => unknown)[] = [
    () => backend.streams?.open(handle, 's', { read: true, write: true }),
    () => backend.streams?.create(handle, 't'),
    () => stream && backend.streams?.remove(stream.handle),
    () => backend.eas?.set(handle, []),
    () => backend.descriptors?.set(handle, new Uint8Array(20)),
    () => backend.extents?.zero(handle, { offset: 0, length: 1 }),
    () => backend.links?.make('other', 'f'),
  ];
  for (const write of writes) {
    await assert.rejects(
      async () => write(),
      (error) => error instanceof StatusError && error.status === NtStatus.MediaWriteProtected,
    );
  }
});
