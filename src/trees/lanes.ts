/** A queue between a producer and several consumers; the producer waits while it is full. */
export class Queue<T> {
  readonly #limit: number;
  #items: T[] = [];
  #next = 0;
  #ended = false;
  readonly #takers: ((item: T | undefined) => void)[] = [];
  #room: (() => void) | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async push(item: T): Promise<void> {
    if (this.#ended) return;
    const taker = this.#takers.shift();
    if (taker) return taker(item);
    this.#items.push(item);
    if (this.#items.length - this.#next < this.#limit) return;
    await new Promise<void>((resolve) => {
      this.#room = resolve;
    });
  }

  /** The next item; undefined at the end. */
  take(): Promise<T | undefined> | T | undefined {
    if (this.#next < this.#items.length) {
      const item = this.#items[this.#next++] as T;
      // Taken items are dropped only from time to time, because moving all the others is expensive.
      if (this.#next * 2 > this.#items.length) {
        this.#items = this.#items.slice(this.#next);
        this.#next = 0;
      }
      this.#wake();
      return item;
    }
    if (this.#ended) return undefined;
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Ends the queue. With `empty`, waiting items are dropped, too. */
  end(empty = false): void {
    this.#ended = true;
    if (empty) {
      this.#items = [];
      this.#next = 0;
    }
    for (const taker of this.#takers.splice(0)) taker(undefined);
    this.#wake();
  }

  #wake(): void {
    const room = this.#room;
    this.#room = undefined;
    room?.();
  }
}

/** Runs `lanes` copies of `work` concurrently and waits for all of them. Throws the first failure. */
export async function inLanes(lanes: number, work: () => Promise<void>): Promise<void> {
  const outcomes = await Promise.allSettled(Array.from({ length: lanes }, work));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
