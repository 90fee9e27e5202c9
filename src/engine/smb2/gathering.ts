/** Receives the outcomes of a frame's calls: exactly one of the two methods is called once per call. */
export interface Waiter<T> {
  answered(index: number, reply: T): void;
  failed(index: number, error: unknown): void;
}

/** Outcome of calls that were made together. */
export interface Together<T> {
  /** Replies of the calls that did not fail. */
  readonly replies: T[];
  /** Index of the first call in the frame that failed; -1 if none did. */
  readonly failedAt: number;
  readonly error: unknown;
}

/** Gathers the replies to the calls of a frame into one outcome. */
export class Gathering<T> implements Together<T>, Waiter<T> {
  readonly replies: T[] = [];
  failedAt = -1;
  error: unknown;
  readonly #resolve: (outcome: Together<T>) => void;
  #left: number;

  constructor(calls: number, resolve: (outcome: Together<T>) => void) {
    this.#left = calls;
    this.#resolve = resolve;
  }

  answered(index: number, reply: T): void {
    this.replies[index] = reply;
    this.#less();
  }

  failed(index: number, error: unknown): void {
    if (this.failedAt === -1 || index < this.failedAt) {
      this.failedAt = index;
      this.error = error;
    }
    this.#less();
  }

  #less(): void {
    if (--this.#left === 0) this.#resolve(this);
  }
}
