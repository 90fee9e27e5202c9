import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { joined } from '#engine/frame-port.js';
import { basicInfo } from '../basic-info.js';
import type { Progress } from '../call-options.js';
import type { File } from '../file.js';
import type { Share } from '../share.js';
import type { ReadStreamOptions, WriteStreamOptions } from '../streams.js';
import { integer, invalidType, outOfRange, owners, part, signalOf, views } from './arguments.js';
import { bufferOf, type Encoded, type FileData, optionsOf, piecesOf } from './data.js';
import { FsError, handleClosed, syscall } from './errors.js';
import type { Opening } from './flags.js';
import { checkMode, type Mode, withMode } from './open.js';
import { BigIntStats, Stats } from './stats.js';

/** The options form of `read`. */
export interface ReadOptions {
  readonly buffer?: NodeJS.ArrayBufferView | undefined;
  readonly offset?: number | null | undefined;
  readonly length?: number | null | undefined;
  readonly position?: number | bigint | null | undefined;
}

/** The options form of `write`. */
export interface WriteOptions {
  readonly offset?: number | null | undefined;
  readonly length?: number | null | undefined;
  readonly position?: number | null | undefined;
}

interface Closing {
  /** Closes the handle with the stream; true by default. */
  readonly autoClose?: boolean | undefined;
}

/** A stream with a `bytesWritten` count, like those of `node:fs`. */
export type CountingWritable = Writable & { readonly bytesWritten: number };

/** A time as Node accepts it: a date, or seconds since 1970. */
export type TimeLike = string | number | Date;

const READ_SIZE = 16384;
let handles = 100;

/** Converts a time; seconds are kept to the nanosecond. */
export function momentOf(time: TimeLike): Date | bigint {
  if (time instanceof Date) return time;
  const seconds = typeof time === 'string' || typeof time === 'number' ? Number(time) : Number.NaN;
  if (!Number.isFinite(seconds)) throw invalidType('time', 'an instance of Date or an Time in seconds', time);
  const whole = Math.floor(seconds);
  return BigInt(whole) * 1_000_000_000n + BigInt(Math.round((seconds - whole) * 1e9));
}

/** Negative sizes count as 0, as in Node. */
export function sizeOf(length: number): number {
  return Math.max(0, integer('len', length, Number.MIN_SAFE_INTEGER));
}

/** Events of a file handle. */
export interface FileHandleEvents {
  close: [];
}

/** Like `fs.promises.FileHandle`, for a file on a share. */
export class FileHandle extends EventEmitter<FileHandleEvents> implements AsyncDisposable {
  readonly #fd: number = ++handles;
  readonly #share: Share;
  readonly #file: File;
  readonly #append: boolean;
  readonly #reads: boolean;
  readonly #writes: boolean;
  #position = 0;

  /** Created by `share.fs.open`. */
  constructor(share: Share, file: File, { append, options: { access } }: Opening) {
    super();
    this.#share = share;
    this.#file = file;
    this.#append = append;
    this.#reads = access !== 'write';
    this.#writes = access !== 'read';
  }

  /** Identifies the handle; -1 once it is closed. It is no descriptor of this machine. */
  get fd(): number {
    return this.#file.isOpen ? this.#fd : -1;
  }

  /** The underlying file, for everything that is specific to SMB. */
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
  async read(
    given: NodeJS.ArrayBufferView | ReadOptions | null = {},
    second?: number | null | ReadOptions,
    third?: number | null,
    fourth?: number | bigint | null,
  ): Promise<{ bytesRead: number; buffer: NodeJS.ArrayBufferView }> {
    const first = given ?? {};
    if (typeof first !== 'object') throw invalidType('options', 'of type object', first);
    const view = ArrayBuffer.isView(first);
    const wish: ReadOptions = view
      ? typeof second === 'object' && second !== null
        ? second
        : { offset: second ?? 0, length: third ?? null, position: fourth ?? null }
      : first;
    const buffer = view ? first : (first.buffer ?? Buffer.alloc(READ_SIZE));
    this.#mustBeOpen('read');
    const into = part(buffer, wish.offset, wish.length);
    const from = positionOf(wish.position);
    const bytesRead = await this.#about('read', () => this.#file.read(into, this.#at(from)));
    this.#moved(from, bytesRead);
    return { bytesRead, buffer };
  }

