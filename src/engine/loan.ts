/** An answer that arrived before its request had been sent completely. */
interface Early {
  readonly tell: () => void;
  readonly fail: (cause: unknown) => void;
}

/**
 * Tracks callers' memory while it is being sent. A caller may change the memory once it gets its answer, and a server
 * that answers before it has read everything would then read the changed bytes. So an early answer is held back until
 * the operating system has taken all the data. Until then the request counts as unanswered, and fails if the
 * connection is lost.
 */
export class Loans {
  readonly #early = new Set<Early>();

  /** Number of answers held back. */
  get size(): number {
    return this.#early.size;
  }

  /** The answer that has been held back longest. */
  get oldest(): object | undefined {
    return this.#early.values().next().value;
  }

  begin(): Loan {
    return new Loan(this.#early);
  }

  /** The connection is closed: the held answers fail. */
  closed(cause: unknown): void {
    const early = [...this.#early];
    this.#early.clear();
    for (const { fail } of early) fail(cause);
  }
}

/** The memory of one frame. */
export class Loan {
  readonly #early: Set<Early>;
  #out = true;
  #held: Early[] | undefined;

  constructor(early: Set<Early>) {
    this.#early = early;
  }

  /** Calls `tell` now, or once the memory has been sent; calls `fail` if the connection closes first. */
  answer(tell: () => void, fail: (cause: unknown) => void): void {
    if (!this.#out) return tell();
    const early = { tell, fail };
    this.#early.add(early);
    this.#held ??= [];
    this.#held.push(early);
  }

  /** The memory has been sent; delivers the answers held back for it. */
  readonly end = (): void => {
    this.#out = false;
    const held = this.#held;
    this.#held = undefined;
    if (!held) return;
    for (const early of held) if (this.#early.delete(early)) early.tell();
  };
}
