import { Coverage } from './coverage.js';
import { mutate, Random } from './mutator.js';
import { judge, type Target } from './oracle.js';

export interface Finding {
  readonly target: string;
  readonly input: Uint8Array;
  readonly why: string;
}

export interface Outcome {
  readonly runs: number;
  /** Number of function signatures seen. */
  readonly coverage: number;
  /** Inputs that reached new code, in their smallest known form. */
  readonly interesting: readonly Uint8Array[];
  readonly findings: readonly Finding[];
}

export interface FuzzOptions {
  readonly seed: number;
  /** Stops after this many inputs … */
  readonly runs: number;
  /** … or after this time. */
  readonly milliseconds: number;
  /** Stops at the first finding. */
  readonly first?: boolean;
}

/** Finds a smaller input with the same verdict: removes ever smaller parts, then sets bytes to zero. */
export async function minimise(
  input: Uint8Array,
  same: (candidate: Uint8Array) => boolean | Promise<boolean>,
  budget: number = 2000,
): Promise<Uint8Array> {
  let best = input;
  let left = budget;
  const tryIt = async (candidate: Uint8Array): Promise<boolean> => {
    if (left-- <= 0 || !(await same(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let size = best.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at + size <= best.length && left > 0; ) {
      const candidate = new Uint8Array(best.length - size);
      candidate.set(best.subarray(0, at));
      candidate.set(best.subarray(at + size), at);
      if (!(await tryIt(candidate))) at += size;
    }
  }
  for (let at = 0; at < best.length && left > 0; at++) {
    if (best[at] === 0) continue;
    const candidate = best.slice();
    candidate[at] = 0;
    await tryIt(candidate);
  }
  return best;
}

const BATCH = 16;

/** Feeds mutated inputs to a target; those that reach new code are mutated further. */
export async function fuzz(target: Target, corpus: readonly Uint8Array[], options: FuzzOptions): Promise<Outcome> {
  const coverage = new Coverage(target.sources);
  const random = new Random(options.seed);
  const pool: Uint8Array[] = [...target.seeds, ...corpus];
  const interesting: Uint8Array[] = [];
  const findings = new Map<string, Finding>();
  const deadline = performance.now() + options.milliseconds;
  const feed = async (input: Uint8Array): Promise<void> => {
    const why = await judge(target, input);
    if (why === undefined || findings.has(why)) return;
    const small = await minimise(input, async (candidate) => (await judge(target, candidate)) === why);
    findings.set(why, { target: target.name, input: small, why });
  };
  for (const input of pool) {
    await feed(input);
    coverage.novelty();
  }
  let runs = pool.length;
  if (pool.length === 0) pool.push(new Uint8Array(8));
  const goesOn = (): boolean =>
    runs < options.runs && performance.now() < deadline && !(options.first && findings.size > 0);
  while (goesOn()) {
    const batch = Array.from({ length: BATCH }, () => offspring(target, pool, random));
    for (const input of batch) await feed(input);
    runs += BATCH;
    if (!coverage.batchIsNew()) continue;
    for (const input of batch) {
      await judge(target, input);
      if (coverage.novelty() === 0) continue;
      pool.push(input);
      interesting.push(input);
    }
  }
  coverage.close();
  return { runs, coverage: coverage.size, interesting, findings: [...findings.values()] };
}

function offspring(target: Target, pool: readonly Uint8Array[], random: Random): Uint8Array {
  // Half of the time, picks one of the newest: they lead further.
  const recent = random.below(2) === 0 ? Math.max(0, pool.length - 16) : 0;
  const parent = pool[recent + random.below(pool.length - recent)] as Uint8Array;
  return mutate(parent, random.pick(pool), target.tokens ?? [], random);
}
