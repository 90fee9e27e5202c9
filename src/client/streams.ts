import { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { UsageError } from '#wire/erref/errors.js';
import { encodingOf, wholeNumber } from './arguments.js';
import { disposable, limits, type Steps, type TransferOptions } from './call-options.js';
import type { File } from './file.js';
import type { OpenOptions } from './open-options.js';
import { createOf, type WriteFlag } from './operation/whole-file.js';
import type { Control, FileProtocol } from './protocol.js';

/** Which part of a file to read. */
export interface ReadStreamOptions extends TransferOptions {
  /** First byte; 0 by default. */
  readonly start?: number | undefined;
  /** Last byte, inclusive, as in `fs.createReadStream`. */
  readonly end?: number | undefined;
  /** Makes a Node stream return text; web streams ignore it. */
  readonly encoding?: BufferEncoding | undefined;
  /** Largest piece in bytes; by default, as much as the server sends at a time. */
  readonly highWaterMark?: number | undefined;
}

/** Where in a file to write. */
export interface WriteStreamOptions extends TransferOptions {
  /** Where to start. Unless given, `share.createWriteStream` empties the file first. */
  readonly start?: number | undefined;
  /** Like `flag` of `writeFile`; `a` appends. On a file that is already open, only `a` has an effect. */
  readonly flags?: WriteFlag | undefined;
}

/** How to open a file for a write stream. */
export function createFor({ flags, start }: WriteStreamOptions): NonNullable<OpenOptions['create']> {
  return flags === undefined && start !== undefined ? 'if-missing' : createOf(flags ?? 'w');
}

/** How a stream opens its file, and releases it. */
export type Opener = (control: Control) => Promise<{ readonly file: File; readonly close: () => Promise<void> }>;

const READ_HIGH_WATER = 1024 * 1024;
/** How many bytes a stream buffers before it signals back-pressure. */
export const WRITE_HIGH_WATER: number = 4 * 1024 * 1024;

/** The signal and timeout for a stream's lifetime; `end` aborts what is still running. */
export function life(options: TransferOptions): { control: { signal: AbortSignal }; end: () => void } {
  const stop = new AbortController();
  const { control, end } = limits(options);
  const signal = control.signal ? AbortSignal.any([control.signal, stop.signal]) : stop.signal;
  return {
    control: { signal },
    end: () => {
      end();
      stop.abort();
    },
  };
}

/** The range to read; `end` is exclusive. */
export function rangeOf({ start = 0, end = Number.POSITIVE_INFINITY }: ReadStreamOptions): {
  readonly start: number;
  readonly end: number;
} {
  wholeNumber('start', start);
  if (end !== Number.POSITIVE_INFINITY) wholeNumber('end', end);
  if (end < start) throw new UsageError(`the last byte, ${end}, lies before the first, ${start}`);
  return { start, end: end + 1 };
}

/** A Node stream over a range of a file. Reads ahead as far as the consumer keeps up. */
export function readStream(open: Opener, options: ReadStreamOptions): Readable {
  const { encoding, highWaterMark, onProgress } = options;
  const range = rangeOf(options);
  if (encoding !== undefined) encodingOf(encoding);
  if (highWaterMark !== undefined && wholeNumber('highWaterMark', highWaterMark) === 0) {
    throw new UsageError('highWaterMark must be above 0');
  }
  const { control, end: stop } = life(options);
  let opened: Awaited<ReturnType<Opener>> | undefined;
  let chunks: AsyncGenerator<Uint8Array, void, undefined> | undefined;
  let bytes = 0;
  const stream = new Readable({
    highWaterMark: Math.min(READ_HIGH_WATER, highWaterMark ?? READ_HIGH_WATER),
    ...(encoding && { encoding }),
    construct: (done) => {
      open(control).then(
        (there) => {
          opened = there;
          const pieces = there.file.chunks({ ...range, ...control });
          chunks = highWaterMark === undefined ? pieces : sliced(pieces, highWaterMark);
          done();
        },
        notOpened(stream, done),
      );
    },
    read() {
      chunks
        ?.next()
        .then(({ done, value }) => {
          bytes += value?.length ?? 0;
          if (!done) onProgress?.({ bytes, total: undefined });
          this.push(done ? null : value);
        })
        .catch((error) => this.destroy(error));
    },
    destroy: (error, done) => {
      stop();
      finish([() => chunks?.return(), () => opened?.close()], error).then(done, done);
    },
  });
  return endedBy(control.signal, options.signal, stream);
}

async function* sliced(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size);
  }
}

/** If the stream was destroyed with an error meanwhile, the failure to open is not reported as a second one. */
function notOpened(stream: Readable | Writable, done: (error?: Error | null) => void): (error: Error) => void {
  return (error) => done(stream.errored ? null : error);
}

/**
 * Destroys the stream on an abort, so that buffered data is not delivered either. As with Node's own streams, an abort
 * by the user's signal (`wish`) needs no 'error' listener.
 */
