import type { DirectoryEntry } from './node-stat.js';

/** A directory being read: to be iterated once, or taken as a whole. */
export class Listing implements AsyncIterableIterator<DirectoryEntry, void, undefined> {
  readonly #entries: AsyncGenerator<DirectoryEntry, void, undefined>;
  #first: IteratorResult<DirectoryEntry, void> | undefined;

  /** Made by `share.readdir`. */
  constructor(entries: AsyncGenerator<DirectoryEntry, void, undefined>) {
    this.#entries = entries;
  }

  /** Asks for the first entries, which fails if there is no such directory. */
  async begin(): Promise<void> {
    this.#first ??= await this.#entries.next();
  }

  async next(): Promise<IteratorResult<DirectoryEntry, void>> {
    const first = this.#first;
    this.#first = undefined;
    return first ?? this.#entries.next();
  }

  /** Ends it; what is open at the server for it is closed. */
  async return(): Promise<IteratorResult<DirectoryEntry, void>> {
    return this.#entries.return();
  }

  async close(): Promise<void> {
    await this.#entries.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** All entries. */
  async toArray(): Promise<DirectoryEntry[]> {
    const all: DirectoryEntry[] = [];
    for await (const entry of this) all.push(entry);
    return all;
  }

  /** The names of all entries. */
  async names(): Promise<string[]> {
    return (await this.toArray()).map(({ name }) => name);
  }
}
