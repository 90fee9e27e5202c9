import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Extent } from '../capabilities.js';

const CHUNK = 64 * 1024;

/** Limits the bytes that all files of a back end may take together. */
export class Budget {
  readonly limit: number;
  used = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  take(bytes: number): void {
    if (this.used + bytes > this.limit) throw new StatusError(NtStatus.DiskFull);
    this.used += bytes;
  }

  giveBack(bytes: number): void {
    this.used -= bytes;
  }
}

/** Memory of one chunk and the number of places that share it (copy on write). */
interface Chunk {
  bytes: Uint8Array;
  users: number;
}

/** The content of a file in chunks; unwritten ones take no memory and read as zeros. */
export class Chunks {
  readonly #budget: Budget;
  readonly #chunks = new Map<number, Chunk>();
  size = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  get allocated(): number {
    return this.#chunks.size * CHUNK;
  }

  read(into: Uint8Array, offset: number): number {
    const count = Math.max(0, Math.min(into.length, this.size - offset));
    for (let done = 0; done < count; ) {
      const at = offset + done;
      const from = at % CHUNK;
      const length = Math.min(count - done, CHUNK - from);
      const chunk = this.#chunks.get((at - from) / CHUNK);
      if (chunk === undefined) into.fill(0, done, done + length);
      else into.set(chunk.bytes.subarray(from, from + length), done);
      done += length;
    }
    return count;
  }

  /** Writes all bytes or none. */
  write(bytes: Uint8Array, offset: number): void {
    if (bytes.length === 0) return;
    this.#reserve(offset, bytes.length);
    for (let done = 0; done < bytes.length; ) {
      const at = offset + done;
      const from = at % CHUNK;
      const length = Math.min(bytes.length - done, CHUNK - from);
      const chunk = this.#chunks.get((at - from) / CHUNK) as Chunk;
      chunk.bytes.set(bytes.subarray(done, done + length), from);
      done += length;
    }
    this.size = Math.max(this.size, offset + bytes.length);
  }

  truncate(size: number): void {
    if (size < this.size) {
      const kept = Math.ceil(size / CHUNK);
      for (const index of this.#chunks.keys()) {
        if (index >= kept) this.#free(index);
      }
      // The rest of the last chunk must read as zeros if the file grows again.
      if (size % CHUNK !== 0) this.#clear(kept - 1, size % CHUNK, CHUNK);
    }
    this.size = size;
  }

  clear(): void {
    this.truncate(0);
  }

  /** The allocated extents within a range; adjacent chunks are merged. */
  extents(offset: number, end: number, limit: number): Extent[] {
    const found: { offset: number; length: number }[] = [];
    const until = Math.min(end, this.size);
    const indexes = [...this.#chunks.keys()].sort((a, b) => a - b);
    for (const index of indexes) {
      const from = Math.max(offset, index * CHUNK);
      const length = Math.min(until, (index + 1) * CHUNK) - from;
      if (length <= 0) continue;
      const last = found.at(-1);
      if (last !== undefined && last.offset + last.length === from) last.length += length;
      else if (found.length === limit) break;
      else found.push({ offset: from, length });
    }
    return found;
  }

  /** Makes a range of the file read as zeros; frees chunks that lie wholly in it. */
  zero(offset: number, end: number): void {
    const until = Math.min(end, this.size);
    // A partly filled last chunk counts as whole if the range reaches the end of the file.
    const bound = until === this.size ? Math.ceil(until / CHUNK) * CHUNK : until;
    for (const index of [...this.#chunks.keys()]) {
      const from = Math.max(offset, index * CHUNK);
      const to = Math.min(bound, (index + 1) * CHUNK);
      if (to - from === CHUNK) this.#free(index);
      else if (to > from) this.#clear(index, from - index * CHUNK, to - index * CHUNK);
    }
  }

  /** Copies a range from another file or from this one: whole chunks are shared, the rest is copied. */
  clone(from: Chunks, fromOffset: number, toOffset: number, length: number): void {
    const aligned = (toOffset - fromOffset) % CHUNK === 0;
    for (let done = 0; done < length; ) {
      const at = toOffset + done;
      const step = Math.min(length - done, CHUNK - (at % CHUNK));
      const ends = at + step >= this.size && fromOffset + done + step >= from.size;
      if (aligned && at % CHUNK === 0 && (step === CHUNK || ends)) {
        this.#share(from, (fromOffset + done) / CHUNK, at / CHUNK);
        this.size = Math.max(this.size, at + step);
      } else {
        const bytes = new Uint8Array(step);
        from.read(bytes, fromOffset + done);
        this.write(bytes, at);
      }
      done += step;
    }
  }

  #share(from: Chunks, source: number, target: number): void {
    if (from === this && source === target) return;
    const chunk = from.#chunks.get(source);
    if (chunk !== undefined) chunk.users++;
    this.#free(target);
    if (chunk !== undefined) this.#chunks.set(target, chunk);
  }

  #reserve(offset: number, length: number): void {
    const missing: number[] = [];
    const shared: number[] = [];
    const last = Math.floor((offset + length - 1) / CHUNK);
    for (let index = Math.floor(offset / CHUNK); index <= last; index++) {
      const chunk = this.#chunks.get(index);
      if (chunk === undefined) missing.push(index);
      else if (chunk.users > 1) shared.push(index);
    }
    this.#budget.take((missing.length + shared.length) * CHUNK);
    for (const index of missing) this.#chunks.set(index, { bytes: new Uint8Array(CHUNK), users: 1 });
    for (const index of shared) this.#part(index);
  }

  /** Gives a shared chunk its own memory, which has already been charged to the budget. */
  #part(index: number): Chunk {
    const shared = this.#chunks.get(index) as Chunk;
    shared.users--;
    const own = { bytes: shared.bytes.slice(), users: 1 };
    this.#chunks.set(index, own);
    return own;
  }

  #clear(index: number, from: number, to: number): void {
    let chunk = this.#chunks.get(index);
    if (chunk === undefined) return;
    if (chunk.users > 1) {
      this.#budget.take(CHUNK);
      chunk = this.#part(index);
    }
    chunk.bytes.fill(0, from, to);
  }

  #free(index: number): void {
    const chunk = this.#chunks.get(index);
    if (chunk === undefined) return;
    this.#chunks.delete(index);
    if (--chunk.users === 0) this.#budget.giveBack(CHUNK);
  }
}
