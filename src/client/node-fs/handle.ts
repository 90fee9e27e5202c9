import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { joined } from '#engine/frame-port.js';
import { basicInfo } from '../basic-info.js';
import type { File } from '../file.js';
import type { ReadStreamOptions, WriteStreamOptions } from '../streams.js';
import { bufferOf, type Encoded, type FileData, optionsOf, piecesOf } from './data.js';
import { FsError, syscall } from './errors.js';
import type { Opening } from './flags.js';
import { type Mode, withMode } from './open.js';
import { BigIntStats, Stats } from './stats.js';

/** What to read, as options. */
export interface ReadOptions {
  readonly buffer?: NodeJS.ArrayBufferView;
  readonly offset?: number | null;
  readonly length?: number | null;
  readonly position?: number | bigint | null;
}

/** What to write, as options. */
export interface WriteOptions {
  readonly offset?: number | null;
  readonly length?: number | null;
  readonly position?: number | null;
}

/** A moment as Node takes it: a date, or seconds since 1970. */
export type TimeLike = string | number | Date;

const READ_SIZE = 16384;
let handles = 100;

export function dateOf(time: TimeLike): Date {
  if (time instanceof Date) return time;
  return new Date(Number(time) * 1000);
}

/** What a handle tells. */
export interface FileHandleEvents {
  close: [];
}

/** As `fs.promises.FileHandle`, on a file of a share. */
export class FileHandle extends EventEmitter<FileHandleEvents> implements AsyncDisposable {
  /** Tells handles apart; no descriptor of this machine. */
  readonly fd: number = ++handles;
  readonly #file: File;
  readonly #append: boolean;
  readonly #reads: boolean;
  readonly #writes: boolean;
  #position = 0;
  #appended: Promise<void> = Promise.resolve();

  /** Made by `share.fs.open`. */
  constructor(file: File, { append, options: { access } }: Opening) {
    super();
    this.#file = file;
    this.#append = append;
    this.#reads = access !== 'write';
    this.#writes = access !== 'read';
  }

  /** The file itself, with all that SMB knows of it. */
  get file(): File {
    return this.#file;
  }

