import type * as trees from '#trees/dots.js';
import type { GetDfsReferralResponse } from '#wire/dfsc/get-dfs-referral.js';
import type { Guid } from '#wire/dtyp/guid.js';
import type { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import type { CreateContextResponse } from '#wire/smb2/create-context/create-context-response.js';
import type { ConnectionInfo } from './connection-info.js';
import type { ShareFacts } from './share-facts.js';

/** What a call may be given. */
export interface Control {
  readonly signal?: AbortSignal | undefined;
}

/** Of an open. */
export interface OpenControl extends Control {
  /** Told why no answer came to an open that was called off: nobody knows whether the server did it. */
  readonly unanswered?: (error: unknown) => void;
  /** The same was asked for before, and its answer was lost. */
  readonly replay?: boolean;
}

/** What the server tells of a file or directory. */
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
  /** Number of the file within its volume; 0 where the server has none. */
  readonly id: bigint;
  /** Hard links; 1 where the server does not tell. */
  readonly links: number;
  /** Of a reparse point, where it was told. */
  readonly reparseTag?: number;
  /** Its path as the server says it, where it does: behind links other than the one that was asked for. */
  readonly place?: string;
}

/** One entry of a directory. */
export interface ListedNode extends NodeInfo {
  readonly name: string;
  /** The directory that it is in, as its own listing has it: undefined where that does not say. */
  readonly dots?: Dots | undefined;
}

/** Numbers of a directory and of the one around it, which is another than it seems where the server followed a link. */
export type Dots = trees.Dots;

/** A lease that an open asks for. At 2.1 the parent's key stays at home, below it the whole lease. */
export interface LeaseRequest {
  readonly key: Guid;
  /** LeaseState bits ([MS-SMB2] 2.2.13.2.8). */
  readonly state: number;
  /** Key of the lease on the directory around it. */
  readonly parentKey?: Guid;
}

/**
 * How to open: codes of CREATE ([MS-SMB2] 2.2.13), which both protocol families share. Paths are in wire form; with an
 * `@GMT-…` component it means the state of that time.
 */
export interface OpenRequest {
  readonly path: string;
  readonly access: number;
  readonly disposition: number;
  readonly options?: number;
  readonly attributes?: number;
  readonly share?: number;
  /** FILETIME of a snapshot: opens what was then. */
  readonly snapshot?: bigint;
  /** OplockLevel; `lease` wins over it. */
  readonly oplock?: number;
  readonly lease?: LeaseRequest;
  /** Any other create contexts. SMB1 has none and refuses. */
  readonly contexts?: readonly CreateContextRequest[];
}

/** What the opener may keep to itself, until a break says otherwise. */
export interface Caching {
  /** LeaseState bits, also where it is an oplock. */
  readonly state: number;
  /** Undefined where it is an oplock of this open alone. */
  readonly leaseKey: Guid | undefined;
}

/** The server takes back what an opener may keep to itself ([MS-SMB2] 2.2.23). */
export interface CachingBreak {
  /** LeaseState bits before and after. */
  readonly from: number;
  readonly to: number;
  /** The server waits for `acknowledge`. */
  readonly mustAcknowledge: boolean;
}

/** An open file, directory or pipe. What is inside is its protocol's business. */
export interface Handle {
  readonly path: string;
  /** As it was when it was opened. */
  readonly info: NodeInfo;
  /** False if it was made by the open. */
  readonly existed: boolean;
  /** What the server answered to the create contexts. */
  readonly contexts: readonly CreateContextResponse[];
  /** As it is now. */
  readonly caching: Caching;
  /** Hears of breaks; without it they are acknowledged at once. */
  onBreak?: ((event: CachingBreak) => void) | undefined;
}

/** QUERY_INFO ([MS-SMB2] 2.2.37). */
export interface InfoQuery {
  readonly infoType: number;
  readonly infoClass: number;
  /** AdditionalInformation. */
  readonly additional?: number;
  readonly input?: Uint8Array;
  /** Longest answer; 64 KiB when absent. */
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
  /** Longest answer; 64 KiB when absent. */
  readonly limit?: number;
}

