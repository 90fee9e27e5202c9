import type { Random } from '#engine/transport.js';

/** How long to keep trying, and how often. */
export interface ReconnectPolicy {
  /** A connection that stays away longer than this is given up. */
  readonly timeoutMs: number;
  /** The first pause; each further one is twice as long. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
}

/** The pause before a further attempt: doubled each time, and any length between half of that and all of it. */
export function delayOf(policy: ReconnectPolicy, attempt: number, random: Random): number {
  const full = Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** attempt);
  const [high = 0, low = 0] = random(2);
  return full * (0.5 + ((high << 8) | low) / 131_072);
}

/** Sessions that are lost as soon as they are there: so many in a row may be bad luck. */
const UNLUCKY = 10;

/** Slows down where sessions come back, but do not stay: each time that nothing came of one counts as a failed attempt. */
export class Relapses {
  /** When the first of those in a row was lost. */
  since = 0;
  #count = 0;

  /** A session that began then is lost. The pause before the next one. */
  pauseAfter(begun: number, now: number, policy: ReconnectPolicy, random: Random): number {
    const due = this.#count < UNLUCKY ? 0 : delayOf(policy, this.#count - UNLUCKY, random);
    const lasted = now - begun > Math.max(due, policy.initialDelayMs);
    if (lasted || this.#count === 0) this.since = now;
    this.#count = lasted ? 0 : this.#count + 1;
    return lasted ? 0 : due;
  }
}
