/** A call that takes longer probably went to the medium; two in a row are no coincidence. */
const SLOW_MS = 1;
/** Number of calls sent through the thread pool per millisecond that a slow call took. */
const POOLED_PER_MS = 16;
const MOST_POOLED = 1024;

/**
 * Decides whether file system calls are made synchronously. A trip through Node's thread pool costs 20 to 100 µs of CPU
 * time, whereas cached data takes only 1 or 2 µs. So calls are synchronous as long as they are quick; after two slow
 * ones in a row the next ones go through the pool. With a medium that needs 10 ms per call, the event loop is blocked
 * for one call in 160.
 */
export class AtOnce {
  #pooled = 0;
  #slow = false;

  /** Asked once per call. If true, the caller makes the call synchronously and reports to `took` how long it took. */
  next(): boolean {
    if (this.#pooled === 0) return true;
    this.#pooled--;
    return false;
  }

  took(ms: number): void {
    const slow = ms > SLOW_MS;
    if (slow && this.#slow) this.#pooled = Math.min(MOST_POOLED, Math.ceil(ms * POOLED_PER_MS));
    this.#slow = slow;
  }
}
