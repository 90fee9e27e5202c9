/** A call that took longer went to the medium, or was unlucky: a second one in a row is no accident. */
const SLOW_MS = 1;
/** So many calls per ms of a slow one go another way. */
const POOLED_PER_MS = 16;
const MOST_POOLED = 1024;

/**
 * Whether calls of a file system are made at once. A trip through Node's thread pool costs 20 to 100 µs of processor
 * time, what is in memory is there within one or two; so calls are made at once as long as they are quick: two in a row
 * that were not send the next ones through the pool. On a medium that needs 10 ms a call, the event loop stands still
 * for one call in 160.
 */
export class AtOnce {
  #pooled = 0;
  #slow = false;

  /** Asked once for each call. Whoever is told so makes it at once, and says how long it `took`. */
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
