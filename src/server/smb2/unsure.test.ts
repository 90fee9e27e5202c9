import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '#testing/hand-clock.js';
import { Unsure } from './unsure.js';

test('what was sent of late is sent again once if the connection is lost', async () => {
  const clock = new HandClock();
  const unsure = new Unsure(clock, 1000);
  const again: string[] = [];
  unsure.add(() => again.push('old'));
  await clock.wind(600);
  unsure.add(() => again.push('new'));
  await clock.wind(600);
  unsure.lost();
  unsure.lost();
  assert.deepEqual(again, ['new']);
});

test('of very much only the latest is remembered', () => {
  const unsure = new Unsure(new HandClock(), 1000);
  const again: number[] = [];
  for (let i = 0; i < 1500; i++) unsure.add(() => again.push(i));
  unsure.lost();
  assert.deepEqual([again.length, again[0], again.at(-1)], [1024, 476, 1499]);
});
