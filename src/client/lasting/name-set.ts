const FIRST_SIZE = 1024;
const SEED = 0x9e3779b1;
/** An endless directory must not use up our memory. */
const MOST = 16_000_000;

/**
 * Remembers names by a 63-bit hash: a directory of a million names takes 16 MB. Two names with the same hash would be
 * taken for one; with a million names, the odds are one in tens of millions.
 */
export class NameSet {
  #slots = new Uint32Array(2 * FIRST_SIZE);
  #count = 0;
  readonly #most: number;

  constructor(most: number = MOST) {
    this.#most = most;
  }

  get size(): number {
    return this.#count;
  }

  /** The set is full; further names are not remembered. */
  get isFull(): boolean {
    return this.#count >= this.#most;
  }

  /** False if the name was there already. A full set reports every name as new. */
  add(name: string): boolean {
    if (this.isFull) return true;
    let high = SEED;
    let low = 0x811c9dc5;
    for (let i = 0; i < name.length; i++) {
      const code = name.charCodeAt(i);
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high ^ (code + i), 0x85ebca6b);
      high ^= high >>> 13;
    }
    // A pair of zeros marks an empty slot, so `low` must not be zero.
    if (!this.#put(this.#slots, low | 1, high)) return false;
    this.#count++;
    if (this.#count * 4 > this.#slots.length) this.#grow();
    return true;
  }

  #put(slots: Uint32Array, low: number, high: number): boolean {
    const mask = slots.length / 2 - 1;
    for (let at = ((low >>> 1) ^ high) & mask; ; at = (at + 1) & mask) {
      const found = slots[2 * at];
      if (found === 0) {
        slots[2 * at] = low;
        slots[2 * at + 1] = high;
        return true;
      }
      if (found === low >>> 0 && slots[2 * at + 1] === high >>> 0) return false;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] !== 0) this.#put(this.#slots, old[i] as number, old[i + 1] as number);
    }
  }
}
