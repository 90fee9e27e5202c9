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
/** Bytes in flight per file: at least, which keeps both ends of a fast link busy, and at most. */
const LEAST_DEPTH = 8 * MIB;
const MOST_DEPTH = 32 * MIB;
/** How much slower than the quickest stretches may become before more of them would only queue up. */
const SLACK = 1.25;

/**
 * Decides how much of a file is read and written at a time, and how much of it is in flight. Calls have a fixed cost,
 * so stretches are long where they are quick. The depth is somewhat more than the link carries during the quickest
 * stretch: it grows as long as stretches stay that quick.
 */
export class Stride {
  #ms = Number.POSITIVE_INFINITY;
  #quickestMs = Number.POSITIVE_INFINITY;
  #longest = false;
  #flying = 0;
  #depth = LEAST_DEPTH;

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
    this.#depth = Math.min(MOST_DEPTH, Math.max(LEAST_DEPTH, SLACK * carried * this.#quickestMs));
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
