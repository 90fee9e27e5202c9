const MIB = 1024 * 1024;
/** On a slow way progress shall show. */
export const STRETCH: number = MIB;
const QUICK_MS = 250;
const LONG_STRETCH = 4 * MIB;
/** Who is as near as that is served better by less at a time, which then is in the processor's caches still. */
const NEAR_MS = 50;
const NEAR_STRETCH = 2 * MIB;
/** One stretch is as long as the longest requests there are: some servers are faster from then on, once they had one. */
const LONGEST = 8 * MIB;
/** How much of a file is under way: while nothing is known, and on any way; on a near one that keeps both sides busy. */
const DEPTH = 16 * MIB;
const LEAST_DEPTH = 8 * MIB;
const MOST_DEPTH = 32 * MIB;

/**
 * How much of a file is read and written at a time, and how much of it is under way. Calls cost more than what is in
 * them, so that is much where it does not take long. What is under way is twice as much as the way carries in the time
 * of the quickest stretch: as long as stretches are as quick as that, more of them find room on the way.
 */
export class Stride {
  #ms = Number.POSITIVE_INFINITY;
  #quickestMs = Number.POSITIVE_INFINITY;
  #longest = false;
  #flying = 0;
  #depth = DEPTH;

  /** A stretch is under way. */
  began(length: number): void {
    this.#flying += length;
  }

  /** How long a stretch took, which has not ended yet. */
  took(ms: number): void {
    this.#ms = ms;
    if (ms <= 0) return;
    this.#quickestMs = Math.min(this.#quickestMs, ms);
    const carried = this.#flying / ms;
    this.#depth = Math.min(MOST_DEPTH, Math.max(LEAST_DEPTH, 2 * carried * this.#quickestMs));
  }

  /** A stretch is no longer under way. */
  ended(length: number): void {
    this.#flying -= length;
  }

  /** How long the next stretch is to be, in front of `end`. */
  next(at: number, end: number): number {
    if (this.#ms >= QUICK_MS) return STRETCH;
    if (this.#ms >= NEAR_MS) return LONG_STRETCH;
    if (this.#longest || at % LONGEST !== 0 || end - at < LONGEST) return NEAR_STRETCH;
    this.#longest = true;
    return LONGEST;
  }

  /** Whether there is room for one more stretch. */
  hasRoom(length: number): boolean {
    return this.#flying < this.#depth && this.#flying + length <= MOST_DEPTH;
  }
}
