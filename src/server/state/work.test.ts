import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Work } from './work.js';

test('a close waits for all that is under way, however it ends', async () => {
  const work = new Work();
  assert.equal(work.idle(), undefined);
  const said: string[] = [];
  let finish = (): void => undefined;
  const long = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const failing = work.hold(Promise.reject(new Error('no')));
  const held = work.hold(long).then(() => said.push('done'));
  const idle = work.idle()?.then(() => said.push('idle'));
  await assert.rejects(failing, /no/);
  assert.deepEqual(said, []);
  finish();
  await Promise.all([held, idle]);
  assert.equal(said.length, 2);
  assert.equal(work.idle(), undefined);
});
