/**
 * node build/test/property/faults-main.js [SEQUENCES] [SEED] [PATH]
 *
 * Checks the client over connections that are lost on a schedule, with a number of sequences (1000) from a seed, and
 * reports what occurred. PATH replays a sequence that fast-check has reported.
 */
import { checkFaults } from './faults-run.js';

const [runs = 1000, seed = Date.now() & 0x7fffffff] = process.argv.slice(2).map(Number);
console.log(`${runs} sequences from seed ${seed}`);
const started = performance.now();
const { counts } = await checkFaults(runs, seed, { path: process.argv[4] });
console.log(`${Math.round((performance.now() - started) / 1000)} s`);
for (const [what, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`${count}\t${what}`);
