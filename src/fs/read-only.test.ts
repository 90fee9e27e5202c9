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
