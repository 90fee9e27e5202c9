import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LockSequences } from './lock-sequences.js';

test('a request is a replay when its bucket was last used with the same number, and succeeded', () => {
  const sequences = new LockSequences();
  assert.equal(sequences.isReplay(1, 0), false);
  sequences.done(1, 0);
  assert.equal(sequences.isReplay(1, 0), true);
  assert.equal(sequences.isReplay(2, 0), false);
  assert.equal(sequences.isReplay(1, 3), false);
  assert.equal(sequences.isReplay(1, 0), false, 'what failed in between emptied the bucket');
});

test('buckets are 1 to 64', () => {
  const sequences = new LockSequences();
  for (const index of [0, 65, 0xfff_ffff]) {
    sequences.done(index, 1);
    assert.equal(sequences.isReplay(index, 1), false);
  }
  sequences.done(64, 15);
  assert.equal(sequences.isReplay(64, 15), true);
});
