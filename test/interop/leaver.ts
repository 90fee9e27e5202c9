/** Chooses random moments, the same ones for the same seed. */
export class Leaver {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number below a limit. */
  readonly below = (limit: number): number => {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  };

  /** Waits a little: not at all, for some microtasks, some turns of the event loop, or some milliseconds. */
  readonly pause = async (): Promise<void> => {
    const turns = this.below(20);
    const wait: readonly (() => Promise<unknown>)[] = [
      async () => null,
      () => new Promise((resolve) => setImmediate(resolve)),
      () => new Promise((resolve) => setTimeout(resolve, 1)),
    ];
    const step = wait[this.below(wait.length)];
    for (let i = 0; i < turns; i++) await step?.();
  };

  /** Ignores the outcome. */
  readonly quiet = (promise: unknown): Promise<void> => Promise.resolve(promise).then(nothing, nothing);

  /** Starts something and aborts it with its signal. */
  async signalled(begin: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const stop = new AbortController();
    const begun = this.quiet(begin(stop.signal));
    await this.pause();
    stop.abort();
    await begun;
  }
}

function nothing(): void {
  // Neither result nor error matters.
}
