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
  /** Caching ends. A listener has to call `acknowledge` once it caches nothing any more; without one that is done at once. */
  break: [event: CachingBreak];
}

/** An open file. */
export class File extends EventEmitter<FileEvents> implements AsyncDisposable {
  /** From the share's root, with slashes. */
  readonly path: string;
  /** True if the open created the file. */
  readonly created: boolean;
  readonly #protocol: FileProtocol;
  #handle: Handle | undefined;
  readonly #onClose: (file: File) => void;
  #closing: Promise<void> | undefined;
  readonly #appending = new Turns();

  /** Made by `share.open`. */
  constructor(protocol: FileProtocol, handle: Handle, path: string, onClose: (file: File) => void) {
    super();
    this.path = path;
    this.created = !handle.existed;
    this.#protocol = protocol;
    this.#handle = handle;
    this.#onClose = onClose;
    handle.onBreak = (event) => this.#broken(handle, event);
  }

  /** False once `close` was called: every other call fails with EBADF then. */
  get isOpen(): boolean {
    return this.#handle !== undefined;
  }

  /** What may be cached of it now, as its lease or oplock says. */
  get caching(): CachingText {
    return this.#handle === undefined ? '' : cachingText(this.#handle.caching.state);
  }

  /**
   * Reads into the buffer, from a position of the file. Returns how many bytes there were: less than the buffer holds
   * only at the end of the file.
   */
  async read(buffer: NodeJS.ArrayBufferView, position: number, options: CallOptions = {}): Promise<number> {
    const [into, at] = [bytesOf(buffer), wholeNumber('a position', position)];
    return this.#with(options, (handle, control) => readInto(this.#protocol, handle, into, at, control));
  }

  /**
   * Reads `length` bytes, or up to the end of the file, and lends them to `take` as they come: several pieces at a time,
   * in no order, with their positions in the file. A piece's memory serves again when `take` has succeeded. Returns how
   * many bytes there were. Nothing is copied, as `read` does.
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

  /** Reads into several buffers, one after the other. */
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

  /** All of it as text. */
  readFile(encoding: BufferEncoding, options?: ReadFileOptions): Promise<string>;
  /** All of it as text. */
  readFile(options: ReadTextOptions): Promise<string>;
  /** All of it. */
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

  /** Writes all of the data at a position of the file. */
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

  /** Writes several buffers, one after the other. */
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

  /** Appends at the current end, one call after the other; two open files that do so at the same time need a lock. */
  async appendFile(data: Data, options: TransferOptions & { encoding?: BufferEncoding } = {}): Promise<void> {
    const bytes = bytesOf(data, options.encoding);
    return this.#with(options, (handle, control) =>
      this.#appending.take('', control.signal, async () => {
        const { size } = await this.#protocol.inspect(handle, control);
        await this.#writeAt(handle, bytes, size, { ...options, ...control });
      }),
    );
  }

  /** The bytes from `start` to before `end` in order, read ahead. */
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

  /** A Node stream over it or a part of it. The file stays open. */
  createReadStream(options: ReadStreamOptions = {}): Readable {
    return readStream(this.#opener(), options);
  }

  /** A Node stream into it, from the start unless told otherwise. The file stays open, and what is behind stays. */
  createWriteStream(options: WriteStreamOptions = {}): Writable {
    return writeStream(this.#opener(), this.#protocol, options);
  }

  /** A web stream over it or a part of it, of bytes. The file stays open. */
  readable(options: ReadStreamOptions = {}): ReadableStream<Uint8Array> {
    return webReadable(this.#opener(), options);
  }

  /** A web stream into it. The file stays open. */
  writable(options: WriteStreamOptions = {}): WritableStream<Uint8Array> {
    return webWritable(this.#opener(), this.#protocol, options);
  }

  /** Its lines, without line breaks. */
  readLines(options: CallOptions & { start?: number; encoding?: BufferEncoding } = {}): Steps<string> {
    return linesOf(this.chunks(options), options.encoding ?? 'utf8');
  }

  stat(options: CallOptions = {}): Promise<NodeStat> {
    return this.#with(options, async (handle, control) => new NodeStat(await this.#protocol.inspect(handle, control)));
  }

  /** Sets times; those that are absent stay as they are. */
  utimes(times: Times, options: CallOptions = {}): Promise<void> {
    return this.setInfo(basicInfo(factsOf(times)), options);
  }

  /** Truncates or extends the file to a size in bytes. */
  truncate(size: number, options: CallOptions = {}): Promise<void> {
    return this.#with(options, (handle, control) =>
      this.#protocol.truncate(handle, wholeNumber('a size', size), control),
    );
  }

  /** Makes the file sparse: what is not written takes no space. False if the server has no sparse files. */
  makeSparse(options: CallOptions = {}): Promise<boolean> {
    return this.#with(options, (handle, control) => makeSparse(this.#protocol, handle, control));
  }

  /** The ranges that have data; everything else is zero. Undefined if the server does not say. */
  dataRanges(options: CallOptions = {}): Promise<DataRange[] | undefined> {
    return this.#with(options, async (handle, control) => {
      const { size } = await this.#protocol.inspect(handle, control);
      return dataRanges(this.#protocol, handle, size, control);
    });
  }

  /** Resolves when the server has put what was written where it survives a loss of power. */
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

  /** Asks for an information class ([MS-SMB2] 2.2.37); returns its bytes, which `sombrero/wire` can decode. */
  query(query: InfoQuery, options: CallOptions = {}): Promise<Uint8Array> {
    return this.#with(options, (handle, control) => this.#protocol.query(handle, query, control));
  }

  /** Sets an information class ([MS-SMB2] 2.2.39). */
  setInfo(change: InfoChange, options: CallOptions = {}): Promise<void> {
    return this.#with(options, (handle, control) => this.#protocol.setInfo(handle, change, control));
  }

  /** Sends a control code ([MS-SMB2] 2.2.31); returns the answer. */
  ioctl(request: DeviceControl, options: CallOptions = {}): Promise<Uint8Array> {
    return this.#with(options, (handle, control) => this.#protocol.ioctl(handle, request, control));
  }

  /**
   * Copies all of another file into this one: on the server where it can (`isNear`), else through here. Holes stay holes
   * where the server has them. It grows from the front: if it is cut short, all is there up to 64 MiB in front of its end,
   * unless it was longer before.
   */
  copyFrom(source: File, options: TransferOptions = {}): Promise<void> {
    return this.#with(options, async (_, control) => {
      const onCopied = (bytes: number, total: number): void => options.onProgress?.({ bytes, total });
      await copyData(source.#open(), this.#open(), { ...control, onCopied });
    });
  }

  /** Whether the server may copy from the one to the other by itself: on this share, or another one of the same session. */
  isNear(other: File): boolean {
    return isNear(other.#open(), this.#open());
  }

  /** Resolves when the file is closed on the server; may be called more than once. */
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
    // If it does not get through, the connection or the handle is gone, and what it was about with it.
    acknowledge().catch(() => undefined);
  }

  // A listener that throws is its program's fault and not the connection's, which others share. Whoever waits for the
  // acknowledgment should not wait for it in vain.
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
