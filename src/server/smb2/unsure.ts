import type { Clock } from '#engine/transport.js';

/** Beyond it the oldest is taken for delivered. */
const MOST = 1024;

interface Sent {
  readonly at: number;
  readonly lost: () => void;
}

/**
 * What was sent over a connection of late and that nobody answers as such: whether it has arrived is not known, so it is
 * sent by another way if the connection is lost ([MS-SMB2] 3.3.4.6, 3.3.4.7).
 */
export class Unsure {
  readonly #clock: Clock;
  readonly #lastsMs: number;
  readonly #sent: Set<Sent> = new Set();

  /** `lastsMs`: who would answer has done so by then, or nobody waits for it any more. */
  constructor(clock: Clock, lastsMs: number) {
    this.#clock = clock;
    this.#lastsMs = lastsMs;
  }

  add(lost: () => void): void {
    const at = this.#clock.now();
    for (const old of this.#sent) {
      if (this.#sent.size < MOST && at - old.at <= this.#lastsMs) break;
      this.#sent.delete(old);
    }
    this.#sent.add({ at, lost });
  }

  /** The connection is lost. */
  lost(): void {
    const now = this.#clock.now();
    const sent = [...this.#sent];
    this.#sent.clear();
    for (const { at, lost } of sent) if (now - at <= this.#lastsMs) lost();
  }
}
