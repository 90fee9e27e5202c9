const NONE = new Uint8Array(0);
const SMALLEST = 65_536;
const LIMIT = 40 * 1024 * 1024;

interface Waiter {
  readonly size: number;
  /** False when only the size counts against the limit, because the memory is the caller's. */
  readonly memory: boolean;
  readonly resolve: (buffer: Uint8Array) => void;
}

/** A pool of buffers with a limit on their total size, so that memory use does not grow with the number of files. */
export class Buffers {
  readonly #limit: number;
  readonly #free = new Map<number, Uint8Array[]>();
  readonly #waiting: Waiter[] = [];
  /** Bytes of buffers in use or free, and of memory elsewhere that counts against the limit. */
  #held = 0;

  constructor(limit: number = LIMIT) {
    this.#limit = limit;
  }

  /** Runs work with a buffer of `length` bytes, at most the limit, as soon as one is available. */
  async use<T>(length: number, work: (buffer: Uint8Array) => Promise<T>): Promise<T> {
    const buffer = await this.#take(length, true);
    try {
      const result = await work(buffer.subarray(0, length));
      this.#listOf(buffer.length).push(buffer);
      return result;
    } catch (error) {
      // A cancelled request may still be reading from this memory: do not reuse it.
      this.#held -= buffer.length;
      throw error;
    } finally {
      this.#serve();
    }
  }

  /** Runs work that holds `length` bytes in memory of its own. */
  async without<T>(length: number, work: () => Promise<T>): Promise<T> {
    await this.#take(length, false);
    try {
      return await work();
    } finally {
      this.#held -= sizeFor(length);
      this.#serve();
    }
  }

  #take(length: number, memory: boolean): Uint8Array | Promise<Uint8Array> {
    const size = sizeFor(length);
    const now = this.#waiting.length === 0 ? this.#try(size, memory) : undefined;
    return now ?? new Promise((resolve) => this.#waiting.push({ size, memory, resolve }));
  }

  // First come, first served: large requests would otherwise starve.
  #serve(): void {
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const buffer = this.#try(first.size, first.memory);
      if (buffer === undefined) return;
      this.#waiting.shift();
      first.resolve(buffer);
    }
  }

  #try(size: number, memory: boolean): Uint8Array | undefined {
    const free = memory ? this.#free.get(size)?.pop() : undefined;
    if (free !== undefined) return free;
    for (const list of this.#free.values()) {
      while (this.#held + size > this.#limit && list.length > 0) this.#held -= list.pop()?.length ?? 0;
    }
    if (this.#held + size > this.#limit) return undefined;
    this.#held += size;
    return memory ? new Uint8Array(size) : NONE;
  }

  #listOf(size: number): Uint8Array[] {
    const list = this.#free.get(size) ?? [];
    if (list.length === 0) this.#free.set(size, list);
    return list;
  }
}

/** Only a few sizes, so that free buffers can be reused. */
function sizeFor(length: number): number {
  let size = SMALLEST;
  while (size < length) size *= 2;
  return size;
}
