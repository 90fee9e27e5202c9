/** Upper bound on pooled memory, so that a burst does not hold it for ever. */
const KEPT_BYTES = 32 * 1024 * 1024;
/** Pooled buffers are multiples of this size; anything smaller is allocated afresh. */
const UNIT = 65_536;

/** Reusable buffers for bulk data: fresh memory costs a page fault per 4 KiB, plus time in the garbage collector. */
export class BufferPool {
  readonly #free = new Map<number, Uint8Array[]>();
  #kept = 0;

  /** A buffer of exactly `length` bytes with undefined content. Give the same object back, or keep it for good. */
  take(length: number): Uint8Array {
    if (length < UNIT) return new Uint8Array(length);
    const size = Math.ceil(length / UNIT) * UNIT;
    const whole = this.#free.get(size)?.pop();
    if (whole !== undefined) this.#kept -= size;
    return (whole ?? new Uint8Array(Buffer.allocUnsafeSlow(size).buffer)).subarray(0, length);
  }

  /** Returns a buffer that is no longer in use. */
  give(buffer: Uint8Array): void {
    const size = buffer.buffer.byteLength;
    if (buffer.length < UNIT) return;
    for (const other of this.#free.keys()) this.#dropFor(size, other);
    if (this.#kept + size > KEPT_BYTES) return;
    const list = this.#free.get(size) ?? [];
    if (list.length === 0) this.#free.set(size, list);
    list.push(new Uint8Array(buffer.buffer));
    this.#kept += size;
  }

  /** Message sizes change over time: evicts buffers of another size to make room for this one. */
  #dropFor(size: number, other: number): void {
    if (other === size) return;
    while (this.#kept + size > KEPT_BYTES && this.#free.get(other)?.pop()) this.#kept -= other;
  }
}
