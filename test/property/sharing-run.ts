/**
 * node build/test/property/sharing-run.js [SEQUENCES] [SEED]
 *
 * Checks the server against the sharing model, with a number of sequences (10,000) from a seed, and reports what
 * occurred.
 */
import { checkSharing } from './sharing-schedule.js';

const [sequences = 10_000, seed = Date.now() & 0x7fffffff] = process.argv.slice(2).map(Number);
console.log(`${sequences} sequences from seed ${seed}`);
const started = performance.now();
const { counts } = await checkSharing(sequences, seed);
console.log(`${Math.round((performance.now() - started) / 1000)} s`);
for (const [what, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`${count}\t${what}`);
