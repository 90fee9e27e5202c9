const BUCKETS = 64;
/** No LockSequenceNumber has more than 4 bits. */
const INVALID = 0xff;

/** [MS-SMB2] 3.3.1.10 Open.LockSequenceArray: LOCK requests done once, should they come again over another channel. */
export class LockSequences {
  readonly #numbers: Uint8Array = new Uint8Array(BUCKETS).fill(INVALID);

  /** `known`: from `list` of a former run. */
  constructor(known: readonly number[] = []) {
    this.#numbers.set(known.slice(0, BUCKETS));
  }

  list(): number[] {
    return [...this.#numbers];
  }

  /** Whether the request has been done already; if not, its bucket means nothing until `done`. */
  isReplay(index: number, number: number): boolean {
    if (!isBucket(index)) return false;
    if (this.#numbers[index - 1] === number) return true;
    this.#numbers[index - 1] = INVALID;
    return false;
  }

  /** The last request of a bucket has come to nothing after all. */
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