/** One thing to do with what a visit opened. Reads and writes are of at most `maxRead` and `maxWrite` bytes. */
export type Step =
  | ({ readonly verb: 'query' } & InfoQuery)
  | ({ readonly verb: 'set' } & InfoChange)
  | ({ readonly verb: 'ioctl' } & DeviceControl)
  | { readonly verb: 'read'; readonly offset: number; readonly length: number }
  | { readonly verb: 'write'; readonly offset: number; readonly data: Uint8Array };

/** What came of a visit. */
export interface Visit {
  readonly info: NodeInfo;
  readonly existed: boolean;
  readonly contexts: readonly CreateContextResponse[];
  /** One for each step; empty for those that bring nothing. Of a write that was cut short, it is refused as a whole. */
  readonly outputs: readonly Uint8Array[];
}

/** Part of a file for `lock`. Up to 2^64 - 1, whatever the file's size. */
export interface LockRange {
  readonly offset: bigint;
  readonly length: bigint;
}

export interface LockMode {
  readonly exclusive: boolean;
  /** Waits until whoever has it lets go. */
  readonly wait: boolean;
}

/** One lock or unlock, however often it is asked for; what is inside is its protocol's business. */
export interface LockAttempt {
  sequence?: unknown;
}

/** Of a lock or unlock. */
export interface LockControl extends Control {
  /** By which the server knows it again when it has done it already. */
  readonly attempt?: LockAttempt | undefined;
}

export interface SetFacts {
  /** FILETIMEs; absent ones stay as they are. */
  readonly creationTime?: bigint;
  readonly lastAccessTime?: bigint;
  readonly lastWriteTime?: bigint;
  readonly changeTime?: bigint;
  /** FILE_ATTRIBUTE_* bits. */
  readonly attributes?: number;
}

/** FILE_ACTION_* ([MS-FSCC] 2.7.1) and the name below the watched directory, in wire form. */
export interface NotifiedChange {
  readonly action: number;
  readonly name: string;
}

export interface VolumeFacts {
  /** In bytes. */
  readonly total: number;
  /** For this account. */
  readonly available: number;
  readonly free: number;
  readonly blockSize: number;
}

/** A stretch of a file that holds data; `end` is not included. */
export interface DataRange {
  readonly start: number;
  readonly end: number;
}

/** An open file as the source of a copy that the server makes. */
export interface CopySource {
  /** The session that knows it by this key. */
  readonly session: object;
  readonly key: Uint8Array;
}

/** What came of a copy that the server was to make. 'elsewhere': the target is open over another session. */
export type CopyOutcome = 'copied' | 'refused' | 'elsewhere';

/** Of a copy that the server makes. */
export interface CopyControl extends Control {
  /** Bytes of the ranges that are copied already. */
  readonly done?: number | undefined;
  /** Now and then: how many bytes are copied. */
  readonly onCopied?: ((bytes: number) => void) | undefined;
}

/** Bytes in somebody else's memory. */
export interface Lent {
  readonly bytes: Uint8Array;
  release(): void;
}

