import type { Clock } from '#engine/transport.js';
import type { Agreement } from './negotiate.js';

const CREDIT_BYTES = 65_536;
const MIB = 1024 * 1024;
/** Requests that make up a window. With fewer each side waits for the other, with more each costs what it costs. */
const READS = 8;
/** A server takes them one by one, and has enough to do with the next few. */
const WRITES = 4;
/** More only where the way needs it: what waits is out of the processor's caches. */
const USUAL = 8 * MIB;
/** Also while nothing is known: TCP begins slowly, too. */
const LEAST = 2 * MIB;
/** As much as the credits that a connection tries to hold pay for. */
const MOST = 32 * MIB;
/** How long what is under way may take, so that other requests do not wait for it for long. */
const PATIENCE_MS = 125;
/** Requests below this tell of latency, not of the rate. */
const TELLING = 65_536;
/** A rate counts for this long at least, and twice that at most. */
const MEMORY_MS = 5000;

/** A request under way: when it was sent, and what had arrived by then. */
export interface Flight {
  readonly at: number;
  readonly arrived: number;
}

/** What of an agreement it is made of. */
type Sizes = Pick<Agreement, 'maxRead' | 'maxWrite'>;

/**
 * How much of the data of a session may be under way at a time, and in requests of what size. The window is what the
 * way carries while a request and its answer go once through it, twice: so there is always something on its way while
 * the next is asked for. The rate is the best of the last seconds: having nothing to do makes it look worse than it is.
 * The latency is the best that ever was, for later on our own data stands in front of each request. A window that is too
 * small for a long way doubles with each round trip that way, until the rate grows no more. On short ways that would be
 * very little; there, an eighth of a second's worth keeps both sides busy.
 */
export class Pace {
  window: number = LEAST;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #agreement: Sizes;
  readonly #reach: () => number;
  #arrived = 0;
  #since: number;
  /** Bytes in a millisecond: of this time span and of the one before. */
  #rate = 0;
  #rateBefore = 0;
  #latencyMs = Number.POSITIVE_INFINITY;
  /** The longest request that there is has been written. */
  #stretched = false;

  /** `reach`: the credits that there are, with those under way. */
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
   * For the first time that so much is waiting, on a way that bears it, as long as the window. glibc's malloc keeps free
   * memory for twice the longest block that it has given back; what is beyond that goes to the system after each request
   * and comes from it again, which for smbd is a fifth of what a WRITE costs.
   */
  writeSize(waiting: number): number {
    const { maxWrite } = this.#agreement;
    const able = Math.min(maxWrite, this.window, this.#reach() * CREDIT_BYTES, waiting) >= USUAL;
    return able && !this.#stretched ? USUAL : Math.min(maxWrite, this.#part(WRITES));
  }

  /** How much of so much one request may ask for: it may have been meant for a connection that could do more. */
  readable(bytes: number): number {
    return Math.min(bytes, this.#agreement.maxRead, this.affordable);
  }

  /** As `readable`, how much it may carry. */
  writable(bytes: number): number {
    return Math.min(bytes, this.#agreement.maxWrite, this.affordable);
  }

  /** As many bytes as there are credits for; a request for more never gets away. */
  get affordable(): number {
    return Math.max(1, this.#reach()) * CREDIT_BYTES;
  }

  /** A request for data is sent, with so many bytes of it. */
  sent(bytes: number = 0): Flight {
    if (bytes >= USUAL) this.#stretched = true;
    return { at: this.#clock.now(), arrived: this.#arrived };
  }

  /** Its bytes have come, or have been taken. */
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
   * As many requests should find room in the window, and credits. So they are small on a slow way. Of few sizes, though
   * the window changes all the time: memory of another size is not used again.
   */
  #part(requests: number): number {
    const credits = Math.min(this.#reach(), Math.floor(this.window / CREDIT_BYTES));
    const part = 2 ** Math.floor(Math.log2(Math.max(1, credits / requests)));
    return part * CREDIT_BYTES;
  }
}
