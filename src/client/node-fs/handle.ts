import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { joined } from '#engine/frame-port.js';
import { basicInfo } from '../basic-info.js';
import type { File } from '../file.js';
import type { Share } from '../share.js';
import type { ReadStreamOptions, WriteStreamOptions } from '../streams.js';
import { integer, invalidType, part } from './arguments.js';
import { bufferOf, type Encoded, type FileData, optionsOf, piecesOf } from './data.js';
import { FsError, syscall } from './errors.js';
import type { Opening } from './flags.js';
import { type Mode, withMode } from './open.js';
import { BigIntStats, Stats } from './stats.js';

/** What to read, as options. */
export interface ReadOptions {
  readonly buffer?: NodeJS.ArrayBufferView | undefined;
  readonly offset?: number | null | undefined;
  readonly length?: number | null | undefined;
  readonly position?: number | bigint | null | undefined;
}

/** What to write, as options. */
export interface WriteOptions {
  readonly offset?: number | null | undefined;
  readonly length?: number | null | undefined;
  readonly position?: number | null | undefined;
}

interface Closing {
  /** The handle is closed with the stream; true when absent. */
  readonly autoClose?: boolean | undefined;
}

/** A moment as Node takes it: a date, or seconds since 1970. */
export type TimeLike = string | number | Date;

const READ_SIZE = 16384;
let handles = 100;

/** What is meant, to the nanosecond where it is seconds. */
export function momentOf(time: TimeLike): Date | bigint {
  if (time instanceof Date) return time;
  const seconds = typeof time === 'string' && time.trim() === '' ? Number.NaN : Number(time);
  if (!Number.isFinite(seconds) || (typeof time !== 'string' && typeof time !== 'number')) {
    throw invalidType('time', 'an instance of Date or a time in seconds', time);
  }
  const whole = Math.floor(seconds);
  return BigInt(whole) * 1_000_000_000n + BigInt(Math.round((seconds - whole) * 1e9));
}

/** Below 0 is 0, as Node has it. */
export function sizeOf(length: number): number {
  return Math.max(0, integer('len', length, Number.MIN_SAFE_INTEGER));
}

/** What a handle tells. */
export interface FileHandleEvents {
  close: [];
}

/** As `fs.promises.FileHandle`, on a file of a share. */
export class FileHandle extends EventEmitter<FileHandleEvents> implements AsyncDisposable {
  /** Tells handles apart; no descriptor of this machine. */
  readonly fd: number = ++handles;
  readonly #share: Share;
  readonly #file: File;
  readonly #append: boolean;
  readonly #reads: boolean;
  readonly #writes: boolean;
  #position = 0;