  async readv<T extends readonly NodeJS.ArrayBufferView[]>(
    buffers: T,
    position?: number | null,
  ): Promise<{ bytesRead: number; buffers: T }> {
    this.#mustBeOpen('readv');
    const into = views(buffers).map(bufferOf);
    // As on Linux. Writing an empty list is no error in Node.
    if (into.length === 0) throw new FsError('EINVAL', { syscall: 'read' });
    const bytesRead = await this.#about('read', () => this.#file.readv(into, this.#at(position)));
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
    this.#mustBeOpen('write');
    if (typeof data === 'string') {
      const bytes = Buffer.from(data, Buffer.isEncoding(String(third)) ? (third as BufferEncoding) : 'utf8');
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
    this.#mustBeOpen('writev');
    const bytes = joined(views(buffers).map(bufferOf));
    await this.#write(bytes, position);
    return { bytesWritten: bytes.length, buffers };
  }

  async #write(bytes: Uint8Array, position: number | null | undefined, signal?: AbortSignal): Promise<void> {
    if (this.#append) return this.#about('write', () => this.#file.appendFile(bytes, { signal }), signal);
    const at = this.#at(position);
    // Advance before writing, so that writes that are not awaited do not overwrite each other.
    if (this.#writes) this.#moved(position, bytes.length);
    await this.#about('write', () => this.#file.write(bytes, at, { signal }), signal);
  }

  /** Reads from the current position to the end. */
  readFile(options?: null | { readonly encoding?: null | undefined; readonly signal?: AbortSignal }): Promise<Buffer>;
  /** Reads from the current position to the end, as text. */
  readFile(options: BufferEncoding | { readonly encoding: BufferEncoding }): Promise<string>;
  async readFile(options?: Encoded<{ signal?: AbortSignal }>): Promise<string | Buffer> {
    this.#mustBeOpen('readFile');
    const { encoding, signal } = optionsOf(options);
    signalOf(signal);
    const parts: Buffer[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of this.#file.chunks({ start: this.#position, signal })) parts.push(bufferOf(chunk));
      if (parts.length === 0 && (await this.#file.stat()).isDirectory())
        throw new FsError('EISDIR', { syscall: 'read' });
    };
    await this.#about('read', read, signal);
    const all = bufferOf(joined(parts));
    this.#position += all.length;
    return encoding === undefined ? all : all.toString(encoding);
  }

  /** Writes at the current position. */
  async writeFile(data: FileData, options?: Encoded<{ readonly signal?: AbortSignal | undefined }>): Promise<void> {
    this.#mustBeOpen('writeFile');
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
  async stat(options?: { readonly bigint?: boolean | undefined }): Promise<Stats | BigIntStats> {
    const node = await this.#about('fstat', () => this.#file.stat());
    return options?.bigint ? new BigIntStats(node) : new Stats(node);
  }

  async truncate(length: number = 0): Promise<void> {
    this.#mustBeOpen('ftruncate');
    const size = sizeOf(length);
    return this.#about('ftruncate', async () => {
      if (!this.#writes) throw new FsError('EINVAL', { syscall: 'ftruncate' });
      await this.#file.truncate(size);
    });
  }

  async utimes(atime: TimeLike, mtime: TimeLike): Promise<void> {
    this.#mustBeOpen('futimes');
    const times = { atime: momentOf(atime), mtime: momentOf(mtime) };
    return this.#about('futime', async () => {
      // In SMB, a read-only handle lacks the right to set times, so the path is used instead.
      await (this.#writes ? this.#file.utimes(times) : this.#share.utimes(this.#file.path, times));
    });
  }

  /** Has no effect, since owners are not stored. */
  async chown(uid: number, gid: number): Promise<void> {
    this.#mustBeOpen('fchown');
    owners(uid, gid);
  }

  /** A mode without write permission makes the file read-only. */
  async chmod(mode: Mode): Promise<void> {
    this.#mustBeOpen('fchmod');
    checkMode(mode);
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

  // In SMB, FLUSH requires write access; a handle without it has nothing to flush.
  async #flush(name: string): Promise<void> {
    this.#mustBeOpen(name);
    if (this.#writes) await this.#about(name, () => this.#file.flush());
  }

  /** Reads from the current position and advances it, unless `start` is given. */
  createReadStream({ autoClose, onProgress, ...options }: ReadStreamOptions & Closing = {}): Readable {
    const start = this.#position;
    const moved = (progress: Progress): void => {
      if (options.start === undefined) this.#position = start + progress.bytes;
      onProgress?.(progress);
    };
    return this.#closedBy(this.#file.createReadStream({ start, ...options, onProgress: moved }), autoClose);
  }

  /** Writes at the current position and advances it, unless `start` is given. */
  createWriteStream({
    autoClose,
    onProgress,
    ...options
  }: Omit<WriteStreamOptions, 'flags'> & Closing = {}): CountingWritable {
    const start = this.#position;
    const place = this.#append ? { flags: 'a' as const } : { start };
    let bytesWritten = 0;
    const moved = (progress: Progress): void => {
      bytesWritten = progress.bytes;
      if (options.start === undefined) this.#position = start + bytesWritten;
      onProgress?.(progress);
    };
    const stream = this.#file.createWriteStream({ ...place, ...options, onProgress: moved });
    Object.defineProperty(stream, 'bytesWritten', { get: () => bytesWritten });
    return this.#closedBy(stream as CountingWritable, autoClose);
  }

  // As in Node, streaming a handle closes it at the end by default.
  #closedBy<T extends Readable | Writable>(stream: T, autoClose: boolean = true): T {
    if (autoClose) stream.once('close', () => void this.close().catch(() => undefined));
    return stream;
  }

  readableWebStream(): ReadableStream<Uint8Array> {
    if (!this.#file.isOpen) {
      throw Object.assign(new Error('Invalid state: The FileHandle is closed'), { code: 'ERR_INVALID_STATE' });
    }
    return this.#file.readable({ start: this.#position });
  }

  /** The lines from the current position to the end; then the handle is closed. */
  async *readLines(
    options: { readonly encoding?: BufferEncoding; readonly start?: number } = {},
  ): AsyncGenerator<string, void, undefined> {
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
    return isPlace(position) ? Number(position) : this.#position;
  }

  #moved(position: number | bigint | null | undefined, count: number): void {
    if (!isPlace(position)) this.#position += count;
  }

  #mustBeOpen(name: string): void {
    if (!this.#file.isOpen) throw handleClosed(name);
  }

  async #about<T>(name: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#mustBeOpen(name);
    const may = name === 'read' ? this.#reads : name !== 'write' || this.#writes;
    if (!may) throw new FsError('EBADF', { syscall: name });
    try {
      return await syscall({ syscall: name, signal }, work);
    } catch (error) {
      // Servers report reading a directory with various statuses.
      const isOdd = name === 'read' && error instanceof FsError && ODD.has(error.code);
      if (!isOdd || !(await this.#file.stat()).isDirectory()) throw error;
      throw new FsError('EISDIR', { syscall: name }, error.cause);
    }
  }
}

const ODD: ReadonlySet<string> = new Set(['ENOTSUP', 'EINVAL', 'EACCES', 'EIO']);

/** Other values mean the current position. */
function isPlace(position: number | bigint | null | undefined): position is number | bigint {
  return typeof position === 'bigint' ? position >= 0n : Number.isSafeInteger(position) && Number(position) >= 0;
}

/** The position to read from; -1 means the current position. */
function positionOf(position: number | bigint | null | undefined): number | bigint {
  if (position === null || position === undefined) return -1;
  if (typeof position === 'number') return integer('position', position, -1);
  if (typeof position !== 'bigint') throw invalidType('position', 'of type bigint or integer', position);
  if (position < -1n || position > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw outOfRange('position', `>= -1 && <= ${Number.MAX_SAFE_INTEGER}`, position);
  }
  return position;
}
