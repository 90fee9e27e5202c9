import type { Listing } from '../listing.js';
import { syscall } from './errors.js';
import type { FsBuffer } from './node-types.js';
import { Dirent } from './stats.js';

type Encode = ((name: string) => string | FsBuffer) | undefined;

/** Like `fs.Dir`. */
export class Dir implements AsyncIterable<Dirent>, AsyncDisposable {
  readonly path: string;
  readonly #listing: Listing;
  readonly #encode: Encode;
  #closed = false;

  /** Created by `share.fs.opendir`. */
  constructor(path: string, listing: Listing, encode?: Encode) {
    this.path = path;
    this.#listing = listing;
    this.#encode = encode;
  }

  /** The next entry, or null at the end. */
  read(): Promise<Dirent | null>;
  /** The next entry, or null at the end. */
  read(callback: (error: unknown, entry: Dirent | null) => void): void;
  read(callback?: (error: unknown, entry: Dirent | null) => void): Promise<Dirent | null> | undefined {
    const reading = this.#next();
    if (!callback) return reading;
    reading.then(
      (entry) => callback(null, entry),
      (error) => callback(error, null),
    );
    return undefined;
  }

  async #next(): Promise<Dirent | null> {
    this.#mustBeOpen();
    const next = await syscall({ syscall: 'scandir', path: this.path }, () => this.#listing.next());
    if (next.done) return null;
    const { name } = next.value;
    return new Dirent(next.value, (this.#encode?.(name) ?? name) as string, this.path);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Dirent, void, undefined> {
    try {
      for (let entry = await this.read(); entry !== null; entry = await this.read()) yield entry;
    } finally {
      if (!this.#closed) await this.close();
    }
  }

  close(): Promise<void>;
  close(callback: (error: unknown) => void): void;
  close(callback?: (error: unknown) => void): Promise<void> | undefined {
    const closing = this.#close();
    if (!callback) return closing;
    closing.then(() => callback(null), callback);
    return undefined;
  }

  async #close(): Promise<void> {
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
