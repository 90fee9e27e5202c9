import type { Clock } from '#engine/transport.js';

/** Delay per failed logon beyond the first few. */
const REFUSAL_MS = 1000;

/** Slows down password guessing: after the first few, failed logons are answered one at a time, each with a delay. */
export class Refusals {
  readonly #clock: Clock;
  /** Failures still answered immediately. */
  #free: number;
  /** When the last delayed answer will be sent. */
  #last = 0;

  constructor(clock: Clock, free: number) {
    this.#clock = clock;
    this.#free = free;
  }

  /** Sends a logon refusal by calling `answer`, now or after a delay. */
  tell(answer: () => void): void {
    if (this.#free > 0) {
      this.#free--;
      answer();
      return;
    }
    const now = this.#clock.now();
    this.#last = Math.max(this.#last, now) + REFUSAL_MS;
    this.#clock.after(this.#last - now, answer);
  }
}
