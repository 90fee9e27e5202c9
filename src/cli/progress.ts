import { Transform } from 'node:stream';
import { Presets, SingleBar } from 'cli-progress';
import { printable } from '#viewer/index.js';
import { humanSize } from './terminal.js';

/** Transfers shorter than this need no bar. */
const WORTH_SHOWING = 4 * 1024 * 1024;

/** Counts the bytes of a transfer, and shows them on a terminal. */
export class Progress {
  bytes = 0;
  readonly #bar: SingleBar | undefined;

  /** `total` in bytes; undefined when nobody knows. */
  constructor(name: string, total: number | undefined) {
    if (!process.stderr.isTTY || total === undefined || total < WORTH_SHOWING) return;
    const format = `${printable(name).replaceAll('{', '(')} {bar} {percentage}% {human} of ${humanSize(total)}, {eta_formatted} left`;
    this.#bar = new SingleBar(
      { format, stream: process.stderr, hideCursor: true, clearOnComplete: true, etaBuffer: 50 },
      Presets.shades_classic,
    );
    this.#bar.start(total, 0, { human: humanSize(0) });
  }

  add(bytes: number): void {
    this.bytes += bytes;
    this.#bar?.update(this.bytes, { human: humanSize(this.bytes) });
  }

  stop(): void {
    this.#bar?.stop();
  }

  /** A stage of a pipeline that counts what passes. */
  counter(): Transform {
    return new Transform({
      transform: (chunk: Uint8Array, _encoding, done) => {
        this.add(chunk.length);
        done(null, chunk);
      },
    });
  }
}
