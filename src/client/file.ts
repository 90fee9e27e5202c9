import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { ReadableStream, WritableStream } from 'node:stream/web';
import { bytesOf, type Data, textOf, wholeNumber } from './arguments.js';
import { basicInfo } from './basic-info.js';
import { type CachingBreak, type CachingText, cachingText } from './caching.js';
import { bounded, boundedEach, type CallOptions, type Steps, type TransferOptions } from './call-options.js';
import { closed } from './errors.js';
import { type FileLock, type LockOptions, rangeOf } from './lock-options.js';
import { NodeStat } from './node-stat.js';
import { copyData, isNear, type OpenFile } from './operation/copy-data.js';
import { factsOf, type Times } from './operation/facts.js';
import { dataRanges, makeSparse } from './operation/holes.js';
import { checkSize, type ReadFileOptions, type ReadTextOptions, readOptions } from './operation/whole-file.js';
import type {
  Control,
  DataRange,
  DeviceControl,
  FileProtocol,
  Handle,
  InfoChange,
  InfoQuery,
  CachingBreak as RawBreak,
} from './protocol.js';
import {
  linesOf,
  type Opener,
  type ReadStreamOptions,
  readStream,
  type WriteStreamOptions,
  writeStream,
} from './streams.js';
import { readAhead, readEach, readInto, type Taker, writeAll } from './transfer.js';
import { Turns } from './turns.js';
import { webReadable, webWritable } from './web-streams.js';

/** Events of an open file. */
export interface FileEvents {
  /**
   * The server reduces caching. A listener must call `acknowledge` once it no longer caches anything; without a
   * listener, the break is acknowledged at once.
   */
  break: [event: CachingBreak];
}

/** An open file. */
export class File extends EventEmitter<FileEvents> implements AsyncDisposable {
  /** Path from the share's root, with slashes. */
  readonly path: string;
  /** True if the open created the file. */
  readonly created: boolean;
  readonly #protocol: FileProtocol;
  #handle: Handle | undefined;
  readonly #onClose: (file: File) => void;
  #closing: Promise<void> | undefined;
  readonly #appending = new Turns();

  /** Created by `share.open`. */
  constructor(protocol: FileProtocol, handle: Handle, path: string, onClose: (file: File) => void) {
    super();
    this.path = path;
    this.created = !handle.existed;
    this.#protocol = protocol;
    this.#handle = handle;
    this.#onClose = onClose;
    handle.onBreak = (event) => this.#broken(handle, event);
  }

  /** False once `close` has been called; every other call then fails with EBADF. */
  get isOpen(): boolean {
    return this.#handle !== undefined;
  }

  /** What may currently be cached, according to the lease or oplock. */
  get caching(): CachingText {
    return this.#handle === undefined ? '' : cachingText(this.#handle.caching.state);
  }

  /**
   * Reads into the buffer from the given position. Returns the number of bytes read, which is less than the buffer's
   * length only at the end of the file.
   */
  async read(buffer: NodeJS.ArrayBufferView, position: number, options: CallOptions = {}): Promise<number> {
    const [into, at] = [bytesOf(buffer), wholeNumber('a position', position)];
    return this.#with(options, (handle, control) => readInto(this.#protocol, handle, into, at, control));
  }

