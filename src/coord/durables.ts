import type { Claim, Eventually } from './opens.js';

/**
 * How an open whose client is gone stays: `durable` as long as nobody needs what it caches; `resilient` whatever others
 * do, who find its share mode and locks in their way; `persistent` likewise, and nobody else opens the file or stream:
 * FileNotAvailable.
 */
export type Tenacity = 'durable' | 'resilient' | 'persistent';

/**
 * Opens whose clients have lost their connection and may come back, over all servers of a medium. They keep all that
 * they hold. Their clients cannot be told of a break: `CachingRequest.broken` is called for each durable one that it
 * touches, and whoever keeps the open closes it; for another one only if no client that is there shares its lease, and
 * whoever keeps it says that what it caches is lost.
 */
export interface Durables {
  /** The client is gone. False if a durable open cannot outlast that: it caches no handle, or has to give it up. */
  disconnect(claim: Claim, tenacity?: Tenacity): Eventually<boolean>;
  /** The client is back; false if the open is at its end meanwhile. */
  reconnect(claim: Claim): Eventually<boolean>;
  /** All opens whose clients are gone, for status pages. */
  list(): Eventually<Claim[]>;
}
