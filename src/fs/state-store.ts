import type { Eventually } from './backend.js';

/**
 * State that survives a server restart: small records, each under a key of letters, digits and `-`, each replaced as a
 * whole or appended to. Used by one server at a time, from `load` to `close`.
 */
export interface StateStore {
  /**
   * All intact records. Damaged ones are moved aside and reported to `damaged`. SharingViolation if another running
   * server uses the store.
   */
  load(damaged: (what: string) => void): Eventually<ReadonlyMap<string, Uint8Array>>;
  /** Completes when the whole record is durable, so that it survives any crash from then on. */
  put(key: string, record: Uint8Array): Promise<void>;
  /**
   * Appends bytes to a record that has been put since `load`; durable on completion. If interrupted, either all or none
   * of the bytes are there. One call at a time per record. After a failure the record has to be put again.
   */
  append(key: string, addition: Uint8Array): Promise<void>;
  /** Deletes a record, if there is one; durable on completion. */
  delete(key: string): Promise<void>;
  /** The server is done, and another one may use the store. */
  close?(): Promise<void>;
}
