import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AtOnce } from './at-once.js';

function pooledAfter(...took: number[]): number {
  const calls = new AtOnce();
  for (const ms of took) {
    assert.ok(calls.next());
    calls.took(ms);
  }
  let pooled = 0;
  while (!calls.next()) pooled++;
  return pooled;
}

test('quick calls are made at once', () => {
  assert.equal(pooledAfter(0.01, 0.9, 0.02), 0);
});

test('a single slow call is an accident', () => {
  assert.equal(pooledAfter(0.01, 30, 0.01, 30, 0.01), 0);
});

test('two slow ones in a row send the next ones through the pool, the more the slower', () => {
  assert.equal(pooledAfter(10, 10), 160);
  assert.equal(pooledAfter(10, 2), 32);
  assert.equal(pooledAfter(10_000, 10_000), 1024);
});

test('the one that tries again needs to be slow only once', () => {
  const calls = new AtOnce();
  for (const ms of [2, 2]) {
    calls.next();
    calls.took(ms);
  }
  while (!calls.next());
  calls.took(2);
  assert.equal(calls.next(), false);
});
