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

/** What a client opened, whatever it is. Found only through its session and tree, which a durable open may change. */
interface OpenBase {
  /** Number within the session; never 0 and never all ones. */
  id: number;
  tree: Tree;
  /** Access mask that was granted ([MS-SMB2] 2.2.13.1). */
  readonly grantedAccess: number;
  closed: boolean;
  /** Of SMB 3; begins with the first request that names the open. */
  channelSequence: ChannelSequence | undefined;
}

/** An open file or directory. */
export interface DiskOpen extends OpenBase {
  readonly kind: 'disk';
  readonly persistentId: PersistentId;
  /** Present if it outlasts its connection. */
  durable: Durable | undefined;
  /** The application that it is for. */
  app: AppInstance | undefined;
  /** Present while its CREATE can come again: said when the open is used, or leaves. */
  endReplays: (() => void) | undefined;
  /** Said when the client knows the open: what it is to be told of it waits for that. */
  answered: (() => void) | undefined;
  readonly backend: ReadableBackend<unknown>;
  /** Of the file or directory itself, which a stream belongs to. Another one when that became a symlink. */
  node: unknown;
  /** Of what is read and written: `node`, or a named stream of it. */
  handle: unknown;
  /** Share mode, delete-pending, and the path and the named stream as they are now, kept by the coordinator. */
  claim: Claim;
  /** False for a stream of a directory, too. */
  isDirectory: boolean;
  /** CreateOptions as asked for. */
  readonly options: number;
  /** FILE_POSITION_INFORMATION and FILE_MODE_INFORMATION: remembered, without effect here. */
  position: number;
  mode: number;
  /** Bytes that the client wanted set aside, which the file takes as far as this handle tells. */
  allocation: number;
  /** Data have been written by the handle: listings of the directory show that from its end on. */
  written: boolean;
  /** Undefined while the medium's times are what clients see. */
  times: HandleTimes | undefined;
  enumeration: Enumeration | undefined;
  watch: Watch | undefined;
  /** Present while others who change it, or something in it, are looked out for: it caches. */
  guard: Listening | undefined;
  readonly work: Work;
  /** What it has locked on the medium, where that has locks. */
  mediumLocks: LockTable | undefined;
  /** Of SMB 3, where a LOCK may come twice. */
  lockSequences: LockSequences | undefined;
}

/** An open named pipe. */
export interface PipeOpen extends OpenBase {
  readonly kind: 'pipe';
  readonly pipe: Pipe;
}

export type Open = DiskOpen | PipeOpen;

/** The back end of an open as one that can be written; MediaWriteProtected if it cannot. */
export function writable({ backend }: Pick<DiskOpen, 'backend'>): WritableBackend<unknown> {
  if (!isWritable(backend)) throw new StatusError(NtStatus.MediaWriteProtected);
  return backend;
}

/** Throws AccessDenied unless one of the bits was granted when the file was opened. */
export function requireAccess(open: Open, anyOf: number): void {
  if ((open.grantedAccess & anyOf) === 0) throw new StatusError(NtStatus.AccessDenied);
}

/** Whether two opens are of the same bytes: of one file, and one stream of it. */
export function isSameData(one: DiskOpen, other: DiskOpen): boolean {
  return (
    one.claim.volume === other.claim.volume &&
    one.claim.file === other.claim.file &&
    one.claim.stream.toLowerCase() === other.claim.stream.toLowerCase()
  );
}
