import { Readable, Writable } from 'node:stream';
import type { File } from './file.js';

/** How a stream gets at its file. */
export type Opener = (signal: AbortSignal) => Promise<File>;

const READ_HIGH_WATER = 1024 * 1024;
const WRITE_HIGH_WATER = 4 * 1024 * 1024;

/** A Node stream over a range of a file, read ahead as far as the consumer keeps up. */
export function readStream(open: Opener, range: { start: number; end: number }, signal?: AbortSignal): Readable {
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let file: File | undefined;
  let chunks: AsyncGenerator<Uint8Array, void, undefined> | undefined;
  return new Readable({
    highWaterMark: READ_HIGH_WATER,
    construct: (done) => {
      open(both).then((opened) => {
        file = opened;
        chunks = opened.chunks({ ...range, signal: both });
        done();
      }, done);
    },
    read() {
      chunks?.next().then(
        ({ done, value }) => this.push(done ? null : (value as Uint8Array)),
        (error) => this.destroy(error),
      );
    },
    destroy: (error, done) => {
      stop.abort();
      finish([() => chunks?.return(), () => file?.close()], error).then(done, done);
    },
  });
}

async function finish(steps: (() => Promise<unknown> | undefined)[], error: Error | null): Promise<Error | null> {
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

/** Gathers what is written into blocks and keeps several of them under way. */
class BlockWriter {
  readonly #file: File;
  readonly #signal: AbortSignal;
  readonly #blockSize: number;
  readonly #limit: number;
  readonly #free: Uint8Array[] = [];
  readonly #flying = new Set<Promise<void>>();
  #block: Uint8Array | undefined;
  #fill = 0;
  #position: number;
  #failure: unknown;

  constructor(file: File, position: number, blockSize: number, limit: number, signal: AbortSignal) {
    this.#file = file;
    this.#position = position;
    this.#blockSize = blockSize;
    this.#limit = limit;
    this.#signal = signal;
  }

  /** Takes a copy of the bytes. Waits while too much is under way. */
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

  /** Sends what has gathered if nothing else is under way: a slow writer's bytes do not lie around. */
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
    while (this.#flying.size >= this.#limit && this.#failure === undefined) await Promise.race(this.#flying);
    if (this.#failure !== undefined) throw this.#failure;
  }
}

export interface WriteStreamSettings {
  readonly start: number;
  readonly blockSize: number;
  /** Blocks under way at a time. */
  readonly lanes: number;
}

/** A Node stream into a file: closed and complete on the server when 'close' is emitted, or destroyed with an error. */
export function writeStream(open: Opener, settings: WriteStreamSettings, signal?: AbortSignal): Writable {
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let file: File | undefined;
  let blocks: BlockWriter | undefined;
  const take = async (chunks: readonly Uint8Array[]): Promise<void> => {
    for (const chunk of chunks) await blocks?.add(chunk);
    await blocks?.idle();
  };
  return new Writable({
    highWaterMark: WRITE_HIGH_WATER,
    construct: (done) => {
      open(both).then((opened) => {
        file = opened;
        blocks = new BlockWriter(opened, settings.start, settings.blockSize, settings.lanes, both);
        done();
      }, done);
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
      stop.abort();
      finish([() => file?.close()], error).then(done, done);
    },
  });
}
