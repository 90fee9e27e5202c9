/** One thing after the other for each key: what reads before it writes must not be torn. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Does something when all that was asked for before under the key is done, however that ended. */
  take<T>(key: string, deed: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = before === undefined ? deed() : before.then(deed, deed);
    const settled = mine.then(ignore, ignore).then(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    });
    this.#last.set(key, settled);
    return mine;
  }

  /** Keys that something is done or waits under. */
  get size(): number {
    return this.#last.size;
  }
}

function ignore(): void {}
