import type { CachingRequest, CachingState } from './caching.js';
import type { Patience } from './patience.js';

/** The coordinator may run in this process or elsewhere. */
export type Eventually<T> = T | Promise<T>;

/** Identifies a file on a medium: the same for all its names and on all servers. */
export interface FileKey {
  readonly volume: string;
  /** The back end's number for the node. */
  readonly file: bigint;
}

export interface ClaimRequest extends FileKey {
  /** Path it is opened by, within the volume. */
  readonly path: string;
  /** The named stream being opened; '' for the file or directory itself. Case-insensitive. */
  readonly stream: string;
  /** Granted access mask ([MS-SMB2] 2.2.13.1). */
  readonly access: number;
  /** FILE_SHARE_* ([MS-SMB2] 2.2.13 ShareAccess). */
  readonly share: number;
  /** FILE_DELETE_ON_CLOSE was requested. */
  readonly deleteOnClose: boolean;
  /** The open replaces the existing data. */
  readonly overwrites: boolean;
  /** Access that the operation itself needs without being granted; share modes must allow it, too. */
  readonly opensBy?: number;
  /**
   * ParentLeaseKey of the CREATE ([MS-SMB2] 2.2.13.2.10), the client's lease on the directory: changes made through
   * this open do not break that lease.
   */
  readonly parentKey?: string | undefined;
  /** The requested oplock or lease. */
  readonly caching?: CachingRequest | undefined;
  /** Owner, for display. */
  readonly owner?: string;
}

/** An open known to the coordinator. Only the coordinator modifies these fields. */
export interface Claim extends FileKey {
  /** Current path. */
  readonly path: string;
  /** Current name of the stream. */
  readonly stream: string;
  readonly access: number;
  readonly share: number;
  /** As requested, or as changed since. */
  readonly deleteOnClose: boolean;
  readonly owner?: string;
  /** As in the request. Undefined once the open is released to carry out a deletion requested under another key. */
  readonly parentKey: string | undefined;
  /** What the open currently caches; undefined if nothing. */
  readonly holder: CachingState | undefined;
}

/** What the caller must remove from the medium after an open has ended: the whole file, only the stream, or nothing. */
export type Removal = 'nothing' | 'stream' | 'file';

/**
 * Who has what open, across all servers of a medium: share modes, delete-pending, names. Each stream of a file has its
 * own share modes, but deleting a file deletes all of its streams.
 */
export interface Opens {
  /**
   * Admits an open, with as much of the requested oplock or lease as possible. SharingViolation or DeletePending on a
   * conflict; checked and admitted atomically. Conflicting oplocks and leases are broken first; with patience, the open
   * waits for the acknowledgments. InvalidParameter if the lease key is in use for another file. Undefined: the file or
   * stream was removed during the wait, and the name must be looked up again.
   */
  claim(request: ClaimRequest): Eventually<Claim>;
  claim(request: ClaimRequest, patience: Patience | undefined): Eventually<Claim | undefined>;
  /**
   * Takes back an open whose CREATE failed: it deletes nothing itself. If others marked the file for deletion and have
   * closed it since, this was the last open, and the result must be removed as after `release`.
   */
  withdraw(claim: Claim): Eventually<Removal>;
  /**
   * FileDispositionInformation of the file or stream; can also clear a mark that somebody else has set. Before marking,
   * breaks the handle caching of others and, with patience, waits for the acknowledgments. With `posix` the name is
   * removed when this open is closed, whoever else has the file open. Those who watch the directory are told that it is
   * going.
   */
  setDeletePending(
    claim: Claim,
    pending: boolean,
    how?: { readonly posix?: boolean; readonly patience?: Patience | undefined },
  ): Eventually<void>;
  /**
   * Called before a rename ([MS-FSA] 2.1.5.15.11): breaks others' handle caching on the node and everything below it.
   * AccessDenied if anything below it is still open ([MS-FSA] 2.1.4.2). Waits as `setDeletePending` does.
   */
  prepareMove(claim: Claim, patience?: Patience): Eventually<void>;
  /** Changes the delete-on-close flag given at open. */
  setDeleteOnClose(claim: Claim, deletes: boolean): Eventually<void>;
  /** FileStandardInformation's DeletePending. */
  isDeletePending(claim: Claim): Eventually<boolean>;
  /**
   * Releases opens in one atomic step: a waiter proceeds only when all of them have gone. If one of them was to delete
   * the file or stream on close, that cannot be opened from now on. The caller must remove what the result says, for
   * each open, and then call `removed`. Releasing an open again yields `nothing`.
   */
  release(claims: readonly Claim[]): Eventually<Removal[]>;
  /** The removal succeeded, so that the file number or name is free, or it failed, so that it can be opened again. */
  removed(claim: Claim, removal: Removal): Eventually<void>;
  /** The node was renamed: updates its opens by this name, all opens below it, and the watches there. */
  moved(claim: Claim, to: string): Eventually<void>;
  /**
   * Counts how often a name came to mean another node, or none. If it has changed, earlier look-ups must be repeated.
   */
  upheavals(): Eventually<number>;
  /** The stream was renamed: updates the name in its opens. */
  streamMoved(claim: Claim, to: string): Eventually<void>;
  /** Whether the file, or any of its streams, is open through another claim. */
  hasOthers(claim: Claim): Eventually<boolean>;
  /** Whether a stream of that name is open on the claim's file. */
  hasStreamOpen(claim: Claim, stream: string): Eventually<boolean>;
  /** All opens, for status pages. */
  list(): Eventually<Claim[]>;
}
