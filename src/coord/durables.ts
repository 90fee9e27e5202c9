import type { Claim, Eventually } from './opens.js';

/**
 * How an open survives the loss of its client: `durable` as long as nobody needs what it caches; `resilient` whatever
 * others do, with its share mode and locks still in force; `persistent` likewise, and in addition nobody else can open
 * the file or stream (FileNotAvailable).
 */
export type Tenacity = 'durable' | 'resilient' | 'persistent';

/**
 * Opens whose clients lost their connection and may reconnect, across all servers of a medium. They keep everything
 * they hold. Their clients cannot be notified of a break: `CachingRequest.broken` is called for each affected durable
 * open, and its owner closes it. For a resilient or persistent open it is called only if no connected client shares the
 * lease; its owner then reports the cached state as lost.
 */
export interface Durables {
  /**
   * The client disconnected. False if a durable open cannot survive that: it has no handle caching, or is losing it.
   */
  disconnect(claim: Claim, tenacity?: Tenacity): Eventually<boolean>;
  /** The client reconnected; false if the open has ended in the meantime. */
  reconnect(claim: Claim): Eventually<boolean>;
  /** All opens with disconnected clients, for status pages. */
  list(): Eventually<Claim[]>;
}
