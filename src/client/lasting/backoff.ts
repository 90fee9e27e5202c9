import type { Random } from '#engine/transport.js';

/** How often, and for how long, to try to reconnect. */
export interface ReconnectPolicy {
  /** A connection that cannot be restored within this time is given up. */
  readonly timeoutMs: number;
  /** The first delay; it doubles with each further attempt. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
}

/** The delay before the next attempt: exponential, with jitter between half and all of it. */
export function delayOf(policy: ReconnectPolicy, attempt: number, random: Random): number {
  const full = Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** attempt);
  const [high = 0, low = 0] = random(2);
  return full * (0.5 + ((high << 8) | low) / 131_072);
}

/** Sessions in a row that are lost right after they begin, before delays set in; that many may just be bad luck. */
const UNLUCKY = 10;

/**
 * Backs off when sessions can be set up but do not last: each session that is lost early counts as a failed attempt.
 */
export class Relapses {
  /** When the first session of the current run of early losses was lost. */
  since = 0;
  #count = 0;

  /** A session that began at `begun` is lost now. Returns the delay before the next one. */
  pauseAfter(begun: number, now: number, policy: ReconnectPolicy, random: Random): number {
    const due = this.#count < UNLUCKY ? 0 : delayOf(policy, this.#count - UNLUCKY, random);
    const lasted = now - begun > Math.max(due, policy.initialDelayMs);
    if (lasted || this.#count === 0) this.since = now;
    this.#count = lasted ? 0 : this.#count + 1;
    return lasted ? 0 : due;
  }
}
