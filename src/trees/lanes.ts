/** Things on their way from one who finds them to several who work on them; who finds them waits while there are many. */
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

  /** The next one; undefined when there will be no more. */
  take(): Promise<T | undefined> | T | undefined {
    if (this.#next < this.#items.length) {
      const item = this.#items[this.#next++] as T;
      // What is taken is let go from time to time, not each time: moving all the others costs.
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

  /** No more will come. With `empty`, what is waiting is dropped too. */
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

/** Runs `lanes` copies of `work` to the end; all of them have ended when this does. The first failure is thrown. */
export async function inLanes(lanes: number, work: () => Promise<void>): Promise<void> {
  const outcomes = await Promise.allSettled(Array.from({ length: lanes }, work));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
