import {
  type ReadableByteStreamController,
  ReadableStream,
  WritableStream,
  type WritableStreamDefaultController,
} from 'node:stream/web';
import { bytesOf, type Data, wholeNumber } from './arguments.js';
import type { TransferOptions } from './call-options.js';
import {
  BlockWriter,
  finish,
  life,
  type Opener,
  type Pacing,
  type ReadStreamOptions,
  rangeOf,
  startIn,
  WRITE_HIGH_WATER,
  type WriteStreamOptions,
} from './streams.js';

const EMPTY: Uint8Array = new Uint8Array(0);

/** The file behind a web stream, open on the server only for as long as the stream needs it. */
abstract class StreamedFile {
  readonly #open: Opener;
  readonly #life: ReturnType<typeof life>;
  #opened: ReturnType<Opener> | undefined;
  #ended: Promise<Error | null> | undefined;

  constructor(open: Opener, options: TransferOptions) {
    this.#open = open;
    this.#life = life(options);
  }

  protected get signal(): AbortSignal {
    return this.#life.control.signal;
  }

  protected get isOver(): boolean {
    return this.#ended !== undefined;
  }

  protected async file(signal: AbortSignal = this.signal): Promise<Awaited<ReturnType<Opener>>['file']> {
    this.#opened ??= this.#open({ signal });
    return (await this.#opened).file;
  }

  /** Ends the stream as soon as the signal is aborted, even if nobody is reading or writing. */
  protected watch(controller: { error(reason: unknown): void }): void {
    const { signal } = this;
    const stop = (): void => {
      if (this.isOver) return;
      controller.error(signal.reason);
      void this.end();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  }

  /** Aborts pending requests and closes the file, once; resolves with the error of that, if any. */
  protected end(): Promise<Error | null> {
    this.#ended ??= finish([() => this.release(), () => this.#close()], null);
    // Only now that the stream counts as ended: otherwise this would look like an abort by the user.
    this.#life.end();
    return this.#ended;
  }

  /** Releases the reader. */
  protected release(): Promise<unknown> | undefined {
    return undefined;
  }

  async #close(): Promise<void> {
    // A failure to open has already been reported.
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.close();
  }
}

class FileSource extends StreamedFile {
  readonly type = 'bytes';
  readonly #options: ReadStreamOptions;
  readonly #range: ReturnType<typeof rangeOf>;
  #chunks: AsyncGenerator<Uint8Array, void, undefined> | undefined;
  /** The part of the last chunk that did not fit into the reader's buffer. */
  #rest = EMPTY;
  #bytes = 0;

  constructor(open: Opener, options: ReadStreamOptions) {
    const range = rangeOf(options);
    super(open, options);
    this.#options = options;
    this.#range = range;
  }

  start(controller: ReadableByteStreamController): void {
    this.watch(controller);
  }

  async pull(controller: ReadableByteStreamController): Promise<void> {
    try {
      if (this.#rest.length === 0) this.#rest = await this.#next();
      if (this.isOver) return;
      if (this.#rest.length > 0) return this.#hand(controller);
      const failure = await this.end();
      if (failure) throw failure;
      controller.close();
      controller.byobRequest?.respond(0);
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  #hand(controller: ReadableByteStreamController): void {
    const bytes = this.#rest;
    const request = controller.byobRequest;
    if (!request?.view) {
      this.#rest = EMPTY;
      // The stream takes over the whole buffer, which may hold other data as well.
      controller.enqueue(bytes.slice());
      return;
    }
    const { buffer, byteOffset, byteLength } = request.view;
    const part = bytes.subarray(0, byteLength);
    new Uint8Array(buffer, byteOffset, part.length).set(part);
    this.#rest = bytes.subarray(part.length);
    request.respond(part.length);
  }

  async #next(): Promise<Uint8Array> {
    const { signal } = this;
    const file = await this.file();
    this.#chunks ??= file.chunks({ ...this.#range, signal });
    const { done, value } = await this.#chunks.next();
    if (done) return EMPTY;
    this.#bytes += value.length;
    this.#options.onProgress?.({ bytes: this.#bytes, total: undefined });
    return value;
  }

  protected override release(): Promise<unknown> | undefined {
    return this.#chunks?.return();
  }

  async cancel(): Promise<void> {
    await this.end();
  }
}

/**
 * A web byte stream over a range of a file; readers may bring their own buffers. The file is opened for the first read,
 * read ahead from then on, and closed before the stream reports its end.
 */
export function webReadable(open: Opener, options: ReadStreamOptions): ReadableStream<Uint8Array> {
  return new ReadableStream(new FileSource(open, options), { highWaterMark: 0 });
}

/** Exists at run time, but not in the types of Node 20. */
type Abortable = WritableStreamDefaultController & { readonly signal: AbortSignal };

class FileSink extends StreamedFile {
  readonly #options: WriteStreamOptions;
  readonly #pacing: Pacing;
  #blocks: BlockWriter | undefined;
  #bytes = 0;

  constructor(open: Opener, pacing: Pacing, options: WriteStreamOptions) {
    wholeNumber('start', options.start ?? 0);
    super(open, options);
    this.#options = options;
    this.#pacing = pacing;
  }

  start(controller: WritableStreamDefaultController): Promise<void> {
    this.watch(controller);
    // The sink's `abort` is called only after pending operations, so this signal has to abort them.
    const signal = AbortSignal.any([this.signal, (controller as Abortable).signal]);
    return this.#orEnd(async () => {
      const file = await this.file(signal);
      this.#blocks = new BlockWriter(file, await startIn(file, this.#options, { signal }), this.#pacing, signal);
    });
  }

  write(chunk: Data): Promise<void> {
    return this.#orEnd(async () => {
      const bytes = bytesOf(chunk);
      await this.#blocks?.add(bytes);
      this.#bytes += bytes.length;
      this.#options.onProgress?.({ bytes: this.#bytes, total: undefined });
      await this.#blocks?.idle();
    });
  }

  async close(): Promise<void> {
    await this.#orEnd(() => this.#blocks?.finish());
    const failure = await this.end();
    if (failure) throw failure;
  }

  async abort(): Promise<void> {
    await this.end();
  }

  /** Runs `work`; closes the file if it fails. */
  async #orEnd(work: () => Promise<void> | undefined): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.end();
      throw error;
    }
  }
}

/**
 * A web stream into a file, which is opened at once. When `close` resolves, the data is on the server and the file is
 * closed.
 */
export function webWritable(open: Opener, pacing: Pacing, options: WriteStreamOptions): WritableStream<Uint8Array> {
  // Invalid chunks are rejected by `write`: throwing here would error the stream without closing the file.
  const size = (chunk: Data): number => (typeof chunk === 'string' ? chunk.length : Number(chunk?.byteLength) || 0);
  return new WritableStream<Data>(new FileSink(open, pacing, options), { highWaterMark: WRITE_HIGH_WATER, size });
}
