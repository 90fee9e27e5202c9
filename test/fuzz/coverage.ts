import { type Profiler, Session } from 'node:inspector';

/**
 * Tells whether an input reached new code, using V8's block coverage after each input. What counts is, per function,
 * the set of blocks that did *not* run: V8 merges neighbours with equal counts, so the counts themselves say little.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #sources: RegExp;
  readonly #seen = new Set<string>();
  readonly #batches = new Set<string>();

  /** `sources` matches the URLs of the scripts to watch. */
  constructor(sources: RegExp) {
    this.#sources = sources;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  get size(): number {
    return this.#seen.size;
  }

  /** Discards what ran since the last query. */
  reset(): void {
    this.#take();
  }

  /** The number of function signatures that are new since the last query; they are remembered. */
  novelty(): number {
    const before = this.#seen.size;
    for (const script of this.#take()) {
      if (!this.#sources.test(script.url)) continue;
      for (const { ranges } of script.functions) this.#note(script.scriptId, ranges);
    }
    return this.#seen.size - before;
  }

  /**
   * Whether the inputs since the last query, taken together, did something new. A query costs as much as many inputs,
   * so a batch is checked first, and its inputs one by one only if it was new.
   */
  batchIsNew(): boolean {
    const before = this.#batches.size;
    for (const script of this.#take()) {
      if (!this.#sources.test(script.url)) continue;
      for (const { ranges } of script.functions) {
        if (ranges[0]?.count) this.#batches.add(signature(script.scriptId, ranges));
      }
    }
    return this.#batches.size > before;
  }

  #note(script: string, ranges: readonly Profiler.CoverageRange[]): void {
    const whole = ranges[0];
    if (!whole || whole.count === 0) return;
    this.#seen.add(signature(script, ranges));
    // The number of calls as a power of two: chains and lists of growing length.
    this.#seen.add(`${script}:${whole.startOffset}*${Math.min(8, Math.ceil(Math.log2(whole.count)))}`);
  }

  #take(): Profiler.ScriptCoverage[] {
    let result: Profiler.ScriptCoverage[] = [];
    // On our own thread, the callback runs before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error) throw error;
      result = answer.result;
    });
    return result;
  }

  close(): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }
}

function signature(script: string, ranges: readonly Profiler.CoverageRange[]): string {
  let key = `${script}:${ranges[0]?.startOffset}`;
  for (const range of ranges) if (range.count === 0) key += `,${range.startOffset}-${range.endOffset}`;
  return key;
}
