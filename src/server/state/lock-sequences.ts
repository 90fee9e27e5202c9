const BUCKETS = 64;
/** No LockSequenceNumber has more than 4 bits. */
const INVALID = 0xff;

/** [MS-SMB2] 3.3.1.10 Open.LockSequenceArray: LOCK requests done once, should they come again over another channel. */
export class LockSequences {
  readonly #numbers: Uint8Array = new Uint8Array(BUCKETS).fill(INVALID);

  /** Whether the request has been done already; if not, its bucket means nothing until `done`. */
  isReplay(index: number, number: number): boolean {
    if (!isBucket(index)) return false;
    if (this.#numbers[index - 1] === number) return true;
    this.#numbers[index - 1] = INVALID;
    return false;
  }

  done(index: number, number: number): void {
    if (isBucket(index)) this.#numbers[index - 1] = number;
  }
}

function isBucket(index: number): boolean {
  return index >= 1 && index <= BUCKETS;
}
