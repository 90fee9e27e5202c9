import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LockSequences as Remembered } from '#server/state/lock-sequences.js';
import type { LockAttempt } from '../protocol.js';
import { LockSequences, sequenceValue } from './lock-sequences.js';

test('a request says the same each time that it is sent, and another one something else', () => {
  const sequences = new LockSequences();
  const attempt: LockAttempt = {};
  const first = sequences.begin(attempt);
  assert.deepEqual([first?.index, first?.number], [1, 0]);
  assert.equal(sequences.begin(attempt), first);
  const second = sequences.begin({});
  assert.deepEqual([second?.index, second?.number], [2, 0]);
  if (first) sequences.end(first, true);
  if (first) sequences.end(first, true);
  const third = sequences.begin(undefined);
  assert.deepEqual([third?.index, third?.number], [1, 1]);
  assert.notEqual(sequences.begin(attempt), first, 'that one was answered');
  assert.equal(sequenceValue(third), 0x11);
  assert.equal(sequenceValue(undefined), 0);
});

test('no request is ever taken for another one that was done', () => {
  const [sequences, server] = [new LockSequences(), new Remembered()];
  let state = 1;
  const chance = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 20_000; i++) {
    const sequence = sequences.begin(undefined);
    if (!sequence) break;
    const { index, number } = sequence;
    assert.equal(server.isReplay(index, number), false, `request ${i}`);
    const outcome = chance();
    if (outcome < 0.3) {
      server.done(index, number);
      sequences.end(sequence, true);
    } else if (outcome < 0.999) {
      sequences.end(sequence, false);
    } else if (chance() < 0.5) {
      // Its answer never arrived, and it was not repeated.
      server.done(index, number);
    }
  }
});

test('when all buckets are in use, requests go without', () => {
  const sequences = new LockSequences();
  const all = Array.from({ length: 64 }, () => sequences.begin(undefined));
  assert.equal(new Set(all.map((sequence) => sequence?.index)).size, 64);
  assert.equal(sequences.begin({}), undefined);
});
