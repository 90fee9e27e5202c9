import type { LockTable } from '#coord/memory/lock-table.js';
import type { Claim } from '#coord/opens.js';
import type { ReadableBackend, WritableBackend } from '#fs/backend.js';
import { isWritable } from '#fs/backend.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Enumeration } from '../action/enumeration.js';
import type { HandleTimes } from '../action/file-times.js';
import type { Watch } from '../action/watch.js';
import type { Listening } from '../medium-listeners.js';
import type { Pipe } from '../rpc/pipe.js';
import type { AppInstance } from './app-instances.js';
import type { ChannelSequence } from './channel-sequence.js';
import type { Durable, PersistentId } from './durable-opens.js';
import type { LockSequences } from './lock-sequences.js';
import type { Tree } from './tree.js';
import type { Work } from './work.js';

/**
 * State common to all opens. Reached only through its session and tree, both of which may change for a durable open.
 */
interface OpenBase {
  /** Id within the session; never 0 or all ones. */
  id: number;
  tree: Tree;
  /** Granted access mask ([MS-SMB2] 2.2.13.1). */
  readonly grantedAccess: number;
  closed: boolean;
  /** SMB 3 only; starts with the first request that refers to the open. */
  channelSequence: ChannelSequence | undefined;
}

/** An open file or directory. */
export interface DiskOpen extends OpenBase {
  readonly kind: 'disk';
  readonly persistentId: PersistentId;
  /** Present if the open is durable. */
  durable: Durable | undefined;
  /** The application instance it belongs to. */
  app: AppInstance | undefined;
  /** Present while its CREATE may be replayed; called when the open is used or ends. */
  endReplays: (() => void) | undefined;
  /** Called once the client has received the CREATE response: notifications about the open wait for that. */
  answered: (() => void) | undefined;
  readonly backend: ReadableBackend<unknown>;
  /** Handle of the file or directory itself, even for a stream. Replaced when it is turned into a symlink. */
  node: unknown;
  /** Handle for reading and writing: `node`, or a named stream of it. */
  handle: unknown;
  /** Share mode, delete-pending state, and current path and stream name, maintained by the coordinator. */
  claim: Claim;
  /** Also false for a stream of a directory. */
  isDirectory: boolean;
  /** CreateOptions of the request. */
  readonly options: number;
  /** FILE_POSITION_INFORMATION and FILE_MODE_INFORMATION: stored, but without effect here. */
  position: number;
  mode: number;
  /** Allocation size requested by the client, in bytes; reported for this handle. */
  allocation: number;
  /** Data was written through this handle; directory listings show that once it is closed. */
  written: boolean;
  /** Undefined while clients see the medium's own times. */
  times: HandleTimes | undefined;
  enumeration: Enumeration | undefined;
  watch: Watch | undefined;
  /** Present while the open caches: watches for changes by others to the file or directory. */
  guard: Listening | undefined;
  readonly work: Work;
  /** Locks that it holds on the medium, where supported. */
  mediumLocks: LockTable | undefined;
  /** SMB 3 only, where a LOCK may be replayed. */
  lockSequences: LockSequences | undefined;
}

/** An open named pipe. */
export interface PipeOpen extends OpenBase {
  readonly kind: 'pipe';
  readonly pipe: Pipe;
}

export type Open = DiskOpen | PipeOpen;

/** The back end of an open, for writing; MediaWriteProtected if it is read-only. */
export function writable({ backend }: Pick<DiskOpen, 'backend'>): WritableBackend<unknown> {
  if (!isWritable(backend)) throw new StatusError(NtStatus.MediaWriteProtected);
  return backend;
}

/** AccessDenied unless at least one of the bits was granted at open. */
export function requireAccess(open: Open, anyOf: number): void {
  if ((open.grantedAccess & anyOf) === 0) throw new StatusError(NtStatus.AccessDenied);
}

/** Whether two opens refer to the same stream of the same file. */
export function isSameData(one: DiskOpen, other: DiskOpen): boolean {
  return (
    one.claim.volume === other.claim.volume &&
    one.claim.file === other.claim.file &&
    one.claim.stream.toLowerCase() === other.claim.stream.toLowerCase()
  );
}
