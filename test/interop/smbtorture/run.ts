import { type Circumstances, runTest, type Verdict } from './program.js';
import { committedRuns } from './results.js';
import type { ListName, Target, TortureTest } from './tests.js';

export interface Plan extends Circumstances {
  /** General shares; as many tests run at the same time. */
  readonly shares: readonly string[];
  /** More of them, for as many tests that mostly wait. */
  readonly waitingShares: readonly string[];
  /** Whether a test gets a second chance, by key. */
  readonly again: (key: string) => boolean;
  /** Said of each test that has ended. */
  readonly tell: (verdict: Verdict) => void;
  /** True once no further test shall begin. */
  readonly stop?: () => boolean;
}

/** Their tests wait for time-outs most of the time, and clear away what another one of their suite has left. */
const WAITING: readonly ListName[] = ['smb2-locking', 'smb2-durable', 'smb2-notify'];

/**
 * Tests of one suite use the same file names, and some leave files that others of the suite clear away: they run one
 * after the other on one share. Those that wait run wherever there is a share.
 */
function suiteOf({ list, name, share }: TortureTest): string {
  if (share !== undefined) return share;
  return WAITING.includes(list) ? name : name.split('.').slice(0, 2).join('.');
}

/** The longest first, by what each took when results were kept last, so that none is left alone at the end. */
function longestFirst(suites: readonly TortureTest[][], target: Target): TortureTest[][] {
  const { verdicts } = committedRuns().ours[target];
  const took = new Map(verdicts.map(({ key, milliseconds }) => [key, milliseconds]));
  const length = (suite: readonly TortureTest[]): number =>
    suite.reduce((sum, { key }) => sum + (took.get(key) ?? 0), 0);
  return suites.toSorted((a, b) => length(b) - length(a));
}

/** Runs tests of smbtorture, each in a process of its own; the verdicts are in the order of the tests. */
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
  // Alone on the machine this time: what fails only beside others has failed by load.
  for (const test of doubtful) {
    const verdict = { ...(await runTest(test, plan.shares[0] as string, plan)), tries: 2 };
    verdicts.set(test.key, verdict);
    plan.tell(verdict);
  }
  return tests.flatMap(({ key }) => verdicts.get(key) ?? []);
}
