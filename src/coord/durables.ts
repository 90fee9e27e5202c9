import type { Claim, Eventually } from './opens.js';

/**
 * Opens whose clients have lost their connection and may come back, over all servers of a medium. They keep all that
 * they hold. Their clients cannot be told of a break, so each break ends them: `CachingRequest.broken` is called for
 * every one that it touches, and whoever keeps the open closes it.
 */
export interface Durables {
  /** The client is gone. False if the open cannot outlast that: it caches no handle, or has to give up what it caches. */
  disconnect(claim: Claim): Eventually<boolean>;
  /** The client is back; false if the open is at its end meanwhile. */
  reconnect(claim: Claim): Eventually<boolean>;
  /** All opens whose clients are gone, for status pages. */
  list(): Eventually<Claim[]>;
}
