import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { requirePeer } from '#testing/peers.js';
import { root } from '../../root.js';
import { readTests, torture } from './runner.js';

test('smbtorture: what has passed once passes', async (t) => {
  if (!requirePeer(t, 'smbtorture')) return;
  const tests = await readTests(join(root, 'test/interop/smbtorture/passing.txt'));
  assert.ok(tests.length >= 82, 'the list may only grow');
  const verdicts = await torture(t, tests, { timeoutMs: 30_000, workers: 2 });
  assert.deepEqual(
    verdicts
      .filter(({ result }) => result !== 'pass')
      .map(({ test, result, reason }) => `${test}: ${result} ${reason}`),
    [],
  );
  assert.equal(verdicts.length, tests.length);
});
