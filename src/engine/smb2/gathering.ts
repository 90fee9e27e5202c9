/** Who waits for the answers to the calls of a frame: of each call, one or the other is told once. */
export interface Waiter<T> {
  answered(index: number, reply: T): void;
  failed(index: number, error: unknown): void;
}

/** What came of calls that were made together. */
export interface Together<T> {
  /** The answers, as far as calls did not fail. */
  readonly replies: T[];
  /** Which call was the first to fail; -1 if none did. */
  readonly failedAt: number;
  readonly error: unknown;
}

/** Gathers the answers to the calls of a frame: one promise for all of them. */
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
