import type { Listing } from '../listing.js';
import { syscall } from './errors.js';
import { Dirent } from './stats.js';

/** As `fs.Dir`. */
export class Dir implements AsyncIterable<Dirent>, AsyncDisposable {
  readonly path: string;
  readonly #listing: Listing;
  #closed = false;

  /** Made by `share.fs.opendir`. */
  constructor(path: string, listing: Listing) {
    this.path = path;
    this.#listing = listing;
  }

  /** The next entry, or null at the end. */
  async read(): Promise<Dirent | null> {
    this.#mustBeOpen();
    const next = await syscall({ syscall: 'scandir', path: this.path }, () => this.#listing.next());
    return next.done ? null : new Dirent(next.value, next.value.name);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Dirent, void, undefined> {
    try {
      for (let entry = await this.read(); entry !== null; entry = await this.read()) yield entry;
    } finally {
      if (!this.#closed) await this.close();
    }
  }

  async close(): Promise<void> {
    this.#mustBeOpen();
    this.#closed = true;
    await this.#listing.close();
  }

  #mustBeOpen(): void {
    if (!this.#closed) return;
    throw Object.assign(new Error('Directory handle was closed'), { code: 'ERR_DIR_CLOSED' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closed) await this.close();
  }
}
