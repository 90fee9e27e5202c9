/**
 * node build/test/interop/smbtorture/main.js [OPTIONS] [TEST…]
 *
 * Runs smbtorture tests, by default those of all lists, against a server that it starts, and reports the result of
 * each. The last line is `N passed, N failed, N skipped`.
 *
 *   --server ours|smbd   server to test (default: ours; smbd needs root)
 *   --back-end local|memory   backend of our server (default: local)
 *   --target samba3|windows   with or without smbtorture's --target=samba3 (default: samba3)
 *   --list NAME          one of the lists (repeatable)
 *   --expected           only tests that have passed before, with both targets; any that do not pass count as failed
 *   --jobs N             tests at the same time (default: 4), not counting those that mostly wait
 *   --seconds N          time limit for one test (default: 60)
 *   --out FILE           write the results as tab-separated lines
 *   --logs FOLDER        write the whole output of each test
 *   --update             add new passing tests to expected.txt
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { inReverse, run, temporaryFolder } from '#testing/peers.js';
import { root } from '../../root.js';
import { prepare, type Verdict } from './program.js';
import { writeRun } from './results.js';
import { torture } from './run.js';
import { type Aim, startOurs, startTheirs } from './servers.js';
import { allTests, expectations, LISTS, TARGETS, type Target, type TortureTest } from './tests.js';
import { GENERAL, WAITING_SHARES } from './torture-shares.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string', default: 'ours' },
    'back-end': { type: 'string', default: 'local' },
    target: { type: 'string', default: 'samba3' },
    list: { type: 'string', multiple: true, default: [...LISTS] },
    expected: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '60' },
    out: { type: 'string' },
    logs: { type: 'string' },
    update: { type: 'boolean', default: false },
  },
});
/** The longest time for which smbtorture asks a durable handle to be kept. */
const DURABLE_TIME_MS = 305_000;
const LOOK_MS = 1000;
const known = expectations();
const expects = (key: string, target: Target): boolean => known.get(key)?.includes(target) === true;

function chosen(target: Target): TortureTest[] {
  const all = allTests().filter(({ list }) => values.list.includes(list));
  if (values.expected) return all.filter(({ key }) => expects(key, target));
  if (positionals.length === 0) return all;
  return positionals.flatMap((wanted) => {
    const found = all.filter(({ key, name }) => key === wanted || name === wanted);
    return found.length > 0
      ? found
      : [{ list: 'smb2-core', name: wanted, key: wanted, share: undefined, options: [], seconds: undefined }];
  });
}

async function runOnce(aim: Aim, target: Target, folder: string): Promise<(Verdict & Pick<TortureTest, 'list'>)[]> {
  const tests = chosen(target);
  const lists = new Map(tests.map(({ key, list }) => [key, list]));
  if (values.logs !== undefined) await mkdir(values.logs, { recursive: true });
  const verdicts = await torture(tests, {
    port: aim.port,
    target,
    timeoutMs: Number(values.seconds) * 1000,
    folder,
    logs: values.logs,
    shares: GENERAL.slice(0, Number(values.jobs)),
    waitingShares: WAITING_SHARES,
    again: (key) => values.server === 'ours' && expects(key, target),
    tell: ({ key, result, tries, milliseconds, reason }) => {
      if (values.expected && result === 'pass' && tries === 1) return;
      console.log(`${result}\t${milliseconds} ms\t${key}${tries > 1 ? ' (second try)' : ''}\t${reason}`);
    },
  });
  return verdicts.map((verdict) => ({ ...verdict, list: lists.get(verdict.key) ?? 'smb2-core' }));
}

/** Adds passing tests to the file of expectations, in the order of the lists; nothing is ever removed. */
async function update(target: Target, passing: readonly string[]): Promise<void> {
  for (const key of passing)
    known.set(
      key,
      TARGETS.filter((way) => way === target || expects(key, way)),
    );
  const file = join(root, 'test/interop/smbtorture/expected.txt');
  const head = (await readFile(file, 'utf8')).split('\n').filter((line) => line.startsWith('#'));
  const rows = allTests().flatMap(({ key }) => {
    const ways = known.get(key);
    if (ways === undefined) return [];
    return ways.length === TARGETS.length ? key : `${key}\t${ways[0]}`;
  });
  await writeFile(file, `${[...head, ...rows].join('\n')}\n`);
}

const undo: (() => Promise<void> | void)[] = [];
const cleanup = inReverse({ after: (action) => void undo.push(action) });
const counts = { pass: 0, fail: 0, skip: 0 };
let second = 0;
try {
  const folder = await temporaryFolder(cleanup);
  await prepare(folder);
  const aim = values.server === 'smbd' ? await startTheirs(cleanup) : await startOurs(cleanup, values['back-end']);
  const suite = `smbtorture ${/\S+$/.exec((await run('smbtorture', ['--version'])).stdout.trim())?.[0] ?? ''}`;
  for (const target of TARGETS) {
    if (!values.expected && target !== values.target) continue;
    const verdicts = await runOnce(aim, target, folder);
    for (const { result, tries } of verdicts) {
      counts[result === 'timeout' ? 'fail' : result]++;
      if (result === 'pass' && tries > 1) second++;
    }
    // A skipped test has not passed.
    if (values.expected) counts.fail += counts.skip;
    if (values.expected) counts.skip = 0;
    const how = `--server ${values.server} --target ${target} --jobs ${values.jobs} --seconds ${values.seconds}`;
    const command = `npm run torture -- ${how}`;
    const date = new Date().toISOString().slice(0, 10);
    if (values.out !== undefined)
      await writeRun(values.out, { server: aim.version, suite, target, date, command, verdicts });
    if (values.update)
      await update(
        target,
        verdicts.filter(({ result }) => result === 'pass').map(({ key }) => key),
      );
  }
  let held = await aim.holdings();
  // Durable handles that tests left behind are closed when they expire.
  for (let waited = 0; waited < DURABLE_TIME_MS && held && held.status.disconnectedOpens > 0; waited += LOOK_MS) {
    await setTimeout(LOOK_MS);
    held = await aim.holdings();
  }
  if (held !== undefined) {
    const { connections, unauthenticatedConnections, ...rest } = held.status;
    const left = Object.entries(rest).filter(([, count]) => count !== 0);
    if (left.length > 0) console.log(`the server still holds ${left.map((entry) => entry.join(' ')).join(', ')}`);
    if (held.faults.length > 0) console.log(`${held.faults.length} faults of the server, first ${held.faults[0]}`);
    if (values.expected && left.length + held.faults.length > 0) counts.fail++;
  }
} finally {
  for (const action of undo) await action();
}
if (second > 0) console.log(`${second} passed at the second try only`);
console.log(`${counts.pass} passed, ${counts.fail} failed, ${counts.skip} skipped`);
process.exit(values.expected && counts.fail > 0 ? 1 : 0);
