import { UsageError } from '#wire/erref/errors.js';
import { NodeStat } from './node-stat.js';
import type { Control, FileProtocol, Handle } from './protocol.js';
import { readAhead, readInto, writeAll } from './transfer.js';

/** What every call of a file or share takes. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** An open file. */
export class File {
  /** From the share's root, with slashes. */
  readonly path: string;
  /** True if opening made it. */
  readonly created: boolean;
  readonly #protocol: FileProtocol;
  #handle: Handle | undefined;
  readonly #onClose: (file: File) => void;

  /** Made by `share.open`. */
  constructor(protocol: FileProtocol, handle: Handle, path: string, onClose: (file: File) => void) {
    this.path = path;
    this.created = !handle.existed;
    this.#protocol = protocol;
    this.#handle = handle;
    this.#onClose = onClose;
  }

  /** False once `close` was called. */
  get isOpen(): boolean {
    return this.#handle !== undefined;
  }

  /**
   * Reads into the buffer, from a position of the file. Returns how many bytes there were: less than the buffer holds
   * only at the end of the file.
   */
  read(buffer: Uint8Array, position: number, options: CallOptions = {}): Promise<number> {
    return this.#with((handle) => readInto(this.#protocol, handle, buffer, position, options));
  }

  /** Writes all of the data at a position of the file. */
  write(data: Uint8Array | string, position: number, options: CallOptions = {}): Promise<void> {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    return this.#with((handle) => writeAll(this.#protocol, handle, bytes, position, options));
  }

  /** The bytes from `start` to before `end` in order, read ahead. */
  async *chunks(
    options: CallOptions & { start?: number; end?: number } = {},
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { start = 0, end = Number.MAX_SAFE_INTEGER } = options;
    const size = await this.#with((handle) => this.#protocol.inspect(handle, options)).then((info) => info.size);
    yield* readAhead(this.#protocol, this.#live(), start, Math.min(end, size), options);
  }

  stat(options: CallOptions = {}): Promise<NodeStat> {
    return this.#with(async (handle) => new NodeStat(await this.#protocol.inspect(handle, options)));
  }

  /** Cuts or extends it to a size. */
  truncate(size: number, options: CallOptions = {}): Promise<void> {
    return this.#with((handle) => this.#protocol.truncate(handle, size, options));
  }

  /** Returns when the server has put what was written where it survives a loss of power. */
  flush(options: CallOptions = {}): Promise<void> {
    return this.#with((handle) => this.#protocol.flush(handle, options));
  }

  /** Copies all of another file of this share into this one, without the bytes passing through here. */
  copyFrom(source: File, size: number, options: Control = {}): Promise<boolean> {
    return this.#with((handle) => this.#protocol.copyRange(source.#live(), handle, size, options));
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    if (handle === undefined) return;
    this.#handle = undefined;
    this.#onClose(this);
    await this.#protocol.close(handle);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #live(): Handle {
    if (this.#handle === undefined) throw new UsageError(`${this.path} is closed`);
    return this.#handle;
  }

  async #with<T>(work: (handle: Handle) => Promise<T>): Promise<T> {
    return work(this.#live());
  }
}
