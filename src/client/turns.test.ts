import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from './turns.js';

test('one after the other at one place, at a time at others; a failure or an abort is no end of it', async () => {
  const turns = new Turns();
  const told: string[] = [];
  const step = async (name: string): Promise<void> => {
    told.push(`${name} begins`);
    await Promise.resolve();
    told.push(`${name} ends`);
    if (name === 'bad') throw new Error('bad');
  };
  const stop = new AbortController();
  const all = [
    turns.take('a', undefined, () => step('bad')),
    turns.take('a', stop.signal, () => step('called off')),
    turns.take('b', undefined, () => step('other')),
    turns.take('a', undefined, () => step('last')),
  ];
  stop.abort(new Error('enough'));
  const results = await Promise.allSettled(all);
  assert.deepEqual(
    results.map((result) => (result.status === 'fulfilled' ? 'ok' : result.reason.message)),
    ['bad', 'enough', 'ok', 'ok'],
  );
  assert.ok(!told.includes('called off begins'));
  assert.ok(told.indexOf('other begins') < told.indexOf('bad ends'));
  assert.ok(told.indexOf('bad ends') < told.indexOf('last begins'));
});
