/**
 * node build/test/fuzz/main.js [--seconds N] [--seed N] [--keep] [TARGET…]
 *
 * Fuzzes the targets one after another (N seconds in total, 60 by default). Findings are written to test/fuzz/regress/
 * and, with --keep, small inputs that reached new code to test/fuzz/corpus/. The exit status is 1 if there was a
 * finding.
 */
import { parseArgs } from 'node:util';
import { load, save } from './corpus.js';
import { fuzz } from './fuzzer.js';
import { TARGETS } from './targets.js';

const SMALL = 512;
const KEPT = 16;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' }, seed: { type: 'string' }, keep: { type: 'boolean' } },
});
const wanted = positionals.length > 0 ? TARGETS.filter(({ name }) => positionals.includes(name)) : TARGETS;
if (wanted.length === 0) throw new Error(`targets: ${TARGETS.map(({ name }) => name).join(' ')}`);
const milliseconds = (Number(values.seconds ?? 60) * 1000) / wanted.length;
const seed = Number(values.seed ?? Date.now() % 1_000_000);
let found = 0;

for (const target of wanted) {
  const corpus = load('corpus', target.name).map(({ bytes }) => bytes);
  const outcome = await fuzz(target, corpus, { seed, runs: Number.POSITIVE_INFINITY, milliseconds });
  const speed = Math.round((outcome.runs * 1000) / milliseconds);
  console.log(`${target.name}: ${outcome.runs} runs (${speed}/s), coverage ${outcome.coverage}, seed ${seed}`);
  for (const { input, why } of outcome.findings) {
    console.log(`  FOUND ${why}\n    ${save('regress', target.name, input, why)}`);
    found++;
  }
  if (values.keep) {
    // The newest lead furthest; the seeds lead to the rest.
    const small = outcome.interesting.filter(({ length }) => length <= SMALL);
    for (const input of small.slice(-KEPT)) save('corpus', target.name, input);
  }
}
process.exitCode = found > 0 ? 1 : 0;
