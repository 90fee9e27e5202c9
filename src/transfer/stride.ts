const MIB = 1024 * 1024;
/** On a slow way progress shall show. */
export const STRETCH: number = MIB;
const QUICK_MS = 250;
const LONG_STRETCH = 4 * MIB;
/** How much of a file may be under way. */
const DEPTH = 16 * MIB;
/** Who is as near as that has what it takes to be busy with less, which then is in the processor's caches still. */
const NEAR_MS = 50;
const NEAR_STRETCH = 2 * MIB;
const NEAR_DEPTH = 8 * MIB;
/** One stretch is as long as the longest requests there are: some servers are faster from then on, once they had one. */
const LONGEST = 8 * MIB;

/**
 * How much of a file is read and written at a time, and how much of it is under way. Calls cost more than what is in
 * them, so that is much where it does not take long.
 */
export class Stride {
  #ms = Number.POSITIVE_INFINITY;
  #longest = false;

  /** How long a stretch took. */
  took(ms: number): void {
    this.#ms = ms;
  }

  /** How long the next stretch is to be, in front of `end`. */
  next(at: number, end: number): number {
    if (this.#ms >= QUICK_MS) return STRETCH;
    if (this.#ms >= NEAR_MS) return LONG_STRETCH;
    if (this.#longest || at % LONGEST !== 0 || end - at < LONGEST) return NEAR_STRETCH;
    this.#longest = true;
    return LONGEST;
  }

  /** Whether there is room for a stretch beside so many bytes. */
  hasRoom(length: number, flying: number): boolean {
    return flying + length <= DEPTH && (this.#ms >= NEAR_MS || flying < NEAR_DEPTH);
  }
}
