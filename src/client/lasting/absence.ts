import { msFromFiletime } from '#wire/dtyp/filetime.js';

/** While a session was away, by our clock. */
export interface Absence {
  /** When its loss was noticed. */
  readonly lostAt: number;
  /** When the server was first reached again; then it ends what is left of the session, and closes its opens. */
  backAt: number | undefined;
}

/** Clocks are compared by one message only, and file systems may count in steps of two seconds. */
const SLACK_MS = 2000;

/**
 * Whether a file that was last written at that time (FILETIME, by a clock that is so much ahead of ours) must have been
 * written by others: after all that we had sent, and before the server closed our open, which may count as a write, too.
 */
export function isByOthers(time: bigint, { lostAt, backAt }: Absence, skewMs: number | undefined): boolean {
  if (skewMs === undefined || backAt === undefined) return false;
  const at = msFromFiletime(time) - skewMs;
  return at > lostAt + SLACK_MS && at < backAt - SLACK_MS;
}