  read<T extends NodeJS.ArrayBufferView = Buffer>(
    buffer: T,
    offset?: number | null,
    length?: number | null,
    position?: number | bigint | null,
  ): Promise<{ bytesRead: number; buffer: T }>;
  read<T extends NodeJS.ArrayBufferView = Buffer>(
    buffer: T,
    options?: ReadOptions,
  ): Promise<{ bytesRead: number; buffer: T }>;
  read(options?: ReadOptions): Promise<{ bytesRead: number; buffer: NodeJS.ArrayBufferView }>;
  read(
    first: NodeJS.ArrayBufferView | ReadOptions = {},
    second?: number | null | ReadOptions,
    third?: number | null,
    fourth?: number | bigint | null,
  ): Promise<{ bytesRead: number; buffer: NodeJS.ArrayBufferView }> {
    const view = ArrayBuffer.isView(first);
    const wish: ReadOptions = view
      ? typeof second === 'object' && second !== null
        ? second
        : { offset: second ?? 0, length: third ?? null, position: fourth ?? null }
      : first;
    const buffer = view ? first : (first.buffer ?? Buffer.alloc(READ_SIZE));
    return this.#about('read', async () => {
      const offset = wish.offset ?? 0;
      const into = bufferOf(buffer).subarray(offset, offset + (wish.length ?? buffer.byteLength - offset));
      const bytesRead = await this.#file.read(into, this.#at(wish.position));
      this.#moved(wish.position, bytesRead);
      return { bytesRead, buffer };
    });
  }

  async readv<T extends readonly NodeJS.ArrayBufferView[]>(
    buffers: T,
    position?: number | null,
  ): Promise<{ bytesRead: number; buffers: T }> {
    const bytesRead = await this.#about('read', () => this.#file.readv(buffers.map(bufferOf), this.#at(position)));
    this.#moved(position, bytesRead);
    return { bytesRead, buffers };
  }

  write(
    text: string,
    position?: number | null,
    encoding?: BufferEncoding,
  ): Promise<{ bytesWritten: number; buffer: string }>;
  write<T extends NodeJS.ArrayBufferView>(
    buffer: T,
    offset?: number | null | WriteOptions,
    length?: number | null,
    position?: number | null,
  ): Promise<{ bytesWritten: number; buffer: T }>;
  async write(
    data: string | NodeJS.ArrayBufferView,
    second?: number | null | WriteOptions,
    third?: number | BufferEncoding | null,
    fourth?: number | null,
  ): Promise<{ bytesWritten: number; buffer: string | NodeJS.ArrayBufferView }> {
    if (typeof data === 'string') {
      const bytes = Buffer.from(data, typeof third === 'string' ? third : 'utf8');
      await this.#write(bytes, typeof second === 'number' ? second : undefined);
      return { bytesWritten: bytes.length, buffer: data };
    }
    const wish: WriteOptions =
      typeof second === 'object' && second !== null
        ? second
        : { offset: second ?? 0, length: typeof third === 'number' ? third : null, position: fourth ?? null };
    const offset = wish.offset ?? 0;
    const bytes = bufferOf(data).subarray(offset, offset + (wish.length ?? data.byteLength - offset));
    await this.#write(bytes, wish.position);
    return { bytesWritten: bytes.length, buffer: data };
  }

  async writev<T extends readonly NodeJS.ArrayBufferView[]>(
    buffers: T,
    position?: number | null,
  ): Promise<{ bytesWritten: number; buffers: T }> {
    const bytes = joined(buffers.map(bufferOf));
    await this.#write(bytes, position);
    return { bytesWritten: bytes.length, buffers };
  }

  async #write(bytes: Uint8Array, position: number | null | undefined): Promise<void> {
    if (this.#append) return this.#behind(bytes);
    const at = this.#at(position);
    // At once: whoever does not wait for one write before the next does not want them on top of each other.
    if (this.#writes) this.#moved(position, bytes.length);
    await this.#about('write', () => this.#file.write(bytes, at));
  }

  // Where the end is has to be asked for: one after the other.
  #behind(bytes: Uint8Array): Promise<void> {
    const write = this.#appended.then(() => this.#about('write', () => this.#file.appendFile(bytes)));
    this.#appended = write.catch(() => undefined);
    return write;
  }

  readFile(options?: null | { readonly encoding?: null | undefined; readonly signal?: AbortSignal }): Promise<Buffer>;
  readFile(options: BufferEncoding | { readonly encoding: BufferEncoding }): Promise<string>;
  /** From where it stands to the end. */
  async readFile(options?: Encoded<{ signal?: AbortSignal }>): Promise<string | Buffer> {
    const { encoding, signal } = optionsOf(options);
    const parts: Buffer[] = [];
    await this.#about('read', async () => {
      for await (const chunk of this.#file.chunks({ start: this.#position, signal })) parts.push(bufferOf(chunk));
    });
    const all = bufferOf(joined(parts));
    this.#position += all.length;
    return encoding === undefined ? all : all.toString(encoding);
  }

  /** From where it stands on. */
  async writeFile(data: FileData, options?: Encoded): Promise<void> {
    const pieces = piecesOf(data, optionsOf(options).encoding);
    if (Buffer.isBuffer(pieces)) return this.#write(pieces, null);
    for await (const piece of pieces) await this.#write(piece, null);
  }

  appendFile(data: FileData, options?: Encoded): Promise<void> {
    return this.writeFile(data, options);
  }

  stat(options?: { readonly bigint?: false | undefined }): Promise<Stats>;
  stat(options: { readonly bigint: true }): Promise<BigIntStats>;
  async stat(options: { readonly bigint?: boolean | undefined } = {}): Promise<Stats | BigIntStats> {
    const node = await this.#about('fstat', () => this.#file.stat());
    return options.bigint ? new BigIntStats(node) : new Stats(node);
  }

  truncate(length = 0): Promise<void> {
    return this.#about('ftruncate', () => this.#file.truncate(length));
  }

  utimes(atime: TimeLike, mtime: TimeLike): Promise<void> {
    return this.#about('futime', () => this.#file.utimes({ atime: dateOf(atime), mtime: dateOf(mtime) }));
  }

  /** Whoever may not write makes it read-only. */
  chmod(mode: Mode): Promise<void> {
    return this.#about('fchmod', async () => {
      const attributes = withMode((await this.#file.stat()).attributes, mode);
      if (attributes !== undefined) await this.#file.setInfo(basicInfo({ attributes }));
    });
  }

  sync(): Promise<void> {
    return this.#flush('fsync');
  }

  datasync(): Promise<void> {
    return this.#flush('fdatasync');
  }

  // SMB wants the right to write for it; who cannot write has nothing to flush.
  async #flush(name: string): Promise<void> {
    if (this.#writes) await this.#about(name, () => this.#file.flush());
  }

  createReadStream(options: ReadStreamOptions & { encoding?: BufferEncoding } = {}): Readable {
    const stream = this.#file.createReadStream({ start: this.#position, ...options });
    if (options.encoding) stream.setEncoding(options.encoding);
    return this.#closedBy(stream);
  }

  createWriteStream(options: WriteStreamOptions = {}): Writable {
    return this.#closedBy(this.#file.createWriteStream({ start: this.#position, ...options }));
  }

  // As Node's: who streams a handle is done with it.
  #closedBy<T extends Readable | Writable>(stream: T): T {
    stream.once('close', () => void this.close().catch(() => undefined));
    return stream;
  }

  readableWebStream(): ReadableStream<Uint8Array> {
    return this.#file.readable({ start: this.#position });
  }

  readLines(options: { readonly encoding?: 'utf8' | 'latin1' } = {}): AsyncGenerator<string, void, undefined> {
    return this.#file.readLines(options);
  }

  async close(): Promise<void> {
    if (!this.#file.isOpen) return;
    await this.#about('close', () => this.#file.close());
    this.emit('close');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #at(position: number | bigint | null | undefined): number {
    const at = Number(position ?? -1);
    return at >= 0 ? at : this.#position;
  }

  #moved(position: number | bigint | null | undefined, count: number): void {
    if (Number(position ?? -1) < 0) this.#position += count;
  }

  #about<T>(name: string, work: () => Promise<T>): Promise<T> {
    const may = name === 'read' ? this.#reads : name !== 'write' || this.#writes;
    if (!may || !this.#file.isOpen) return Promise.reject(new FsError('EBADF', { syscall: name }));
    return syscall({ syscall: name }, work);
  }
}