  /** Made by `share.fs.open`. */
  constructor(share: Share, file: File, { append, options: { access } }: Opening) {
    super();
    this.#share = share;
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
    if (typeof first !== 'object') return Promise.reject(invalidType('options', 'of type object', first));
    const view = ArrayBuffer.isView(first);
    const wish: ReadOptions = view
      ? typeof second === 'object' && second !== null
        ? second
        : { offset: second ?? 0, length: third ?? null, position: fourth ?? null }
      : first;
    const buffer = view ? first : (first.buffer ?? Buffer.alloc(READ_SIZE));
    return this.#about('read', async () => {
      const into = part(buffer, wish.offset, wish.length);
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
    if (!ArrayBuffer.isView(data)) {
      throw invalidType('buffer', 'of type string or an instance of Buffer, TypedArray, or DataView', data);
    }
    const bytes = part(data, wish.offset, wish.length);
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

  async #write(bytes: Uint8Array, position: number | null | undefined, signal?: AbortSignal): Promise<void> {
    if (this.#append) return this.#about('write', () => this.#file.appendFile(bytes, { signal }), signal);
    const at = this.#at(position);
    // At once: whoever does not wait for one write before the next does not want them on top of each other.
    if (this.#writes) this.#moved(position, bytes.length);
    await this.#about('write', () => this.#file.write(bytes, at, { signal }), signal);
  }

  /** From where it stands to the end. */
  readFile(options?: null | { readonly encoding?: null | undefined; readonly signal?: AbortSignal }): Promise<Buffer>;
  /** From where it stands to the end, as text. */
  readFile(options: BufferEncoding | { readonly encoding: BufferEncoding }): Promise<string>;
  async readFile(options?: Encoded<{ signal?: AbortSignal }>): Promise<string | Buffer> {
    const { encoding, signal } = optionsOf(options);
    const parts: Buffer[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of this.#file.chunks({ start: this.#position, signal })) parts.push(bufferOf(chunk));
    };
    await this.#about('read', read, signal);
    const all = bufferOf(joined(parts));
    this.#position += all.length;
    return encoding === undefined ? all : all.toString(encoding);
  }

  /** From where it stands on. */
  async writeFile(data: FileData, options?: Encoded<{ readonly signal?: AbortSignal | undefined }>): Promise<void> {
    const { encoding, signal } = optionsOf(options);
    const pieces = piecesOf(data, encoding);
    if (Buffer.isBuffer(pieces)) return this.#write(pieces, null, signal);
    for await (const piece of pieces) await this.#write(piece, null, signal);
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
    return this.#about('ftruncate', async () => {
      if (!this.#writes) throw new FsError('EINVAL', { syscall: 'ftruncate' });
      await this.#file.truncate(sizeOf(length));
    });
  }

  utimes(atime: TimeLike, mtime: TimeLike): Promise<void> {
    return this.#about('futime', async () => {
      const times = { atime: momentOf(atime), mtime: momentOf(mtime) };
      // To a handle that only reads SMB does not give the right for it.
      await (this.#writes ? this.#file.utimes(times) : this.#share.utimes(this.#file.path, times));
    });
  }

  /** Owners are not kept. */
  chown(_uid: number, _gid: number): Promise<void> {
    return this.#about('fchown', async () => undefined);
  }

  /** Whoever may not write makes it read-only. */
  chmod(mode: Mode): Promise<void> {
    return this.#about('fchmod', async () => {
      const attributes = withMode((await this.#file.stat()).attributes, mode);
      if (attributes === undefined) return;
      if (this.#writes) await this.#file.setInfo(basicInfo({ attributes }));
      else await this.#share.setAttributes(this.#file.path, attributes);
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

  createReadStream({ autoClose, ...options }: ReadStreamOptions & Closing = {}): Readable {
    return this.#closedBy(this.#file.createReadStream({ start: this.#position, ...options }), autoClose);
  }

  createWriteStream({ autoClose, ...options }: Omit<WriteStreamOptions, 'flags'> & Closing = {}): Writable {
    const place = this.#append ? { flags: 'a' as const } : { start: this.#position };
    return this.#closedBy(this.#file.createWriteStream({ ...place, ...options }), autoClose);
  }

  // As Node's: who streams a handle is done with it.
  #closedBy<T extends Readable | Writable>(stream: T, autoClose: boolean = true): T {
    if (autoClose) stream.once('close', () => void this.close().catch(() => undefined));
    return stream;
  }

  readableWebStream(): ReadableStream<Uint8Array> {
    return this.#file.readable({ start: this.#position });
  }

  /** Its lines, from where it stands to the end; then it is closed. */
  async *readLines(options: { readonly encoding?: BufferEncoding } = {}): AsyncGenerator<string, void, undefined> {
    try {
      yield* this.#file.readLines({ start: this.#position, ...options });
    } finally {
      await this.close();
    }
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

  #about<T>(name: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const may = name === 'read' ? this.#reads : name !== 'write' || this.#writes;
    if (!may || !this.#file.isOpen) return Promise.reject(new FsError('EBADF', { syscall: name }));
    return syscall({ syscall: name, signal }, work);
  }
}
