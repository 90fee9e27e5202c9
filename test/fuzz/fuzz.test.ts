import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './corpus.js';
import { fuzz, minimise } from './fuzzer.js';
import { judge } from './oracle.js';
import { magic } from './planted.js';
import { TARGETS } from './targets.js';

/** Enough to run every mutation; for long runs use `node build/test/fuzz/main.js`. */
const RUNS = 320;
/** Only to detect a hang. */
const MILLISECONDS = 60_000;

test('the fuzzer finds what blind search would not, and makes it small', async () => {
  const { findings } = await fuzz(magic, [], { seed: 1, runs: 200_000, milliseconds: MILLISECONDS, first: true });
  assert.equal(findings.length, 1);
  assert.match(findings[0]?.why ?? '', /found it/);
  assert.equal(findings[0]?.input.length, 4);
});

test('the minimiser keeps what matters', async () => {
  const input = Uint8Array.from({ length: 300 }, (_, i) => i & 255);
  const small = await minimise(input, (candidate) => candidate.includes(77));
  assert.deepEqual(small, Uint8Array.of(77));
});

for (const target of TARGETS) {
  test(`fuzz ${target.name}`, async () => {
    for (const { name, bytes } of load('regress', target.name)) {
      assert.equal(await judge(target, bytes), undefined, `regress/${target.name}/${name}`);
    }
    const corpus = load('corpus', target.name).map(({ bytes }) => bytes);
    const { findings } = await fuzz(target, corpus, { seed: 1, runs: RUNS, milliseconds: MILLISECONDS });
    assert.deepEqual(
      findings.map(({ why, input }) => `${why}: ${Buffer.from(input).toString('hex')}`),
      [],
    );
  });
}
