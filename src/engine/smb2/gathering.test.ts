import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gathering, type Together } from './gathering.js';

function gather(calls: number): { gathering: Gathering<string>; outcomes: Together<string>[] } {
  const outcomes: Together<string>[] = [];
  return { gathering: new Gathering<string>(calls, (outcome) => void outcomes.push(outcome)), outcomes };
}

test('all answers, in the order of the calls', () => {
  const { gathering, outcomes } = gather(3);
  gathering.answered(1, 'b');
  gathering.answered(2, 'c');
  assert.equal(outcomes.length, 0);
  gathering.answered(0, 'a');
  assert.deepEqual(outcomes[0]?.replies, ['a', 'b', 'c']);
  assert.equal(outcomes[0]?.failedAt, -1);
});

test('it ends when the last one has, and tells of the first call that failed', () => {
  const { gathering, outcomes } = gather(3);
  gathering.failed(2, 'late');
  gathering.failed(0, 'first');
  assert.equal(outcomes.length, 0);
  gathering.failed(1, 'then');
  assert.deepEqual([outcomes[0]?.failedAt, outcomes[0]?.error], [0, 'first']);
});
