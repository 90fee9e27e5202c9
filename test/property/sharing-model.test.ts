import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSharing, type Tally } from './sharing-schedule.js';

/** Takes a second or two; sharing-run.ts does more. */
const SEQUENCES = 150;
const FIXED_SEED = 20_261_125;

/** Asserts that there was contention. */
function requireContention({ counts }: Tally): void {
  for (const what of [
    'breaks',
    'waits',
    'acknowledge',
    'SharingViolation',
    'lock',
    'rename',
    'dispose',
    'leave',
    'expire',
  ])
    assert.ok((counts.get(what) ?? 0) > 0, `no ${what}`);
}

test('clients who share files get what the model says', async () => {
  requireContention(await checkSharing(SEQUENCES, FIXED_SEED));
});

test('whatever they do: a random seed', async (t) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  t.diagnostic(`seed ${seed}`);
  requireContention(await checkSharing(SEQUENCES, seed));
});
