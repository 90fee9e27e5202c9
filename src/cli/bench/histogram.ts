/** Sub-buckets of each power of two: values are exact to 1/64 (1.6 %). */
const SUB_BITS = 6;
const SUB = 1 << SUB_BITS;
/** Nanoseconds up to 2^46, which is 19 hours. */
const BUCKETS = (46 - SUB_BITS + 1) * SUB;

/** Latencies in buckets that grow with the value, so that memory does not grow with their number. */
export class Histogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #max = 0;
  count = 0;

  /** Adds a latency in milliseconds. */
  add(ms: number): void {
    const value = Math.min(Math.max(1, Math.round(ms * 1e6)), 2 ** 46 - 1);
    const index = indexOf(value);
    this.#counts[index] = (this.#counts[index] as number) + 1;
    this.#max = Math.max(this.#max, ms);
    this.count++;
  }

  get max(): number {
    return this.#max;
  }

  /** The latency in milliseconds that a given share of them (0 to 1) does not exceed; 0 if there are none. */
  percentile(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.count));
    let seen = 0;
    for (let index = 0; index < BUCKETS; index++) {
      seen += this.#counts[index] as number;
      if (seen >= rank) return Math.min(upperEdge(index) / 1e6, this.#max);
    }
    return 0;
  }
}

// Values below SUB have a bucket each; above, each power of two has SUB buckets.
function indexOf(value: number): number {
  if (value < SUB) return value;
  const exponent = Math.floor(Math.log2(value)) - SUB_BITS;
  return exponent * SUB + Math.floor(value / 2 ** exponent);
}

function upperEdge(index: number): number {
  if (index < 2 * SUB) return index;
  const exponent = Math.floor(index / SUB) - 1;
  return (index - exponent * SUB + 1) * 2 ** exponent;
}
