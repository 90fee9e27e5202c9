import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Queue } from './lanes.js';

test('a queue hands on in order, and holds up who is too fast', async () => {
  const queue = new Queue<number>(2);
  await queue.push(1);
  let through = false;
  const waits = queue.push(2).then(() => {
    through = true;
  });
  await null;
  assert.equal(through, false);
  assert.equal(await queue.take(), 1);
  await waits;
  assert.equal(await queue.take(), 2);
  const waiting = queue.take();
  queue.end();
  assert.equal(await waiting, undefined);
  assert.equal(await queue.take(), undefined);
});
