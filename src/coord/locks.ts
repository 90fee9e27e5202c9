import type { Claim, Eventually } from './opens.js';
import type { Patience } from './patience.js';

/** A byte range of a file. Both numbers may be anything below 2^64; a length of 0 is a place between two bytes. */
export interface ByteRange {
  readonly offset: bigint;
  readonly length: bigint;
}

export interface RangeLock extends ByteRange {
  readonly exclusive: boolean;
}

/** Whose a lock is: an open and, where a dialect tells them apart (SMB1), a process of the client; else 0. */
export interface LockOwner {
  readonly claim: Claim;
  readonly process: number;
}

/** How a request for locks ended: `refused` by a lock of somebody, or its open was closed while it waited. */
export type LockOutcome = 'granted' | 'refused' | 'cancelled' | 'closed';

/** A held lock, for status pages. */
export interface HeldLock extends RangeLock, LockOwner {}

/** Byte-range locks ([MS-FSA] 2.1.5.8, 2.1.5.9), over all servers of a medium. They end with the open. */
export interface Locks {
  /**
   * Takes all of the locks or none, decided as one. With patience it waits for its turn: in the order of asking, though
   * one that nothing held stands in the way of goes before. What others have cached of the data is void from then on
   * (`Cachings.changed`). InvalidLockRange; InsufficientResources.
   */
  lock(owner: LockOwner, locks: readonly RangeLock[], patience?: Patience): Eventually<LockOutcome>;
  /** Gives back a lock of exactly this range, an exclusive one before a shared one; false if there is none. */
  unlock(owner: LockOwner, range: ByteRange): Eventually<boolean>;
  /** Whether a lock stands in the way of reading, or writing, bytes: asked for each READ and WRITE. */
  blocks(claim: Claim, process: number, offset: number, length: number, write: boolean): Eventually<boolean>;
  /** What an open holds. */
  held(claim: Claim): Eventually<RangeLock[]>;
  /** All held locks, for status pages. */
  list(): Eventually<HeldLock[]>;
}
