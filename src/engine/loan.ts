/**
 * Memory of a caller that is being sent. It may change as soon as the caller hears of an answer, and a server that
 * answers before it has read all would get to see that. So answers wait until the system has taken everything.
 */
export class Loan {
  #held: (() => void)[] | undefined = [];

  /** Tells of an answer, now or when the memory is free. */
  answer(tell: () => void): void {
    if (this.#held) this.#held.push(tell);
    else tell();
  }

  /** Nobody looks at the memory any more. */
  readonly end = (): void => {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const tell of held) tell();
  };
}
