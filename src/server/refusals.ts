import type { Clock } from '#engine/transport.js';

/** How long each refusal of a logon takes beyond the first few. */
const REFUSAL_MS = 1000;

/** Whoever guesses passwords waits for each answer after the first few, and for one after the other. */
export class Refusals {
  readonly #clock: Clock;
  /** Those that are still told at once. */
  #free: number;
  /** When the last one that waits will be told. */
  #last = 0;

  constructor(clock: Clock, free: number) {
    this.#clock = clock;
    this.#free = free;
  }

  /** Calls `answer`, which tells somebody that he did not prove who he is, now or later. */
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
