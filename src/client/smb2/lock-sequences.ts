import type { LockAttempt } from '../protocol.js';

const BUCKETS = 64;
const NUMBERS = 16;

/** Lets the server recognize a LOCK that it has already executed. */
export interface LockSequence {
  readonly of: LockSequences;
  /** From 1; LockSequenceIndex. */
  readonly index: number;
  /** LockSequenceNumber. */
  readonly number: number;
}

/** [MS-SMB2] 3.2.1.5 Open.OperationBuckets: the pending LOCK requests of an open, each in a bucket of its own. */
export class LockSequences {
  readonly #numbers = new Uint8Array(BUCKETS);
  readonly #taken: (LockSequence | undefined)[] = new Array(BUCKETS).fill(undefined);

  /** The sequence of a request, the same for each repetition. Undefined if all buckets are in use. */
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
   * The request was answered. The server remembers the number of the last request it executed, so the next one must
   * differ, while that of a rejected request can be reused. If an outcome remains unknown, the bucket is not used
   * again.
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
