import { abortable } from './abort.js';

/** Runs operations with the same key one after the other. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  async take<T>(place: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(place);
    let done: () => void = () => undefined;
    const mine = new Promise<void>((resolve) => {
      done = resolve;
    });
    const all = before !== undefined ? before.then(() => mine) : mine;
    this.#last.set(place, all);
    try {
      if (before !== undefined) await abortable(before, signal);
      return await work();
    } finally {
      done();
      if (this.#last.get(place) === all) this.#last.delete(place);
    }
  }
}
