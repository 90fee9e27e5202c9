/** Serializes operations per key, so that read-modify-write sequences do not interleave. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs an operation after all earlier ones of the same key have ended, successfully or not. */
  take<T>(key: string, deed: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = before === undefined ? deed() : before.then(deed, deed);
    const settled = mine.then(ignore, ignore).then(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    });
    this.#last.set(key, settled);
    return mine;
  }

  /** Number of keys with running or waiting operations. */
  get size(): number {
    return this.#last.size;
  }
}

function ignore(): void {}
