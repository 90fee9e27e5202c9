import type { Clock } from '#engine/transport.js';
import { ConnectionLost } from '#wire/erref/errors.js';

/** The total time for finding a server that answers among several with the same content. */
export class Patience {
  readonly #clock: Clock;
  readonly #until: number;

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#until = clock.now() + ms;
  }

  /**
   * Tries one server. If more follow, it gets half of the remaining time, so that a dead one leaves enough for the
   * others.
   */
  async spend<T>(
    isLast: boolean,
    caller: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const left = this.#until - this.#clock.now();
    const ms = Math.max(0, isLast ? left : left / 2);
    const stop = new AbortController();
    const over = this.#clock.after(ms, () => stop.abort(tooLate(ms)));
    try {
      return await work(caller ? AbortSignal.any([caller, stop.signal]) : stop.signal);
    } finally {
      over();
    }
  }

  /** No time is left. */
  get isOver(): boolean {
    return this.#clock.now() >= this.#until;
  }
}

function tooLate(ms: number): ConnectionLost {
  return new ConnectionLost(`it did not answer within ${(ms / 1000).toFixed(1)} s`, { code: 'ETIMEDOUT' });
}
