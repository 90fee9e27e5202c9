import { type Circumstances, runTest, type Verdict } from './program.js';
import { committedRuns } from './results.js';
import type { ListName, Target, TortureTest } from './tests.js';

export interface Plan extends Circumstances {
  /** General shares; one test at a time runs on each. */
  readonly shares: readonly string[];
  /** More shares, for tests that mostly wait. */
  readonly waitingShares: readonly string[];
  /** Whether a test gets a second chance, by key. */
  readonly again: (key: string) => boolean;
  /** Called with each verdict. */
  readonly tell: (verdict: Verdict) => void;
  /** True once no more tests are to start. */
  readonly stop?: () => boolean;
}

/** These tests mostly wait for time-outs, and clean up what others of their suite have left. */
const WAITING: readonly ListName[] = ['smb2-locking', 'smb2-durable', 'smb2-notify'];

/**
 * Tests of one suite use the same file names, and some leave files that others of the suite clean up, so they run one
 * after another on one share. Those that mostly wait run on any share.
 */
function suiteOf({ list, name, share }: TortureTest): string {
  if (share !== undefined) return share;
  return WAITING.includes(list) ? name : name.split('.').slice(0, 2).join('.');
}

/** Longest first, judging by the committed results, so that no long suite is left running alone at the end. */
function longestFirst(suites: readonly TortureTest[][], target: Target): TortureTest[][] {
  const { verdicts } = committedRuns().ours[target];
  const took = new Map(verdicts.map(({ key, milliseconds }) => [key, milliseconds]));
  const length = (suite: readonly TortureTest[]): number =>
    suite.reduce((sum, { key }) => sum + (took.get(key) ?? 0), 0);
  return suites.toSorted((a, b) => length(b) - length(a));
}

/** Runs smbtorture tests, each in its own process; returns the verdicts in the order of the tests. */
export async function torture(tests: readonly TortureTest[], plan: Plan): Promise<Verdict[]> {
  const suites = new Map<string, TortureTest[]>();
  for (const test of tests) suites.set(suiteOf(test), [...(suites.get(suiteOf(test)) ?? []), test]);
  const waits = (suite: readonly TortureTest[]): boolean => suite.some(({ list }) => WAITING.includes(list));
  const ordered = longestFirst([...suites.values()], plan.target);
  const busy = ordered.filter((suite) => !waits(suite));
  const waiting = ordered.filter(waits);
  const verdicts = new Map<string, Verdict>();
  const doubtful: TortureTest[] = [];
  const work = async (queue: TortureTest[][], share: string): Promise<void> => {
    for (let suite = queue.shift(); suite !== undefined; suite = queue.shift()) {
      for (const test of suite) {
        if (plan.stop?.()) return;
        const verdict = { ...(await runTest(test, share, plan)), tries: 1 };
        verdicts.set(test.key, verdict);
        if (verdict.result !== 'pass' && plan.again(test.key)) doubtful.push(test);
        else plan.tell(verdict);
      }
    }
  };
  await Promise.all([
    ...plan.shares.map((share) => work(busy, share)),
    ...plan.waitingShares.map((share) => work(waiting, share)),
  ]);
  // This time with nothing else running: a test that fails only next to others fails because of load.
  for (const test of doubtful) {
    const verdict = { ...(await runTest(test, plan.shares[0] as string, plan)), tries: 2 };
    verdicts.set(test.key, verdict);
    plan.tell(verdict);
  }
  return tests.flatMap(({ key }) => verdicts.get(key) ?? []);
}
