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
