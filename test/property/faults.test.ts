import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFaults, type Tally } from './faults-run.js';

/** Takes a few seconds; faults-main.ts does more. */
const SEQUENCES = 40;
const FIXED_SEED = 20_261_126;

/** Asserts that faults did occur. */
function requireFaults({ counts }: Tally): void {
  const of = (what: string): number => counts.get(what) ?? 0;
  for (const what of ['fault unsent', 'fault unanswered', 'open', 'write']) assert.ok(of(what) > 0, `no ${what}`);
}

test('what the client was told is done is done, and once, over connections that are lost', async () => {
  requireFaults(await checkFaults(SEQUENCES, FIXED_SEED, { brief: true }));
});
