/**
 * node build/test/interop/smbtorture/main.js [--seconds N] LIST… | TEST…
 *
 * Runs tests of smbtorture against a server of ours and says how each went, and at the end which of those that pass
 * are not in passing.txt yet. LIST is a file with a test a line.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../root.js';
import { readTests, torture } from './runner.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seconds: { type: 'string' } } });
const tests = (
  await Promise.all(positionals.map((name) => (existsSync(name) ? readTests(name) : Promise.resolve([name]))))
).flat();
const known = new Set(await readTests(join(root, 'test/interop/smbtorture/passing.txt')));
const ends: (() => Promise<void> | void)[] = [];
const timeoutMs = Number(values.seconds ?? 15) * 1000;
const verdicts = await torture({ after: (end) => void ends.push(end) }, tests, { timeoutMs, workers: 2 });
for (const end of ends) await end();
for (const { test, result, milliseconds, reason } of verdicts)
  console.log(`${result}\t${milliseconds}\t${test}\t${reason}`);
const fresh = verdicts.filter(({ test, result }) => result === 'pass' && !known.has(test));
if (fresh.length > 0) console.log(`\nto be added:\n${fresh.map(({ test }) => test).join('\n')}`);