  /**
   * Reads `length` bytes, or up to the end of the file, and passes the pieces to `take` as they arrive: concurrently
   * and in any order, each with its position in the file. Unlike with `read`, nothing is copied: a piece's memory is
   * reused once `take` has succeeded. Returns the number of bytes read.
   */
  readEach(
    position: number,
    length: number,
    take: (bytes: Uint8Array, position: number) => Promise<void> | void,
    options: CallOptions = {},
  ): Promise<number> {
    const each: Taker = (bytes, at) => take(bytes, position + at);
    return this.#with(options, (handle, control) => {
      wholeNumber('a position', position);
      wholeNumber('a length', length);
      return readEach(this.#protocol, handle, position, length, each, control);
    });
  }

  /** Reads into several buffers in turn. */
  readv(buffers: readonly NodeJS.ArrayBufferView[], position: number, options: CallOptions = {}): Promise<number> {
    return this.#with(options, async (handle, control) => {
      const start = wholeNumber('a position', position);
      let total = 0;
      for (const buffer of buffers.map((buffer) => bytesOf(buffer))) {
        const got = await readInto(this.#protocol, handle, buffer, start + total, control);
        total += got;
        if (got < buffer.length) break;
      }
      return total;
    });
  }

  /** Reads the whole file as text. */
  readFile(encoding: BufferEncoding, options?: ReadFileOptions): Promise<string>;
  /** Reads the whole file as text. */
  readFile(options: ReadTextOptions): Promise<string>;
  /** Reads the whole file. */
  readFile(options?: ReadFileOptions): Promise<Uint8Array>;
  async readFile(
    first?: BufferEncoding | ReadFileOptions | ReadTextOptions,
    second?: ReadFileOptions,
  ): Promise<Uint8Array | string> {
    const { options, encoding } = readOptions(first, second);
    const bytes = await this.#with(options, (handle, control) => this.#readAll(handle, control, options));
    return encoding === undefined ? bytes : textOf(bytes, encoding);
  }

  async #readAll(handle: Handle, control: Control, options: ReadFileOptions): Promise<Uint8Array> {
    const { onProgress } = options;
    const { size } = await this.#protocol.inspect(handle, control);
    checkSize(this.path, size, options);
    const bytes = new Uint8Array(size);
    const piece = onProgress ? this.#protocol.window : size;
    let got = 0;
    while (got < size) {
      const part = bytes.subarray(got, got + piece);
      const count = await readInto(this.#protocol, handle, part, got, control);
      got += count;
      onProgress?.({ bytes: got, total: size });
      if (count < part.length) break;
    }
    return got === size ? bytes : bytes.subarray(0, got);
  }

  /** Writes all of the data at the given position. */
  async write(data: Data, position: number, options: TransferOptions = {}): Promise<void> {
    const [bytes, at] = [bytesOf(data), wholeNumber('a position', position)];
    return this.#with(options, (handle, control) => this.#writeAt(handle, bytes, at, { ...options, ...control }));
  }

  async #writeAt(handle: Handle, bytes: Uint8Array, position: number, options: TransferOptions): Promise<void> {
    const { onProgress } = options;
    if (!onProgress) return writeAll(this.#protocol, handle, bytes, position, options);
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + this.#protocol.window);
      await writeAll(this.#protocol, handle, part, position + at, options);
      at += part.length;
      onProgress({ bytes: at, total: bytes.length });
    }
  }

  /** Writes several buffers in turn. */
  writev(pieces: readonly Data[], position: number, options: CallOptions = {}): Promise<void> {
    return this.#with(options, async (handle, control) => {
      let at = wholeNumber('a position', position);
      for (const piece of pieces.map((piece) => bytesOf(piece))) {
        await writeAll(this.#protocol, handle, piece, at, control);
        at += piece.length;
      }
    });
  }

  /** Replaces the contents of the file. */
  async writeFile(data: Data, options: TransferOptions & { encoding?: BufferEncoding } = {}): Promise<void> {
    const bytes = bytesOf(data, options.encoding);
    return this.#with(options, async (handle, control) => {
      await this.#protocol.truncate(handle, bytes.length, control);
      await this.#writeAt(handle, bytes, 0, { ...options, ...control });
    });
  }

  /**
   * Appends at the current end of the file. Calls on this object are queued; appending through several open files at
   * once needs a lock.
   */
  async appendFile(data: Data, options: TransferOptions & { encoding?: BufferEncoding } = {}): Promise<void> {
    const bytes = bytesOf(data, options.encoding);
    return this.#with(options, (handle, control) =>
      this.#appending.take('', control.signal, async () => {
        const { size } = await this.#protocol.inspect(handle, control);
        await this.#writeAt(handle, bytes, size, { ...options, ...control });
      }),
    );
  }

  /** The bytes from `start` up to, but not including, `end`, in order and read ahead. */
  chunks(options: CallOptions & { start?: number; end?: number } = {}): Steps<Uint8Array> {
    const { start = 0, end = Number.POSITIVE_INFINITY } = options;
    wholeNumber('start', start);
    if (end !== Number.POSITIVE_INFINITY) wholeNumber('end', end);
    return boundedEach(options, (control) => this.#chunks(start, end, control));
  }

  async *#chunks(start: number, end: number, control: Control): AsyncGenerator<Uint8Array, void, undefined> {
    const { size } = await this.#protocol.inspect(this.#live(), control);
    yield* readAhead(this.#protocol, this.#live(), start, Math.min(end, size), control);
  }

  #opener(): Opener {
    return async () => {
      this.#live();
      return { file: this, close: async () => undefined };
    };
  }

  /** A Node stream of the file or a part of it. The file stays open. */
  createReadStream(options: ReadStreamOptions = {}): Readable {
    return readStream(this.#opener(), options);
  }

  /** A Node stream that writes into the file, from the start by default. The file stays open and is not truncated. */
  createWriteStream(options: WriteStreamOptions = {}): Writable {
    return writeStream(this.#opener(), this.#protocol, options);
  }

  /** A web byte stream of the file or a part of it. The file stays open. */
  readable(options: ReadStreamOptions = {}): ReadableStream<Uint8Array> {
    return webReadable(this.#opener(), options);
  }

  /** A web stream that writes into the file. The file stays open. */
  writable(options: WriteStreamOptions = {}): WritableStream<Uint8Array> {
    return webWritable(this.#opener(), this.#protocol, options);
  }

  /** The lines of the file, without line breaks. */
  readLines(options: CallOptions & { start?: number; encoding?: BufferEncoding } = {}): Steps<string> {
    return linesOf(this.chunks(options), options.encoding ?? 'utf8');
  }

  stat(options: CallOptions = {}): Promise<NodeStat> {
    return this.#with(options, async (handle, control) => new NodeStat(await this.#protocol.inspect(handle, control)));
  }

  /** Sets times; those that are absent stay unchanged. */
  utimes(times: Times, options: CallOptions = {}): Promise<void> {
    return this.setInfo(basicInfo(factsOf(times)), options);
  }

  /** Truncates or extends the file to a size in bytes. */
  truncate(size: number, options: CallOptions = {}): Promise<void> {
    return this.#with(options, (handle, control) =>
      this.#protocol.truncate(handle, wholeNumber('a size', size), control),
    );
  }

  /** Makes the file sparse: ranges that are never written take no space. False if the server does not support it. */
  makeSparse(options: CallOptions = {}): Promise<boolean> {
    return this.#with(options, (handle, control) => makeSparse(this.#protocol, handle, control));
  }

  /** The ranges that contain data; everything else is zero. Undefined if the server cannot tell. */
  dataRanges(options: CallOptions = {}): Promise<DataRange[] | undefined> {
    return this.#with(options, async (handle, control) => {
      const { size } = await this.#protocol.inspect(handle, control);
      return dataRanges(this.#protocol, handle, size, control);
    });
  }

  /** Resolves when the server has written all data to stable storage. */
  flush(options: CallOptions = {}): Promise<void> {
    return this.#with(options, (handle, control) => this.#protocol.flush(handle, control));
  }

  /** Locks a range of bytes against other opens. */
  async lock(options: LockOptions = {}): Promise<FileLock> {
    const range = rangeOf(options);
    const { exclusive = true, wait = false } = options;
    const mode = { exclusive, wait };
    await this.#with(options, (handle, control) => this.#protocol.lock(handle, [range], mode, control));
    let held = true;
    const release = async (call: CallOptions = {}): Promise<void> => {
      if (!held || !this.isOpen) return;
      held = false;
      await this.#with(call, (handle, control) => this.#protocol.unlock(handle, [range], control));
    };
    return { release, [Symbol.asyncDispose]: () => release() };
  }

  /** Unlocks a range, which must be exactly one that was locked. */
  unlock(options: Pick<LockOptions, 'offset' | 'length' | 'signal' | 'timeoutMs'> = {}): Promise<void> {
    const range = rangeOf(options);
    return this.#with(options, (handle, control) => this.#protocol.unlock(handle, [range], control));
  }

  /** Queries an information class ([MS-SMB2] 2.2.37). Returns its bytes, which `sombrero/wire` can decode. */
  query(query: InfoQuery, options: CallOptions = {}): Promise<Uint8Array> {
    return this.#with(options, (handle, control) => this.#protocol.query(handle, query, control));
  }

  /** Sets an information class ([MS-SMB2] 2.2.39). */
  setInfo(change: InfoChange, options: CallOptions = {}): Promise<void> {
    return this.#with(options, (handle, control) => this.#protocol.setInfo(handle, change, control));
  }

  /** Sends a control code ([MS-SMB2] 2.2.31); returns the output. */
  ioctl(request: DeviceControl, options: CallOptions = {}): Promise<Uint8Array> {
    return this.#with(options, (handle, control) => this.#protocol.ioctl(handle, request, control));
  }

  /**
   * Copies the contents of another file into this one: on the server if possible (`isNear`), otherwise through this
   * machine. Holes stay holes where the server supports them. The target grows from the start: after an interrupted
   * copy, everything up to 64 MiB before its end is complete, unless the file was longer before.
   */
  copyFrom(source: File, options: TransferOptions = {}): Promise<void> {
    return this.#with(options, async (_, control) => {
      const onCopied = (bytes: number, total: number): void => options.onProgress?.({ bytes, total });
      await copyData(source.#open(), this.#open(), { ...control, onCopied });
    });
  }

  /**
   * Whether the server may be able to copy between the two files: both are on this share, or on shares of one session.
   */
  isNear(other: File): boolean {
    return isNear(other.#open(), this.#open());
  }

  /** Resolves when the file is closed on the server. May be called repeatedly. */
  close(): Promise<void> {
    const handle = this.#handle;
    if (handle === undefined) return this.#closing ?? Promise.resolve();
    this.#handle = undefined;
    handle.onBreak = undefined;
    this.#onClose(this);
    const closing = this.#protocol.close(handle).finally(() => {
      this.#closing = undefined;
    });
    this.#closing = closing;
    return closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #broken(handle: Handle, { from, to, mustAcknowledge }: RawBreak): void {
    const acknowledge = (): Promise<void> => this.#protocol.acknowledge(handle, to);
    const event = { from: cachingText(from), to: cachingText(to), mustAcknowledge, acknowledge };
    if (this.#told(event) || !mustAcknowledge) return;
    // If this fails, the connection or the handle is gone, and the lease or oplock with it.
    acknowledge().catch(() => undefined);
  }

  // An error thrown by a listener must not hit the connection, which others share, so it is rethrown on the next tick.
  // The break is acknowledged as if nobody had listened, since the server waits for it.
  #told(event: CachingBreak): boolean {
    try {
      return this.emit('break', event);
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
      return false;
    }
  }

  #open(): OpenFile {
    return { protocol: this.#protocol, handle: this.#live() };
  }

  #live(): Handle {
    if (this.#handle === undefined) throw closed(this.path);
    return this.#handle;
  }

  async #with<T>(options: CallOptions, work: (handle: Handle, control: Control) => Promise<T>): Promise<T> {
    const handle = this.#live();
    return bounded(options, (control) => work(handle, control));
  }
}
