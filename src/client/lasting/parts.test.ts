import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '#testing/hand-clock.js';
import { pause } from '../abort.js';
import { delayOf } from './backoff.js';
import { LeaseKeys } from './lease-keys.js';
import { NameSet } from './name-set.js';

test('pauses double up to a limit, and are between half of that and all of it', () => {
  const policy = { timeoutMs: 60_000, initialDelayMs: 100, maxDelayMs: 1000 };
  const at = (attempt: number, byte: number): number => delayOf(policy, attempt, () => Uint8Array.of(byte, byte));
  assert.deepEqual(
    [0, 1, 2, 3, 4, 30].map((attempt) => at(attempt, 0)),
    [50, 100, 200, 400, 500, 500],
  );
  assert.ok(at(0, 255) > 99.9 && at(0, 255) < 100);
});

test('a pause ends with its time, or with its signal and no timer left', async () => {
  const clock = new HandClock();
  const stop = new AbortController();
  const over = pause(clock, 10, stop.signal);
  await clock.wind(10);
  await over;
  const cut = pause(clock, 10, stop.signal);
  stop.abort(new Error('enough'));
  await assert.rejects(cut, /enough/);
  assert.equal(clock.waiting.length, 0);
});

test('a set of names knows what it has seen', () => {
  const names = new NameSet();
  for (let i = 0; i < 50_000; i++) assert.equal(names.add(`file-${i}.txt`), true, `file-${i}`);
  for (let i = 0; i < 50_000; i++) assert.equal(names.add(`file-${i}.txt`), false);
  assert.equal(names.add(''), true);
  assert.equal(names.add('FILE-1.txt'), true, 'servers may tell cases apart');
  assert.equal(names.size, 50_002);
});

test('a file has one lease key as long as anybody has it open', () => {
  let count = 0;
  const keys = new LeaseKeys((length) => new Uint8Array(length).fill(++count));
  const first = keys.take('s\\A');
  assert.equal(keys.take('S\\a'), first);
  assert.notEqual(keys.take('s\\b'), first);
  keys.drop('s\\a', first);
  assert.equal(keys.take('s\\a'), first);
  keys.drop('s\\a', first);
  keys.drop('s\\a', first);
  const next = keys.take('s\\a');
  assert.notEqual(next, first);
  keys.drop('s\\a', first);
  assert.equal(keys.take('s\\a'), next, 'an old key does not count');
});
