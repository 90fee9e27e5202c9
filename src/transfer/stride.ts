const MIB = 1024 * 1024;
/** Short, so that progress is visible on a slow link. */
export const STRETCH: number = MIB;
const QUICK_MS = 250;
const LONG_STRETCH = 4 * MIB;
/** Below this the server is near, and smaller stretches are better: they stay in the processor's caches. */
const NEAR_MS = 50;
const NEAR_STRETCH = 2 * MIB;
/** One stretch per file has the maximum request size: some servers are faster once they have seen such a request. */
const LONGEST = 8 * MIB;
/** Bytes in flight per file: initially, at least (enough to keep both ends of a fast link busy), and at most. */
const DEPTH = 16 * MIB;
const LEAST_DEPTH = 8 * MIB;
const MOST_DEPTH = 32 * MIB;

/**
 * Decides how much of a file is read and written at a time, and how much of it is in flight. Calls have a fixed cost,
 * so stretches are long where they are quick. The depth is twice what the link carries during the quickest stretch: as
 * long as stretches stay that quick, there is room for more.
 */
export class Stride {
  #ms = Number.POSITIVE_INFINITY;
  #quickestMs = Number.POSITIVE_INFINITY;
  #longest = false;
  #flying = 0;
  #depth = DEPTH;

  /** Call when a stretch starts. */
  began(length: number): void {
    this.#flying += length;
  }

  /** Call with the duration of a stretch, before `ended`. */
  took(ms: number): void {
    this.#ms = ms;
    if (ms <= 0) return;
    this.#quickestMs = Math.min(this.#quickestMs, ms);
    const carried = this.#flying / ms;
    this.#depth = Math.min(MOST_DEPTH, Math.max(LEAST_DEPTH, 2 * carried * this.#quickestMs));
  }

  /** Call when a stretch has ended. */
  ended(length: number): void {
    this.#flying -= length;
  }

  /** Length of the next stretch, which starts at `at`; the caller cuts it at `end`. */
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
