/** A fixed number of buffers: however many files are under way, memory stays what it is. */
export class Buffers {
  readonly size: number;
  readonly #limit: number;
  readonly #free: Uint8Array[] = [];
  readonly #waiting: ((buffer: Uint8Array) => void)[] = [];
  #made = 0;

  constructor(limit: number, size: number) {
    this.#limit = limit;
    this.size = size;
  }

  /** Runs work with a buffer, as soon as there is one. */
  async use<T>(work: (buffer: Uint8Array) => Promise<T>): Promise<T> {
    const buffer = await this.#take();
    try {
      return await work(buffer);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(buffer);
      else this.#free.push(buffer);
    }
  }

  #take(): Uint8Array | Promise<Uint8Array> {
    const free = this.#free.pop();
    if (free) return free;
    if (this.#made < this.#limit) {
      this.#made++;
      return new Uint8Array(this.size);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
