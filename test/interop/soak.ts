/**
 * node build/test/interop/soak.js [--minutes N] [--jobs N] [--seconds N]
 *
 * Runs the smbtorture lists repeatedly against one server of ours in its own process, for N minutes (default: 15),
 * alternately with and without --target=samba3. Afterwards the server must be as before: no session, open, lock or
 * request left, no more descriptors and hardly more memory than after one round of each kind, and no response that
 * indicates a fault of ours. Prints the figures of each round; the exit status tells the result.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inReverse, temporaryFolder } from '#testing/peers.js';
import { prepare, type Verdict } from './smbtorture/program.js';
import { torture } from './smbtorture/run.js';
import { type Aim, startOurs } from './smbtorture/servers.js';
import type { Holdings } from './smbtorture/serving.js';
import { allTests, TARGETS, type Target } from './smbtorture/tests.js';
import { GENERAL, WAITING_SHARES } from './smbtorture/torture-shares.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '15' },
    jobs: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '25' },
  },
});
const MIB = 1024 * 1024;
/** Allowed growth compared to the state after one round of each kind. */
const HEAP_SLACK = 8 * MIB;
const RSS_SLACK = 48 * MIB;
/** A server without clients must have released everything within this time. */
const PATIENCE_MS = 60_000;
const started = Date.now();
const deadline = started + Number(values.minutes) * 60_000;
const late = (): boolean => Date.now() > deadline;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What a server without clients should not hold, by name. */
function left({ status }: Holdings): [name: string, count: number][] {
  return Object.entries(status).filter(([, count]) => count !== 0);
}

/** What it holds once the last client has gone, after some time to settle. */
async function settled(aim: Aim): Promise<Holdings> {
  for (const end = Date.now() + PATIENCE_MS; ; await pause(500)) {
    const held = await aim.holdings();
    if (held === undefined) throw new Error('this server does not say what it holds');
    if (left(held).length === 0 || Date.now() > end) return held;
  }
}

function figures({ descriptors, rss, heap, external }: Holdings): string {
  const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;
  return `rss ${mib(rss)}, heap ${mib(heap)}, external ${mib(external)}, ${descriptors} descriptors`;
}

/** Peak memory of the process in bytes. */
function peakOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

const outcomes = new Map<string, Set<string>>();
let runs = 0;

function note({ key, result, reason }: Verdict, target: Target): void {
  runs++;
  const name = `${key} (${target})`;
  outcomes.set(name, (outcomes.get(name) ?? new Set()).add(result));
  if (reason.includes('INTERNAL_ERROR')) console.log(`an answer that means a fault of ours? ${name}: ${reason}`);
}

const undo: (() => Promise<void> | void)[] = [];
const cleanup = inReverse({ after: (action) => void undo.push(action) });
const complaints: string[] = [];
try {
  const folder = await temporaryFolder(cleanup);
  await prepare(folder);
  const aim = await startOurs(cleanup);
  console.log(`${aim.version}, Node ${process.versions.node}: at first ${figures(await settled(aim))}`);
  let first = await settled(aim);
  let last: Holdings;
  let round = 0;
  do {
    const target = TARGETS[round % TARGETS.length] as Target;
    await torture(allTests(), {
      port: aim.port,
      target,
      timeoutMs: Number(values.seconds) * 1000,
      folder,
      logs: undefined,
      shares: GENERAL.slice(0, Number(values.jobs)),
      waitingShares: WAITING_SHARES,
      again: () => false,
      tell: (verdict) => note(verdict, target),
      stop: late,
    });
    last = await settled(aim);
    round++;
    // After one round of each kind, everything that is opened on first use is open.
    if (round <= TARGETS.length) first = last;
    const minutes = ((Date.now() - started) / 60_000).toFixed(1);
    console.log(
      `round ${round} (${target}), ${runs} tests, ${minutes} min: ${figures(last)}, ${last.faults.length} faults`,
    );
  } while (!late());
  console.log(`most memory it ever had: ${(peakOf(aim.pid) / MIB).toFixed(0)} MiB`);
  for (const [name, count] of left(last)) complaints.push(`left behind: ${count} ${name}`);
  if (last.descriptors > first.descriptors) complaints.push(`${last.descriptors - first.descriptors} more descriptors`);
  if (last.heap > first.heap + HEAP_SLACK) complaints.push('the heap has grown');
  if (last.rss > first.rss + RSS_SLACK) complaints.push('the process has grown');
  for (const fault of new Set(last.faults)) complaints.push(`fault: ${fault}`);
} finally {
  for (const action of undo) await action();
}
const unsure = [...outcomes].filter(([, results]) => results.size > 1);
for (const [name, results] of unsure) console.log(`not always the same: ${name}: ${[...results].join(', ')}`);
for (const complaint of complaints) console.log(complaint);
console.log(complaints.length === 0 ? 'nothing is left' : `${complaints.length} complaints`);
process.exit(complaints.length === 0 ? 0 : 1);
