import type { Claim, Eventually } from './opens.js';
import type { Patience } from './patience.js';

/** A byte range of a file. Both numbers may be anything below 2^64; a length of 0 is a position between two bytes. */
export interface ByteRange {
  readonly offset: bigint;
  readonly length: bigint;
}

export interface RangeLock extends ByteRange {
  readonly exclusive: boolean;
}

/** Owner of a lock: an open and, for dialects that distinguish them (SMB1), a process of the client; otherwise 0. */
export interface LockOwner {
  readonly claim: Claim;
  readonly process: number;
}

/** Outcome of a lock request: `refused` by a conflicting lock; `closed` if its open was closed while it waited. */
export type LockOutcome = 'granted' | 'refused' | 'cancelled' | 'closed';

/** A held lock, for status pages. */
export interface HeldLock extends RangeLock, LockOwner {}

/** Byte-range locks ([MS-FSA] 2.1.5.8, 2.1.5.9), over all servers of a medium. They end with the open. */
export interface Locks {
  /**
   * Takes all of the locks or none, atomically. With `patience` it waits in request order, though a request that no
   * held lock conflicts with is granted ahead of earlier ones. What others have cached of the data becomes void
   * (`Cachings.changed`). InvalidLockRange; InsufficientResources.
   */
  lock(owner: LockOwner, locks: readonly RangeLock[], patience?: Patience): Eventually<LockOutcome>;
  /** Releases a lock of exactly this range, an exclusive one before a shared one; false if there is none. */
  unlock(owner: LockOwner, range: ByteRange): Eventually<boolean>;
  /** Whether a lock conflicts with reading or writing the range. Called for each READ and WRITE. */
  blocks(claim: Claim, process: number, offset: number, length: number, write: boolean): Eventually<boolean>;
  /** Locks held by an open. */
  held(claim: Claim): Eventually<RangeLock[]>;
  /** All locks held, for status pages. */
  list(): Eventually<HeldLock[]>;
}
