import type { Clock } from '#engine/transport.js';

/** Maximum number of tracked messages; beyond it the oldest counts as delivered. */
const MOST = 1024;

interface Sent {
  readonly at: number;
  readonly lost: () => void;
}

/**
 * Recently sent messages that have no response of their own. Whether they arrived is unknown, so they are resent by
 * another channel if the connection is lost ([MS-SMB2] 3.3.4.6, 3.3.4.7).
 */
export class Unsure {
  readonly #clock: Clock;
  readonly #lastsMs: number;
  readonly #sent: Set<Sent> = new Set();

  /** `lastsMs`: after this time the client has reacted, or nobody waits for it any more. */
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
