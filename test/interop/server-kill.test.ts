import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killRounds } from './kill-rounds.js';

test('a server that is killed loses nothing that was promised', async (t) => {
  const { kills, persistentBlocks, reclaimed, lastingBlocks, lastingLocks } = await killRounds(t, {
    kills: 4,
    seed: 7,
    tell: (line) => t.diagnostic(line),
  });
  assert.equal(kills, 4);
  assert.ok(lastingBlocks > 0 && lastingLocks > 0, `${lastingBlocks} blocks, ${lastingLocks} locks of our client`);
  assert.ok(persistentBlocks > 0 && reclaimed > 0, `${persistentBlocks} blocks, ${reclaimed} opens`);
});
