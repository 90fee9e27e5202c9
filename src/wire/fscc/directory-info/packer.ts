import { Encoder } from '../../io/encoder.js';
import type { Wire } from '../../io/layout.js';

const ALIGN = 8;
/** Extra room, so that an entry can be written before it turns out not to fit. */
const SLACK = 1024;
const FIRST_SLAB = 65536;

/** Fills a buffer of limited size with chained entries, one by one. */
export class DirectoryPacker {
  readonly #limit: number;
  readonly #io: Encoder;
  /** Position of the last entry, relative to the start, which moves if the encoder has to grow. */
  #last = -1;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#io = new Encoder(Math.min(limit, FIRST_SLAB) + SLACK).begin();
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes used so far. */
  get size(): number {
    return this.#io.pos - this.#io.start;
  }

  /** Appends an entry; returns false and changes nothing if it does not fit. */
  add(entry: Wire): boolean {
    const io = this.#io;
    const before = this.size;
    const padding = -before & (ALIGN - 1);
    if (before + padding + 4 > this.#limit) return false;
    if (padding > 0) io.skip('Padding', padding);
    const at = this.size;
    io.base = io.pos;
    io.u32('NextEntryOffset', 0);
    entry.layout(io);
    if (this.size > this.#limit) {
      io.pos = io.start + before;
      return false;
    }
    if (this.#last !== -1) io.view.setUint32(io.start + this.#last, at - this.#last, true);
    this.#last = at;
    this.#count++;
    return true;
  }

  /** The buffer, without padding after the last entry. */
  finish(): Uint8Array {
    return this.#io.end();
  }
}
