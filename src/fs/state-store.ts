import type { Eventually } from './backend.js';

/**
 * What has to survive a server: small records, each under a key of letters, digits and `-`, each replaced as a whole or
 * added to. One server at a time uses it, from `load` to `close`.
 */
export interface StateStore {
  /**
   * All records that are whole. What is damaged is put aside and told to `damaged`. SharingViolation if another server
   * that is alive uses the store.
   */
  load(damaged: (what: string) => void): Eventually<ReadonlyMap<string, Uint8Array>>;
  /** Returns when the record is on the medium for good: whatever happens from now on, it is there as a whole. */
  put(key: string, record: Uint8Array): Promise<void>;
  /**
   * Adds bytes to the end of a record that has been put since `load`: likewise, and where it does not come to its end, all
   * of them are there or none. For one record one at a time. After a failure the record has to be put anew.
   */
  append(key: string, addition: Uint8Array): Promise<void>;
  /** Likewise, when it is gone for good. A record that is not there is fine. */
  delete(key: string): Promise<void>;
  /** The server is at its end: another one may use the store. */
  close?(): Promise<void>;
}
