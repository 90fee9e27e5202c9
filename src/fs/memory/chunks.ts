import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';

const CHUNK = 64 * 1024;

/** Bytes that all files of a back end may take together. */
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

/** The content of a file in chunks; those never written take nothing and read as zeros. */
export class Chunks {
  readonly #budget: Budget;
  readonly #chunks = new Map<number, Uint8Array>();
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
      else into.set(chunk.subarray(from, from + length), done);
      done += length;
    }
    return count;
  }

  /** All or nothing. */
  write(bytes: Uint8Array, offset: number): void {
    if (bytes.length === 0) return;
    this.#reserve(offset, bytes.length);
    for (let done = 0; done < bytes.length; ) {
      const at = offset + done;
      const from = at % CHUNK;
      const length = Math.min(bytes.length - done, CHUNK - from);
      const chunk = this.#chunks.get((at - from) / CHUNK) as Uint8Array;
      chunk.set(bytes.subarray(done, done + length), from);
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
      // What comes to light when the file grows again must be zeros.
      if (size % CHUNK !== 0) this.#chunks.get(kept - 1)?.fill(0, size % CHUNK);
    }
    this.size = size;
  }

  clear(): void {
    this.truncate(0);
  }

  #reserve(offset: number, length: number): void {
    const missing: number[] = [];
    const last = Math.floor((offset + length - 1) / CHUNK);
    for (let index = Math.floor(offset / CHUNK); index <= last; index++) {
      if (!this.#chunks.has(index)) missing.push(index);
    }
    this.#budget.take(missing.length * CHUNK);
    for (const index of missing) this.#chunks.set(index, new Uint8Array(CHUNK));
  }

  #free(index: number): void {
    this.#chunks.delete(index);
    this.#budget.giveBack(CHUNK);
  }
}
