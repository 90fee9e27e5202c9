import { type Circumstances, runTest, type Verdict } from './program.js';
import type { TortureTest } from './tests.js';

export interface Plan extends Circumstances {
  /** General shares; as many tests run at the same time. */
  readonly shares: readonly string[];
  /** Whether a test gets a second chance, by key. */
  readonly again: (key: string) => boolean;
  /** Said of each test that has ended. */
  readonly tell: (verdict: Verdict) => void;
  /** True once no further test shall begin. */
  readonly stop?: () => boolean;
}

/**
 * Tests of one suite use the same file names, and some leave files that others of the suite clear away: they run one
 * after the other on one share.
 */
const suiteOf = ({ name, share }: TortureTest): string => share ?? name.split('.').slice(0, 2).join('.');

/** Runs tests of smbtorture, each in a process of its own; the verdicts are in the order of the tests. */
export async function torture(tests: readonly TortureTest[], plan: Plan): Promise<Verdict[]> {
  const suites = new Map<string, TortureTest[]>();
  for (const test of tests) suites.set(suiteOf(test), [...(suites.get(suiteOf(test)) ?? []), test]);
  // The longest first, so that none is left alone at the end.
  const queue = [...suites.values()].sort((a, b) => b.length - a.length);
  const verdicts = new Map<string, Verdict>();
  const doubtful: TortureTest[] = [];
  const work = async (share: string): Promise<void> => {
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
  await Promise.all(plan.shares.map(work));
  // Alone on the machine this time: what fails only beside others has failed by load.
  for (const test of doubtful) {
    const verdict = { ...(await runTest(test, plan.shares[0] as string, plan)), tries: 2 };
    verdicts.set(test.key, verdict);
    plan.tell(verdict);
  }
  return tests.flatMap(({ key }) => verdicts.get(key) ?? []);
}
