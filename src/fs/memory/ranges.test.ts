import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { Budget, Chunks } from './chunks.js';
import { memory } from './memory.js';
import { MemoryCopies, MemoryExtents } from './ranges.js';

const CHUNK = 65_536;
const pattern = (length: number, seed = 1): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + seed) & 0xff);

function bytesOf(chunks: Chunks): Uint8Array {
  const bytes = new Uint8Array(chunks.size);
  chunks.read(bytes, 0);
  return bytes;
}

test('allocated ranges are those that were written, adjoining ones as one', () => {
  const chunks = new Chunks(new Budget(2 ** 30));
  chunks.write(pattern(10), 3 * CHUNK);
  chunks.write(pattern(CHUNK + 1), 0);
  const all = [
    { offset: 0, length: 2 * CHUNK },
    { offset: 3 * CHUNK, length: 10 },
  ];
  assert.deepEqual(chunks.extents(0, 10 * CHUNK, 9), all);
  assert.deepEqual(chunks.extents(0, 10 * CHUNK, 1), all.slice(0, 1));
  assert.deepEqual(chunks.extents(5, CHUNK, 9), [{ offset: 5, length: CHUNK - 5 }]);
  assert.deepEqual(chunks.extents(2 * CHUNK, 3 * CHUNK, 9), []);
  assert.deepEqual(chunks.extents(3 * CHUNK + 10, 2 ** 40, 9), []);
});

test('zeroing gives whole chunks back and keeps the size', () => {
  const budget = new Budget(2 ** 30);
  const chunks = new Chunks(budget);
  chunks.write(pattern(2 * CHUNK + 10), 0);
  chunks.zero(100, 2 * CHUNK + 10);
  assert.equal(chunks.size, 2 * CHUNK + 10);
  assert.equal(budget.used, CHUNK);
  const expected = new Uint8Array(2 * CHUNK + 10);
  expected.set(pattern(100));
  assert.deepEqual(bytesOf(chunks), expected);
  chunks.zero(2 ** 40, 2 ** 41);
  assert.equal(chunks.size, 2 * CHUNK + 10);
});

test('clones share memory until one of them is written', () => {
  const budget = new Budget(5 * CHUNK);
  const [source, target] = [new Chunks(budget), new Chunks(budget)];
  source.write(pattern(2 * CHUNK + 100), 0);
  target.clone(source, 0, 0, 2 * CHUNK + 100);
  assert.equal(budget.used, 3 * CHUNK);
  assert.deepEqual(bytesOf(target), bytesOf(source));
  target.write(Uint8Array.of(0), 5);
  assert.equal(budget.used, 4 * CHUNK);
  assert.deepEqual(bytesOf(source), pattern(2 * CHUNK + 100));
  source.truncate(10);
  assert.equal(target.size, 2 * CHUNK + 100);
  target.clear();
  source.clear();
  assert.equal(budget.used, 0);
});

test('what is not aligned is copied', () => {
  const chunks = new Chunks(new Budget(2 ** 30));
  chunks.write(pattern(CHUNK), 0);
  const before = bytesOf(chunks);
  chunks.clone(chunks, 1, CHUNK + 7, CHUNK - 1);
  const after = bytesOf(chunks);
  assert.deepEqual(after.subarray(0, CHUNK), before);
  assert.deepEqual(after.subarray(CHUNK + 7), before.subarray(1));
  assert.equal(after.length, 2 * CHUNK + 6);
});

test('a file is sparse when somebody says so, whatever its other attributes become', async () => {
  const backend = memory();
  assert.ok(backend.extents instanceof MemoryExtents && backend.copies instanceof MemoryCopies);
  const { handle } = await backend.create('f', 'file', FileAttributes.Archive);
  await backend.setInfo(handle, { sparse: true });
  await backend.setInfo(handle, { attributes: FileAttributes.Hidden });
  const { attributes } = await backend.stat(handle);
  assert.equal(attributes, FileAttributes.Hidden | FileAttributes.SparseFile);
  await backend.setInfo(handle, { sparse: false });
  assert.equal((await backend.stat(handle)).attributes, FileAttributes.Hidden);
});
