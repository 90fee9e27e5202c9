/**
 * node build/test/property/faults-main.js [SEQUENCES] [SEED] [PATH]
 *
 * Checks what the client does over connections that are lost by a schedule, with so many sequences (1000) from a seed, and
 * tells what there was. PATH plays the one again that fast-check has told of.
 */
import { checkFaults } from './faults-run.js';

const [runs = 1000, seed = Date.now() & 0x7fffffff] = process.argv.slice(2).map(Number);
console.log(`${runs} sequences from seed ${seed}`);
const started = performance.now();
const { counts } = await checkFaults(runs, seed, { path: process.argv[4] });
console.log(`${Math.round((performance.now() - started) / 1000)} s`);
for (const [what, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`${count}\t${what}`);
