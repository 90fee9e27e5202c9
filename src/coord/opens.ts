import type { CachingRequest, CachingState } from './caching.js';
import type { Patience } from './patience.js';

/** A coordinator may sit in this process or elsewhere. */
export type Eventually<T> = T | Promise<T>;

/** A file on a medium: the same for all its names and on all servers. */
export interface FileKey {
  readonly volume: string;
  /** The back end's number of the node. */
  readonly file: bigint;
}

export interface ClaimRequest extends FileKey {
  /** The name it is opened by, within the volume. */
  readonly path: string;
  /** The named stream that is opened; '' for the file or directory itself. Case does not matter. */
  readonly stream: string;
  /** Granted access mask ([MS-SMB2] 2.2.13.1). */
  readonly access: number;
  /** FILE_SHARE_* ([MS-SMB2] 2.2.13 ShareAccess). */
  readonly share: number;
  /** FILE_DELETE_ON_CLOSE was asked for. */
  readonly deleteOnClose: boolean;
  /** What is there will be taken away. */
  readonly overwrites: boolean;
  /** Access that this takes, without being granted: share modes have to allow it, too. */
  readonly opensBy?: number;
  /**
   * ParentLeaseKey of the CREATE ([MS-SMB2] 2.2.13.2.10): the lease that its client has on the directory. What it does by
   * this open does not break that lease.
   */
  readonly parentKey?: string | undefined;
  /** The oplock or lease that is asked for. */
  readonly caching?: CachingRequest | undefined;
  /** Who it is, for people. */
  readonly owner?: string;
}

/** An open that the coordinator knows of. Only the coordinator changes what is in there. */
export interface Claim extends FileKey {
  /** The name by now. */
  readonly path: string;
  /** The stream's name by now. */
  readonly stream: string;
  readonly access: number;
  readonly share: number;
  /** As asked for, or changed since. */
  readonly deleteOnClose: boolean;
  readonly owner?: string;
  /** As in the request. Undefined once it is taken out to delete what somebody with another key wanted deleted. */
  readonly parentKey: string | undefined;
  /** What it caches now; undefined: nothing. */
  readonly holder: CachingState | undefined;
}

/** What the end of an open leaves to be done: the whole file, or only the stream, is to be taken off the medium. */
export type Removal = 'nothing' | 'stream' | 'file';

/**
 * Who has what open, over all servers of a medium: share modes, delete-pending, names. The streams of a file have share
 * modes of their own, but a file goes with all of its streams.
 */
export interface Opens {
  /**
   * Enters an open, with the oplock or lease that it can have. SharingViolation or DeletePending if others stand in the
   * way; decided and entered as one. What others cache is broken first, and the open waits until they have acknowledged
   * that; without patience it does not. InvalidParameter if it wants a lease that is one of another file. Undefined: the
   * file or stream has been removed while it waited, and what is at its name has to be looked at anew.
   */
  claim(request: ClaimRequest): Eventually<Claim>;
  claim(request: ClaimRequest, patience: Patience | undefined): Eventually<Claim | undefined>;
  /**
   * Takes an open out again that came to nothing: it deletes nothing itself. If others have marked the file and left, it
   * was the last one: what this answers is to be removed as after `release`.
   */
  withdraw(claim: Claim): Eventually<Removal>;
  /**
   * FileDispositionInformation of the file or stream; takes back, too, what somebody else said. Before it is marked,
   * nobody else may keep it open just in case: waits until they have acknowledged that, or not, without patience. With
   * `posix` the name goes with this open, whoever else has the file open. Who watches the directory is told that it is
   * gone.
   */
  setDeletePending(
    claim: Claim,
    pending: boolean,
    how?: { readonly posix?: boolean; readonly patience?: Patience | undefined },
  ): Eventually<void>;
  /**
   * Said before a rename ([MS-FSA] 2.1.5.15.11): nobody else may keep the node, or what is below it, open just in case,
   * and nobody may have open what is below it: AccessDenied ([MS-FSA] 2.1.4.2). Waits as `setDeletePending` does.
   */
  prepareMove(claim: Claim, patience?: Patience): Eventually<void>;
  /** Changes what was said when the file was opened. */
  setDeleteOnClose(claim: Claim, deletes: boolean): Eventually<void>;
  /** FileStandardInformation's DeletePending. */
  isDeletePending(claim: Claim): Eventually<boolean>;
  /**
   * Takes opens out, all of them as one step: who waits for one goes on when the others, too, are out. If one was to
   * delete the file or stream on close, nobody can open that from now on. What it answers, for each, has to be removed by
   * the caller, who then says `removed`. A second time: nothing.
   */
  release(claims: readonly Claim[]): Eventually<Removal[]>;
  /** It has been removed, or could not be: its number or name means nothing any more, or it opens again. */
  removed(claim: Claim, removal: Removal): Eventually<void>;
  /** The node was renamed: opens of it by this name, all below it, and who watches there, are at a new place. */
  moved(claim: Claim, to: string): Eventually<void>;
  /** Counts how often a name has come to mean another node, or none: who looked before has to look again. */
  upheavals(): Eventually<number>;
  /** The stream was renamed: its opens have the new name. */
  streamMoved(claim: Claim, to: string): Eventually<void>;
  /** Whether the file, or any stream of it, is open by others than this one. */
  hasOthers(claim: Claim): Eventually<boolean>;
  /** Whether a stream of that name of the claim's file is open. */
  hasStreamOpen(claim: Claim, stream: string): Eventually<boolean>;
  /** All opens, for status pages. */
  list(): Eventually<Claim[]>;
}
