import type { DirectoryEntry } from './node-stat.js';

type Batches<T> = AsyncGenerator<T[], void, undefined>;

/** The entries of a directory: iterate over them once, or get them all at once. */
export class Listing implements AsyncIterableIterator<DirectoryEntry, void, undefined> {
  readonly #batches: Batches<DirectoryEntry>;
  /** A listing of names only, if available. */
  readonly #names: Batches<string> | undefined;
  readonly #signal: AbortSignal | undefined;
  #batch: readonly DirectoryEntry[] = [];
  #at = 0;
  #more: Promise<boolean> | undefined;
  #begun = false;

  /** Created by `share.readdir`. */
  constructor(
    batches: AsyncGenerator<DirectoryEntry[], void, undefined>,
    names?: AsyncGenerator<string[], void, undefined>,
    signal?: AbortSignal,
  ) {
    this.#batches = batches;
    this.#names = names;
    this.#signal = signal;
  }

  /** Fetches the first entries; fails if there is no such directory. */
  async begin(): Promise<void> {
    if (!this.#begun) await this.#fetch();
  }

  async next(): Promise<IteratorResult<DirectoryEntry, void>> {
    // After an abort, buffered entries are not delivered either.
    if (this.#signal?.aborted) {
      await this.return();
      throw this.#signal.reason;
    }
    while (this.#at === this.#batch.length) {
      if (!(await this.#fetch())) return { done: true, value: undefined };
    }
    return { done: false, value: this.#batch[this.#at++] as DirectoryEntry };
  }

  /** Fetches the next batch, shared by all concurrent callers; false at the end. */
  #fetch(): Promise<boolean> {
    this.#begun = true;
    this.#more ??= this.#batches.next().then(({ done, value }) => {
      this.#more = undefined;
      if (done) return false;
      this.#batch = value;
      this.#at = 0;
      return true;
    });
    return this.#more;
  }

  /** Ends the listing and closes what is open on the server for it. */
  async return(): Promise<IteratorResult<DirectoryEntry, void>> {
    await this.#batches.return();
    this.#at = this.#batch.length;
    return { done: true, value: undefined };
  }

  async close(): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** All entries. */
  async toArray(): Promise<DirectoryEntry[]> {
    const all = this.#batch.slice(this.#at);
    this.#at = this.#batch.length;
    while (await this.#fetch()) {
      for (const entry of this.#batch) all.push(entry);
      this.#at = this.#batch.length;
    }
    return all;
  }

  /** The names of all entries. Requests nothing else from the server if the iteration has not begun. */
  async names(): Promise<string[]> {
    if (this.#begun || !this.#names) return (await this.toArray()).map(({ name }) => name);
    const all: string[] = [];
    for await (const batch of this.#names) for (const name of batch) all.push(name);
    await this.close();
    return all;
  }
}
