import type * as trees from '#trees/dots.js';
import type { GetDfsReferralResponse } from '#wire/dfsc/get-dfs-referral.js';
import type { Guid } from '#wire/dtyp/guid.js';
import type { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import type { CreateContextResponse } from '#wire/smb2/create-context/create-context-response.js';
import type { ConnectionInfo } from './connection-info.js';
import type { ShareFacts } from './share-facts.js';

/** Options for a single call. */
export interface Control {
  readonly signal?: AbortSignal | undefined;
}

/** Options for an open. */
export interface OpenControl extends Control {
  /** Called with the error when an aborted open gets no answer: the server may have executed it or not. */
  readonly unanswered?: (error: unknown) => void;
  /** The same open was requested before, and its answer was lost. */
  readonly replay?: boolean;
}

/** What the server reports about a file or directory. */
export interface NodeInfo {
  readonly size: number;
  readonly allocationSize: number;
  /** FILE_ATTRIBUTE_* bits. */
  readonly attributes: number;
  /** FILETIMEs. */
  readonly creationTime: bigint;
  readonly lastAccessTime: bigint;
  readonly lastWriteTime: bigint;
  readonly changeTime: bigint;
  /** File ID, unique within the volume; 0 if the server has none. */
  readonly id: bigint;
  /** Number of hard links; 1 if unknown. */
  readonly links: number;
  /** Tag of a reparse point, if known. */
  readonly reparseTag?: number;
  /** The path as the server reports it, if it does. Behind links, it differs from the requested one. */
  readonly place?: string;
}

/** One entry of a directory. */
export interface ListedNode extends NodeInfo {
  readonly name: string;
  /** File IDs of the listed directory and its parent; undefined if they are not reported. */
  readonly dots?: Dots | undefined;
}

/**
 * File IDs of a directory and its parent. The parent differs from what the path suggests if the server followed a link.
 */
export type Dots = trees.Dots;

/** A lease to request. Dialect 2.1 has no parent key, so it is not sent; dialect 2.0.2 has no leases at all. */
export interface LeaseRequest {
  readonly key: Guid;
  /** LeaseState bits ([MS-SMB2] 2.2.13.2.8). */
  readonly state: number;
  /** Key of the lease on the parent directory. */
  readonly parentKey?: Guid;
}

/**
 * How to open: the codes of CREATE ([MS-SMB2] 2.2.13), which SMB1 shares. Paths are in wire form; an `@GMT-…` component
 * selects a snapshot.
 */
export interface OpenRequest {
  readonly path: string;
  readonly access: number;
  readonly disposition: number;
  readonly options?: number;
  readonly attributes?: number;
  readonly share?: number;
  /** FILETIME of a snapshot to open. */
  readonly snapshot?: bigint;
  /** OplockLevel; ignored if there is a `lease`. */
  readonly oplock?: number;
  readonly lease?: LeaseRequest;
  /** Other create contexts. SMB1 has none and rejects them. */
  readonly contexts?: readonly CreateContextRequest[];
}

/** What an open may cache until a break. */
export interface Caching {
  /** LeaseState bits, also for an oplock. */
  readonly state: number;
  /** Undefined for an oplock, which belongs to this open alone. */
  readonly leaseKey: Guid | undefined;
}

/** The server reduces what an open may cache ([MS-SMB2] 2.2.23). */
export interface CachingBreak {
  /** LeaseState bits before and after. */
  readonly from: number;
  readonly to: number;
  /** The server waits for `acknowledge`. */
  readonly mustAcknowledge: boolean;
}

/** An open file, directory or pipe. Each protocol has its own implementation. */
export interface Handle {
  readonly path: string;
  /** As reported by the open. */
  readonly info: NodeInfo;
  /** False if the open created it. */
  readonly existed: boolean;
  /** The server's response to the create contexts. */
  readonly contexts: readonly CreateContextResponse[];
  /** The current state. */
  readonly caching: Caching;
  /** Called on breaks; if unset, they are acknowledged at once. */
  onBreak?: ((event: CachingBreak) => void) | undefined;
}

/** QUERY_INFO ([MS-SMB2] 2.2.37). */
export interface InfoQuery {
  readonly infoType: number;
  readonly infoClass: number;
  /** AdditionalInformation. */
  readonly additional?: number;
  readonly input?: Uint8Array;
  /** Size limit of the response; 64 KiB by default. */
  readonly limit?: number;
}

/** SET_INFO ([MS-SMB2] 2.2.39). */
export interface InfoChange {
  readonly infoType: number;
  readonly infoClass: number;
  readonly additional?: number;
  readonly data: Uint8Array;
}

/** IOCTL ([MS-SMB2] 2.2.31). */
export interface DeviceControl {
  readonly code: number;
  readonly input?: Uint8Array;
  /** Size limit of the response; 64 KiB by default. */
  readonly limit?: number;
}

/** One operation of a visit. Reads and writes are of at most `maxRead` and `maxWrite` bytes. */
export type Step =
  | ({ readonly verb: 'query' } & InfoQuery)
  | ({ readonly verb: 'set' } & InfoChange)
  | ({ readonly verb: 'ioctl' } & DeviceControl)
  | { readonly verb: 'read'; readonly offset: number; readonly length: number }
  | { readonly verb: 'write'; readonly offset: number; readonly data: Uint8Array };

/** The result of a visit. */
export interface Visit {
  readonly info: NodeInfo;
  readonly existed: boolean;
  readonly contexts: readonly CreateContextResponse[];
  /** One per step; empty for steps without output. A partial write fails the visit. */
  readonly outputs: readonly Uint8Array[];
}

/** A byte range for `lock`: up to 2^64 - 1, whatever the file's size. */
export interface LockRange {
  readonly offset: bigint;
  readonly length: bigint;
}

export interface LockMode {
  readonly exclusive: boolean;
  /** Waits until the lock is granted. */
  readonly wait: boolean;
}

/** Identifies one lock or unlock across repetitions; each protocol has its own contents. */
export interface LockAttempt {
  sequence?: unknown;
}

/** Options for a lock or unlock. */
export interface LockControl extends Control {
  /** Lets the server recognize a request that it has already executed. */
  readonly attempt?: LockAttempt | undefined;
}

export interface SetFacts {
  /** FILETIMEs; absent ones stay unchanged. */
  readonly creationTime?: bigint;
  readonly lastAccessTime?: bigint;
  readonly lastWriteTime?: bigint;
  readonly changeTime?: bigint;
  /** FILE_ATTRIBUTE_* bits. */
  readonly attributes?: number;
}

/** FILE_ACTION_* ([MS-FSCC] 2.7.1) and the path relative to the watched directory, in wire form. */
export interface NotifiedChange {
  readonly action: number;
  readonly name: string;
}

export interface VolumeFacts {
  /** In bytes. */
  readonly total: number;
  /** Available to this account. */
  readonly available: number;
  readonly free: number;
  readonly blockSize: number;
}

/** A range of a file that contains data; `end` is exclusive. */
export interface DataRange {
  readonly start: number;
  readonly end: number;
}

/** The source of a server-side copy. */
export interface CopySource {
  /** The session in which the key is valid. */
  readonly session: object;
  readonly key: Uint8Array;
}

/** The result of a server-side copy. 'elsewhere': the target is open in another session. */
export type CopyOutcome = 'copied' | 'refused' | 'elsewhere';

/** Options for a server-side copy. */
export interface CopyControl extends Control {
  /** Bytes of the ranges that have already been copied. */
  readonly done?: number | undefined;
  /** Called repeatedly with the number of bytes copied. */
  readonly onCopied?: ((bytes: number) => void) | undefined;
}

/** Bytes in memory that must be released. */
export interface Lent {
  readonly bytes: Uint8Array;
  release(): void;
}

/** One share over SMB1 or SMB2: the operations on which everything else is built. */
export interface FileProtocol {
  /** The largest read and write per request, and how many bytes may be in flight now, which may adapt to the link. */
  readonly maxRead: number;
  readonly maxWrite: number;
  readonly window: number;
  /** The preferred size of a read when there is a lot to transfer, and of a write when `waiting` bytes are queued. */
  readonly readSize: number;
  writeSize(waiting: number): number;
  /** A visit takes several requests and may be interrupted in between (SMB1). */
  readonly stepwise?: boolean;
  open(request: OpenRequest, control?: OpenControl): Promise<Handle>;
  close(handle: Handle, control?: Control): Promise<void>;
  /** Empty at and beyond the end of the file. May return less than requested. */
  read(handle: Handle, offset: number, length: number, control?: Control): Promise<Uint8Array>;
  /** Like `read`, in memory that is reused after `release`. */
  lend(handle: Handle, offset: number, length: number, control?: Control): Promise<Lent>;
  /** Returns the number of bytes written. */
  write(handle: Handle, offset: number, data: Uint8Array, control?: Control): Promise<number>;
  flush(handle: Handle, control?: Control): Promise<void>;
  truncate(handle: Handle, size: number, control?: Control): Promise<void>;
  /** The current metadata of an open file. */
  inspect(handle: Handle, control?: Control): Promise<NodeInfo>;
  /** Batches of entries, without `.` and `..`. */
  list(path: string, pattern: string, control?: Control): AsyncGenerator<ListedNode[], void, undefined>;
  /** Like `list`, with names only, which is much faster on some servers. */
  names(path: string, pattern: string, control?: Control): AsyncGenerator<string[], void, undefined>;
  stat(path: string, control?: Control): Promise<NodeInfo>;
  set(path: string, facts: SetFacts, control?: Control): Promise<void>;
  rename(from: string, to: string, replace: boolean, control?: Control): Promise<void>;
  remove(path: string, directory: boolean, control?: Control): Promise<void>;
  mkdir(path: string, control?: Control): Promise<void>;
  /**
   * Batches of changes; undefined when the server has lost changes and the directory must be listed again. `onReady` is
   * called when the first request has been sent: the server processes later requests after it.
   */
  watch(
    path: string,
    recursive: boolean,
    control?: Control & { readonly onReady?: (() => void) | undefined },
  ): AsyncGenerator<NotifiedChange[] | undefined, void, undefined>;
  volume(control?: Control): Promise<VolumeFacts>;
  /** Opens, runs all steps and closes, in one round trip if the server permits. Fails with the first error. */
  visit(request: OpenRequest, steps: readonly Step[], control?: Control): Promise<Visit>;
  query(handle: Handle, query: InfoQuery, control?: Control): Promise<Uint8Array>;
  setInfo(handle: Handle, change: InfoChange, control?: Control): Promise<void>;
  ioctl(handle: Handle, ioctl: DeviceControl, control?: Control): Promise<Uint8Array>;
  /** Locks all of the ranges or none. */
  lock(handle: Handle, ranges: readonly LockRange[], mode: LockMode, control?: LockControl): Promise<void>;
  unlock(handle: Handle, ranges: readonly LockRange[], control?: LockControl): Promise<void>;
  /** Acknowledges a break: keeps only these LeaseState bits, which must not exceed the break's `to`. */
  acknowledge(handle: Handle, state: number, control?: Control): Promise<void>;
  /** Writes to a message pipe and reads the response, at most `limit` bytes. */
  transact(handle: Handle, data: Uint8Array, limit: number, control?: Control): Promise<Uint8Array>;
  /**
   * Files for which this returns the same object can be copied on the server, even across shares; undefined if it does
   * not copy.
   */
  copiesWithin(handle: Handle): object | undefined;
  /** Undefined if the server does not support copying. */
  copySource(handle: Handle, control?: Control): Promise<CopySource | undefined>;
  /** Copies ranges on the server, to the same offsets. 'refused' means that none of them has been copied. */
  copyRanges(source: CopySource, to: Handle, ranges: readonly DataRange[], control?: CopyControl): Promise<CopyOutcome>;
  /** Disconnects from the share. */
  disconnect(): Promise<void>;
}

/** What remains of a lost session. */
export interface Legacy {
  /** Tells the server to end the old session ([MS-SMB2] 2.2.5, PreviousSessionId). */
  readonly sessionId: bigint;
  /** Durable opens remember it, and reject changes from requests with a lower number ([MS-SMB2] 3.3.5.2.10). */
  readonly channelSequence: number;
}

/** A connection with a session. */
export interface ClientConnection {
  readonly info: ConnectionInfo;
  /** The host as used in UNC paths. */
  readonly host: string;
  /** The port, which UNC paths do not contain. */
  readonly port: number;
  /** Connects to a share. */
  tree(share: string, control?: Control): Promise<Tree>;
  /** Asks where a DFS path leads: `\server\share\path` with one leading backslash. Undefined if it is not in DFS. */
  referral(path: string, control?: Control): Promise<GetDfsReferralResponse | undefined>;
  /** Checks that the server responds. */
  echo(control?: Control): Promise<void>;
  /** Why the connection is gone; undefined while it is alive. */
  readonly lost: unknown;
  /** What its replacement needs to know of the lost session. */
  readonly legacy: Legacy | undefined;
  /** Calls back when the connection is gone; immediately if it already is. */
  whenLost(listener: () => void): void;
  /** Logs off and ends the connection. Never fails. */
  close(): Promise<void>;
}

/** A connected share. */
export interface Tree {
  readonly protocol: FileProtocol;
  /** All messages to this share are encrypted. */
  readonly encrypted: boolean;
  readonly facts: ShareFacts;
}
