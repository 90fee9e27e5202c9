/** An answer that came before what it answers was sent. */
interface Early {
  readonly tell: () => void;
  readonly fail: (cause: unknown) => void;
}

/**
 * Memory of callers that is being sent. It may change as soon as its caller hears of an answer, and a server that answers
 * before it has read all would get to see that. So such answers wait until the system has taken everything. A server owes
 * it to read on: until then the request counts as one that was not answered, and when the connection is lost, it was not.
 */
export class Loans {
  readonly #early = new Set<Early>();

  /** Answers that wait. */
  get size(): number {
    return this.#early.size;
  }

  /** That which waits longest. */
  get oldest(): object | undefined {
    return this.#early.values().next().value;
  }

  begin(): Loan {
    return new Loan(this.#early);
  }

  /** Nothing is sent any more. */
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

  /** Tells of an answer, now or when the memory is free; fails where that is never. */
  answer(tell: () => void, fail: (cause: unknown) => void): void {
    if (!this.#out) return tell();
    const early = { tell, fail };
    this.#early.add(early);
    this.#held ??= [];
    this.#held.push(early);
  }

  /** Nobody looks at the memory any more. */
  readonly end = (): void => {
    this.#out = false;
    const held = this.#held;
    this.#held = undefined;
    if (!held) return;
    for (const early of held) if (this.#early.delete(early)) early.tell();
  };
}
