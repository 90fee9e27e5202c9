import type { LockAttempt } from '../protocol.js';

const BUCKETS = 64;
const NUMBERS = 16;

/** By which the server knows a LOCK again that it has done already. */
export interface LockSequence {
  readonly of: LockSequences;
  /** From 1; LockSequenceIndex. */
  readonly index: number;
  /** LockSequenceNumber. */
  readonly number: number;
}

/** [MS-SMB2] 3.2.1.5 Open.OperationBuckets: LOCK requests of an open that were not answered yet, each in a bucket of its own. */
export class LockSequences {
  readonly #numbers = new Uint8Array(BUCKETS);
  readonly #taken: (LockSequence | undefined)[] = new Array(BUCKETS).fill(undefined);

  /** What the request says: the same each time that it is sent. Undefined where so many are under way that none is left. */
  begin(attempt: LockAttempt | undefined): LockSequence | undefined {
    const known = attempt?.sequence as LockSequence | undefined;
    if (known && this.#taken[known.index - 1] === known) return known;
    const at = this.#taken.indexOf(undefined);
    if (at < 0) return undefined;
    const sequence = { of: this, index: at + 1, number: this.#numbers[at] as number };
    this.#taken[at] = sequence;
    if (attempt) attempt.sequence = sequence;
    return sequence;
  }

  /**
   * It was answered, and done or not. The server remembers the last number that it has done: one that was refused may be
   * used again, the next one must be another. A bucket whose request nobody knows the outcome of is used no more.
   */
  end(sequence: LockSequence, done: boolean): void {
    const { index, number } = sequence;
    if (this.#taken[index - 1] !== sequence) return;
    this.#taken[index - 1] = undefined;
    if (done) this.#numbers[index - 1] = (number + 1) % NUMBERS;
  }
}

/** [MS-SMB2] 2.2.26 LockSequenceNumber and LockSequenceIndex. */
export function sequenceValue(sequence: LockSequence | undefined): number {
  return sequence === undefined ? 0 : (sequence.index << 4) | sequence.number;
}
