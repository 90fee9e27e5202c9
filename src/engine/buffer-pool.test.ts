import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BufferPool } from './buffer-pool.js';

const MIB = 1024 * 1024;

/** Takes several buffers of one size and gives them back; returns their memory. */
function used(pool: BufferPool, count: number, size: number): Set<ArrayBufferLike> {
  const taken = Array.from({ length: count }, () => pool.take(size));
  for (const buffer of taken) pool.give(buffer);
  return new Set(taken.map(({ buffer }) => buffer));
}

const both = (one: Set<ArrayBufferLike>, other: Set<ArrayBufferLike>): number =>
  [...one].filter((memory) => other.has(memory)).length;

test('what is given back is used again, 32 MiB of it', () => {
  const pool = new BufferPool();
  const first = used(pool, 40, MIB);
  assert.equal(both(first, used(pool, 40, MIB)), 32);
});

test('buffers of other sizes make room for those that are used now', () => {
  const pool = new BufferPool();
  used(pool, 32, MIB);
  const first = used(pool, 8, 4 * MIB);
  assert.equal(both(first, used(pool, 8, 4 * MIB)), 8);
});
