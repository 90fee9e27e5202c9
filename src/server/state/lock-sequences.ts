const BUCKETS = 64;
/** LockSequenceNumber has 4 bits, so this value never occurs. */
const INVALID = 0xff;

/** [MS-SMB2] 3.3.1.10 Open.LockSequenceArray: detects LOCK requests that are replayed over another channel. */
export class LockSequences {
  readonly #numbers: Uint8Array = new Uint8Array(BUCKETS).fill(INVALID);

  /** `known`: result of `list` in an earlier run. */
  constructor(known: readonly number[] = []) {
    this.#numbers.set(known.slice(0, BUCKETS));
  }

  list(): number[] {
    return [...this.#numbers];
  }

  /** Whether the request is a replay; if not, its bucket is invalid until `done`. */
  isReplay(index: number, number: number): boolean {
    if (!isBucket(index)) return false;
    if (this.#numbers[index - 1] === number) return true;
    this.#numbers[index - 1] = INVALID;
    return false;
  }

  /** The last request of a bucket failed after all. */
  forget(index: number): void {
    if (isBucket(index)) this.#numbers[index - 1] = INVALID;
  }

  done(index: number, number: number): void {
    if (isBucket(index)) this.#numbers[index - 1] = number;
  }
}

function isBucket(index: number): boolean {
  return index >= 1 && index <= BUCKETS;
}
