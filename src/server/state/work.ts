/** Operations in progress on an open file: closing waits for them, as they use the handle. */
export class Work {
  #running = 0;
  #waiting: (() => void)[] | undefined;

  /** Counts an operation until it has ended. */
  async hold<T>(deed: Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await deed;
    } finally {
      if (--this.#running === 0) this.#end();
    }
  }

  /** Resolves when no operation is in progress; undefined if none is now. */
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