/** One share, spoken to in SMB1 or SMB2: the verbs that everything else is made of. */
export interface FileProtocol {
  /** Longest read and write in one request, and how many bytes may be under way now: that may follow the link. */
  readonly maxRead: number;
  readonly maxWrite: number;
  readonly window: number;
  /** How much a read should be of now, where there is much to do; and a write, where so many bytes wait to be written. */
  readonly readSize: number;
  writeSize(waiting: number): number;
  /** A visit is several requests, which may be cut off in between: SMB1. */
  readonly stepwise?: boolean;
  open(request: OpenRequest, control?: OpenControl): Promise<Handle>;
  close(handle: Handle, control?: Control): Promise<void>;
  /** Empty at and behind the end of the file. May return less than asked for. */
  read(handle: Handle, offset: number, length: number, control?: Control): Promise<Uint8Array>;
  /** As `read`, in memory that is used again once `release` says that nobody looks at it any more. */
  lend(handle: Handle, offset: number, length: number, control?: Control): Promise<Lent>;
  /** Returns how much was written. */
  write(handle: Handle, offset: number, data: Uint8Array, control?: Control): Promise<number>;
  flush(handle: Handle, control?: Control): Promise<void>;
  truncate(handle: Handle, size: number, control?: Control): Promise<void>;
  /** What an open file is like now. */
  inspect(handle: Handle, control?: Control): Promise<NodeInfo>;
  /** Batches of entries, `.` and `..` left out. */
  list(path: string, pattern: string, control?: Control): AsyncGenerator<ListedNode[], void, undefined>;
  /** As `list`, of the names alone, which some servers have much sooner. */
  names(path: string, pattern: string, control?: Control): AsyncGenerator<string[], void, undefined>;
  stat(path: string, control?: Control): Promise<NodeInfo>;
  set(path: string, facts: SetFacts, control?: Control): Promise<void>;
  rename(from: string, to: string, replace: boolean, control?: Control): Promise<void>;
  remove(path: string, directory: boolean, control?: Control): Promise<void>;
  mkdir(path: string, control?: Control): Promise<void>;
  /**
   * Batches of changes; undefined when the server lost count and the directory has to be read again. Says when it has
   * been asked for: what is asked for later comes later.
   */
  watch(
    path: string,
    recursive: boolean,
    control?: Control & { readonly onReady?: (() => void) | undefined },
  ): AsyncGenerator<NotifiedChange[] | undefined, void, undefined>;
  volume(control?: Control): Promise<VolumeFacts>;
  /** Opens, does all the steps and closes, in one round trip where the server lets it. Fails with the first step that does. */
  visit(request: OpenRequest, steps: readonly Step[], control?: Control): Promise<Visit>;
  query(handle: Handle, query: InfoQuery, control?: Control): Promise<Uint8Array>;
  setInfo(handle: Handle, change: InfoChange, control?: Control): Promise<void>;
  ioctl(handle: Handle, ioctl: DeviceControl, control?: Control): Promise<Uint8Array>;
  /** All of the ranges or none. */
  lock(handle: Handle, ranges: readonly LockRange[], mode: LockMode, control?: LockControl): Promise<void>;
  unlock(handle: Handle, ranges: readonly LockRange[], control?: LockControl): Promise<void>;
  /** Answers a break: from now on only that much is kept (LeaseState bits, no more than the break's `to`). */
  acknowledge(handle: Handle, state: number, control?: Control): Promise<void>;
  /** Writes to a message pipe and reads the answer; at most `limit` bytes of it. */
  transact(handle: Handle, data: Uint8Array, limit: number, control?: Control): Promise<Uint8Array>;
  /** What is open over the same, on whatever share, the server may copy by itself; undefined where it copies nothing. */
  copiesWithin(handle: Handle): object | undefined;
  /** Undefined where the server makes no copies. */
  copySource(handle: Handle, control?: Control): Promise<CopySource | undefined>;
  /** Copies ranges on the server, to where they are. Refused: before anything of them was copied. */
  copyRanges(source: CopySource, to: Handle, ranges: readonly DataRange[], control?: CopyControl): Promise<CopyOutcome>;
  /** Leaves the share. */
  disconnect(): Promise<void>;
}

/** What is left of a session that was lost. */
export interface Legacy {
  /** The server need not wait for it any more ([MS-SMB2] 2.2.5, PreviousSessionId). */
  readonly sessionId: bigint;
  /** Opens that are taken up remember it, and refuse to change anything for less ([MS-SMB2] 3.3.5.2.10). */
  readonly channelSequence: number;
}

/** A connection with a session on it. */
export interface ClientConnection {
  readonly info: ConnectionInfo;
  /** The host as it stands in UNC paths. */
  readonly host: string;
  /** The port, which stands in none. */
  readonly port: number;
  /** Connects to a share. */
  tree(share: string, control?: Control): Promise<Tree>;
  /** Asks where a path of DFS leads, `\server\share\path` with one backslash in front; undefined where it is in no DFS. */
  referral(path: string, control?: Control): Promise<GetDfsReferralResponse | undefined>;
  /** Asks the server for a sign of life. */
  echo(control?: Control): Promise<void>;
  /** Why it is gone; undefined while it lives. */
  readonly lost: unknown;
  /** What the session that takes its place has to know of it. */
  readonly legacy: Legacy | undefined;
  /** Calls back when the connection is gone, at once if it is. */
  whenLost(listener: () => void): void;
  /** Logs off and ends the connection. Never fails. */
  close(): Promise<void>;
}

/** A share of a connection. */
export interface Tree {
  readonly protocol: FileProtocol;
  /** All messages to this share are encrypted. */
  readonly encrypted: boolean;
  readonly facts: ShareFacts;
}
