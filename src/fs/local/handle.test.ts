import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { localDirectory } from './local-directory.js';

test('a handle closed in the middle of a write neither loses it nor lends its descriptor to another file', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'sombrero-'));
  t.after(() => rm(root, { recursive: true }));
  const backend = localDirectory(root);
  const first = await backend.create('first', 'file', 0);
  const data = new Uint8Array(4 << 20).fill(1);
  const written = backend.write(first.handle, data, 0);
  await backend.close(first.handle);
  const second = await backend.create('second', 'file', 0);
  await written;
  await backend.close(second.handle);
  assert.equal((await readFile(join(root, 'second'))).length, 0);
  assert.deepEqual(new Uint8Array(await readFile(join(root, 'first'))), data);
});
