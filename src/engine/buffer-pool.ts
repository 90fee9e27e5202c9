/** Kept at most, so that a burst does not hold memory for ever. */
const KEPT_BYTES = 32 * 1024 * 1024;
/** Sizes are multiples of this; what is smaller gets memory of its own. */
const UNIT = 65_536;

/** Buffers for bulk data, used again: fresh memory costs a page fault for every 4 KiB, and the collector its time. */
export class BufferPool {
  readonly #free = new Map<number, Uint8Array[]>();
  #kept = 0;

  /** A buffer of exactly `length` bytes, content undefined. Give the same object back, or keep it. */
  take(length: number): Uint8Array {
    if (length < UNIT) return new Uint8Array(length);
    const size = Math.ceil(length / UNIT) * UNIT;
    const whole = this.#free.get(size)?.pop();
    if (whole !== undefined) this.#kept -= size;
    return (whole ?? new Uint8Array(Buffer.allocUnsafeSlow(size).buffer)).subarray(0, length);
  }

  /** Returns a buffer that nobody looks at any more. */
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

  /** Messages have other sizes than before: what is of those makes room. */
  #dropFor(size: number, other: number): void {
    if (other === size) return;
    while (this.#kept + size > KEPT_BYTES && this.#free.get(other)?.pop()) this.#kept -= other;
  }
}
