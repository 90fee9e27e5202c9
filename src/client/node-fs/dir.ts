import type { Listing } from '../listing.js';
import { syscall } from './errors.js';
import { Dirent } from './stats.js';

/** As `fs.Dir`. */
export class Dir implements AsyncIterable<Dirent>, AsyncDisposable {
  readonly path: string;
  readonly #listing: Listing;

  /** Made by `share.fs.opendir`. */
  constructor(path: string, listing: Listing) {
    this.path = path;
    this.#listing = listing;
  }

  /** The next entry, or null at the end. */
  async read(): Promise<Dirent | null> {
    const next = await syscall({ syscall: 'scandir', path: this.path }, () => this.#listing.next());
    return next.done ? null : new Dirent(next.value);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Dirent, void, undefined> {
    try {
      for (let entry = await this.read(); entry !== null; entry = await this.read()) yield entry;
    } finally {
      await this.close();
    }
  }

  close(): Promise<void> {
    return this.#listing.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
