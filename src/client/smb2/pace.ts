import type { Clock } from '#engine/transport.js';
import type { Agreement } from './negotiate.js';

const CREDIT_BYTES = 65_536;
const MIB = 1024 * 1024;
/** Reads per window. With fewer, client and server wait for each other; with more, the cost per request adds up. */
const READS = 8;
/** Writes per window. A server processes them one at a time, so a few queued ones keep it busy. */
const WRITES = 4;
/** Larger windows are used only if the link needs them, because the data no longer fits into the CPU's caches. */
const USUAL = 8 * MIB;
/** Also used before anything has been measured; TCP starts slowly, too. */
const LEAST = 2 * MIB;
/** What can be paid with the credits that a connection tries to hold. */
const MOST = 32 * MIB;
/** How long the data in flight may take, so that other requests do not have to wait for long. */
const PATIENCE_MS = 125;
/** Smaller requests measure latency rather than throughput. */
const TELLING = 65_536;
/** A measured rate counts for at least this long, and at most twice as long. */
const MEMORY_MS = 5000;

/** A request in flight: when it was sent, and how many bytes had arrived by then. */
export interface Flight {
  readonly at: number;
  readonly arrived: number;
}

/** The limits that matter here. */
type Sizes = Pick<Agreement, 'maxRead' | 'maxWrite'>;

/**
 * Controls how much data of a session may be in flight, and the size of its requests. The window is twice the
 * bandwidth-delay product, so that data keeps flowing while more is requested. The rate is the best of the last
 * seconds, because idle time makes it look worse than it is. The latency is the best ever measured, because later
 * requests queue behind our own data. A window that is too small for a long link thus doubles with each round trip
 * until the rate stops growing. On short links this product is very small; there, the window holds an eighth of a
 * second's worth of data, which keeps both sides busy.
 */
export class Pace {
  window: number = LEAST;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #agreement: Sizes;
  readonly #reach: () => number;
  #arrived = 0;
  #since: number;
  /** Bytes per millisecond, for the current period and the one before. */
  #rate = 0;
  #rateBefore = 0;
  #latencyMs = Number.POSITIVE_INFINITY;
  /** A request of the largest size has been written. */
  #stretched = false;

  /** `reach`: the available credits, including those of requests in flight. */
  constructor(clock: Pick<Clock, 'now'>, agreement: Sizes, reach: () => number) {
    this.#clock = clock;
    this.#agreement = agreement;
    this.#reach = reach;
    this.#since = clock.now();
  }

  get readSize(): number {
    return Math.min(this.#agreement.maxRead, this.#part(READS));
  }

  /**
   * The first time that enough data is waiting, and the link is fast enough, one write is as large as the usual window.
   * glibc's malloc keeps up to twice the largest block that was ever freed; memory beyond that goes back to the system
   * after each request and is allocated again, which costs smbd a fifth of the time of a WRITE.
   */
  writeSize(waiting: number): number {
    const { maxWrite } = this.#agreement;
    const able = Math.min(maxWrite, this.window, this.#reach() * CREDIT_BYTES, waiting) >= USUAL;
    return able && !this.#stretched ? USUAL : Math.min(maxWrite, this.#part(WRITES));
  }

  /** Limits the size of a read, which may have been chosen for a connection with higher limits. */
  readable(bytes: number): number {
    return Math.min(bytes, this.#agreement.maxRead, this.affordable);
  }

  /** Limits the size of a write, like `readable`. */
  writable(bytes: number): number {
    return Math.min(bytes, this.#agreement.maxWrite, this.affordable);
  }

  /** How many bytes the credits pay for; a larger request would never be sent. */
  get affordable(): number {
    return Math.max(1, this.#reach()) * CREDIT_BYTES;
  }

  /** A data request is sent; for a write, `bytes` is its size. */
  sent(bytes: number = 0): Flight {
    if (bytes >= USUAL) this.#stretched = true;
    return { at: this.#clock.now(), arrived: this.#arrived };
  }

  /** Its data has arrived, or has been written. */
  done({ at, arrived }: Flight, bytes: number): void {
    const now = this.#clock.now();
    const took = now - at;
    if (bytes < TELLING || took <= 0) return;
    if (now - this.#since >= MEMORY_MS) {
      this.#since = now;
      this.#rateBefore = this.#rate;
      this.#rate = 0;
    }
    this.#arrived += bytes;
    this.#latencyMs = Math.min(this.#latencyMs, took);
    this.#rate = Math.max(this.#rate, (this.#arrived - arrived) / took);
    const rate = Math.max(this.#rate, this.#rateBefore);
    const comfortable = Math.min(USUAL, rate * PATIENCE_MS);
    this.window = Math.floor(Math.min(MOST, Math.max(LEAST, comfortable, 2 * rate * this.#latencyMs)));
  }

  /**
   * The size at which so many requests fit into the window and the credits, so that requests are small on a slow link.
   * Rounded to a power of two: the window changes all the time, and memory of another size would not be reused.
   */
  #part(requests: number): number {
    const credits = Math.min(this.#reach(), Math.floor(this.window / CREDIT_BYTES));
    const part = 2 ** Math.floor(Math.log2(Math.max(1, credits / requests)));
    return part * CREDIT_BYTES;
  }
}
