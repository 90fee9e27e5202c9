import { msFromFiletime } from '#wire/dtyp/filetime.js';

/** The time during which a session was lost, by our clock. */
export interface Absence {
  /** When the loss was noticed. */
  readonly lostAt: number;
  /** When the server was first reached again. It then ends the remains of the old session and closes its opens. */
  backAt: number | undefined;
}

/** The clock skew is known from a single message only, and some file systems store times in steps of two seconds. */
const SLACK_MS = 2000;

/**
 * Whether a last write time (FILETIME; the server's clock is `skewMs` ahead of ours) proves that others wrote the file:
 * it is later than all that we sent, but earlier than the time the server closed our open, which may count as a write,
 * too.
 */
export function isByOthers(time: bigint, { lostAt, backAt }: Absence, skewMs: number | undefined): boolean {
  if (skewMs === undefined || backAt === undefined) return false;
  const at = msFromFiletime(time) - skewMs;
  return at > lostAt + SLACK_MS && at < backAt - SLACK_MS;
}
