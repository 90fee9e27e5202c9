import type { Eventually } from './backend.js';

/**
 * What has to survive a server: small records, each under a key of letters, digits and `-`, each replaced as a whole.
 * One server at a time uses it, from `load` to `close`.
 */
export interface StateStore {
  /**
   * All records that are whole. What is damaged is put aside and told to `damaged`. SharingViolation, where the store can
   * tell, if another server that is alive uses it.
   */
  load(damaged: (what: string) => void): Eventually<ReadonlyMap<string, Uint8Array>>;
  /** Returns when the record is on the medium for good: whatever happens from now on, it is there as a whole. */
  put(key: string, record: Uint8Array): Promise<void>;
  /** Likewise, when it is gone for good. A record that is not there is fine. */
  delete(key: string): Promise<void>;
  /** The server is at its end: another one may use the store. */
  close?(): Promise<void>;
}
