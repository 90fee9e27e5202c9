/** What is under way with an open file: whoever closes it waits for it, as it uses the handle. */
export class Work {
  #running = 0;
  #waiting: (() => void)[] | undefined;

  /** Counts a deed in until it has ended. */
  async hold<T>(deed: Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await deed;
    } finally {
      if (--this.#running === 0) this.#end();
    }
  }

  /** Comes when nothing is under way; undefined when nothing is now. */
  idle(): Promise<void> | undefined {
    if (this.#running === 0) return undefined;
    return new Promise((resolve) => {
      this.#waiting ??= [];
      this.#waiting.push(resolve);
    });
  }

  #end(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const resolve of waiting) resolve();
  }
}
