import type { Agreement } from './negotiate.js';

const CREDIT_BYTES = 65_536;
const MIB = 1024 * 1024;
/** Each request costs both sides the same, however much is in it; more than this gains nothing. */
const LARGE = 4 * MIB;
/** On a slow way, a write that is answered only after it is all there would look like a server that is silent. */
const CAREFUL = MIB;
const QUICK_MS = 250;
const SLOW_MS = 2000;

/** How much a request should be of: as much as server and credits allow, and for a write as the way has proved to bear. */
export class Pace {
  readonly #agreement: Pick<Agreement, 'maxRead' | 'maxWrite'>;
  readonly #reach: () => number;
  #writes = CAREFUL;

  /** `reach`: the credits that there are, with those under way. */
  constructor(agreement: Pick<Agreement, 'maxRead' | 'maxWrite'>, reach: () => number) {
    this.#agreement = agreement;
    this.#reach = reach;
  }

  get readSize(): number {
    return Math.min(LARGE, this.#agreement.maxRead, this.#affordable());
  }

  get writeSize(): number {
    return Math.min(this.#writes, this.#agreement.maxWrite, this.#affordable());
  }

  /** A write of `bytes` was answered after `ms`, in which it may have waited for others. */
  wrote(bytes: number, ms: number): void {
    if (ms > SLOW_MS) this.#writes = CAREFUL;
    else if (ms < QUICK_MS && bytes >= this.#writes) this.#writes = Math.min(LARGE, this.#writes * 2);
  }

  /** Two of them should find credits. */
  #affordable(): number {
    return Math.max(1, Math.floor(this.#reach() / 2)) * CREDIT_BYTES;
  }
}