function endedBy<T extends Readable | Writable>(signal: AbortSignal, wish: AbortSignal | undefined, stream: T): T {
  const end = (): void => {
    if (wish?.aborted && !stream.destroyed) stream.on('error', () => undefined);
    stream.destroy(signal.reason);
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return stream;
}

export async function finish(
  steps: (() => Promise<unknown> | undefined)[],
  error: Error | null,
): Promise<Error | null> {
  let failure = error;
  for (const step of steps) {
    try {
      await step();
    } catch (cause) {
      failure ??= cause as Error;
    }
  }
  return failure;
}

/** How large a block may be, and how much may be in flight. */
export type Pacing = Pick<FileProtocol, 'maxWrite' | 'window'>;

/** Collects data into blocks and keeps several of them in flight. */
export class BlockWriter {
  readonly #file: File;
  readonly #signal: AbortSignal;
  readonly #blockSize: number;
  readonly #limit: () => number;
  readonly #free: Uint8Array[] = [];
  readonly #flying = new Set<Promise<void>>();
  #block: Uint8Array | undefined;
  #fill = 0;
  #position: number;
  #failure: unknown;

  constructor(file: File, position: number, protocol: Pacing, signal: AbortSignal) {
    const { maxWrite } = protocol;
    this.#file = file;
    this.#position = position;
    this.#blockSize = maxWrite;
    this.#limit = () => Math.max(2, Math.floor(protocol.window / maxWrite));
    this.#signal = signal;
  }

  /** Copies the bytes. Waits while too much is in flight. */
  async add(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      this.#block ??= this.#free.pop() ?? new Uint8Array(this.#blockSize);
      const take = Math.min(bytes.length - at, this.#blockSize - this.#fill);
      this.#block.set(bytes.subarray(at, at + take), this.#fill);
      this.#fill += take;
      at += take;
      if (this.#fill === this.#blockSize) await this.#send();
    }
  }

  /** Sends an incomplete block if nothing else is in flight, so that a slow writer's data is not held back. */
  async idle(): Promise<void> {
    if (this.#flying.size === 0) await this.#send();
  }

  async finish(): Promise<void> {
    await this.#send();
    await Promise.all(this.#flying);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #send(): Promise<void> {
    const block = this.#block;
    if (!block || this.#fill === 0) return;
    const data = block.subarray(0, this.#fill);
    this.#block = undefined;
    this.#fill = 0;
    const flight = this.#file.write(data, this.#position, { signal: this.#signal }).then(
      () => void this.#free.push(block),
      (error) => {
        this.#failure ??= error;
      },
    );
    this.#position += data.length;
    const tracked: Promise<void> = flight.finally(() => this.#flying.delete(tracked));
    this.#flying.add(tracked);
    while (this.#flying.size >= this.#limit() && this.#failure === undefined) await Promise.race(this.#flying);
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** The position at which a write stream starts. */
export async function startIn(file: File, { flags, start = 0 }: WriteStreamOptions, control: Control): Promise<number> {
  return flags === 'a' || flags === 'ax' ? (await file.stat(control)).size : start;
}

/**
 * A Node stream into a file. On 'close', the file is complete and closed on the server, unless the stream was destroyed
 * with an error.
 */
export function writeStream(open: Opener, protocol: Pacing, options: WriteStreamOptions): Writable {
  const { start = 0, onProgress } = options;
  wholeNumber('start', start);
  const { control, end: stop } = life(options);
  let opened: Awaited<ReturnType<Opener>> | undefined;
  let blocks: BlockWriter | undefined;
  let bytes = 0;
  const take = async (chunks: readonly Uint8Array[]): Promise<void> => {
    for (const chunk of chunks) {
      await blocks?.add(chunk);
      bytes += chunk.length;
      onProgress?.({ bytes, total: undefined });
    }
    await blocks?.idle();
  };
  const stream = new Writable({
    highWaterMark: WRITE_HIGH_WATER,
    construct: (done) => {
      const begin = async (): Promise<void> => {
        opened = await open(control);
        const { file } = opened;
        blocks = new BlockWriter(file, await startIn(file, options, control), protocol, control.signal);
      };
      begin().then(() => done(), notOpened(stream, done));
    },
    write: (chunk: Uint8Array, _encoding, done) => {
      take([chunk]).then(() => done(), done);
    },
    writev: (chunks: { chunk: Uint8Array }[], done) => {
      take(chunks.map(({ chunk }) => chunk)).then(() => done(), done);
    },
    final: (done) => {
      (blocks?.finish() ?? Promise.resolve()).then(() => done(), done);
    },
    destroy: (error, done) => {
      stop();
      finish([() => opened?.close()], error).then(done, done);
    },
  });
  return endedBy(control.signal, options.signal, stream);
}

/** Splits text that arrives in pieces into lines, without their line breaks. */
export function linesOf(chunks: AsyncIterable<Uint8Array>, encoding: BufferEncoding): Steps<string> {
  return disposable(eachLine(chunks, encoding));
}

async function* eachLine(
  chunks: AsyncIterable<Uint8Array>,
  encoding: BufferEncoding,
): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder(encoding);
  /** Pieces of an incomplete line, joined only once it is complete. */
  let begun: string[] = [];
  for await (const chunk of chunks) {
    const text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    begun.push(text);
    if (!text.includes('\n')) continue;
    const lines = begun.join('').split(/\r?\n/);
    begun = [lines.pop() ?? ''];
    yield* lines;
  }
  const rest = begun.join('') + decoder.end();
  if (rest !== '') yield rest;
}
