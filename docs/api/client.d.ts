// client/index.d.ts
export { ConnectionLost, SmbError, StatusError, UsageError } from '#wire/erref/errors.js';
export type { Data } from './arguments.js';
export type { CachingBreak, CachingText } from './caching.js';
export { type CallOptions, CallTimeout, type Progress, type Steps, type TransferOptions } from './call-options.js';
export { connect, inspectServer, listShares } from './connect.js';
export type { ConnectionInfo, ServerCapability, ServerIdentity } from './connection-info.js';
export { errnoCode } from './errors.js';
export { type Examination, examine } from './examine/examine.js';
export type { Finding, Verdict } from './examine/finding.js';
export { type ExchangeResult, playExchange } from './exchange/exchange.js';
export { File, type FileEvents } from './file.js';
export { hintFor } from './hints.js';
export type { Listing } from './listing.js';
export type { FileLock, LockOptions } from './lock-options.js';
export type { Dir } from './node-fs/dir.js';
export { FsError } from './node-fs/errors.js';
export type { SharePromises } from './node-fs/fs.js';
export type { FileHandle } from './node-fs/handle.js';
export type { BigIntStats, Dirent, Stats } from './node-fs/stats.js';
export type { Watcher, WatcherEvents, WatcherOptions } from './node-fs/watcher.js';
export { DirectoryEntry, NodeStat } from './node-stat.js';
export type { OpenOptions } from './open-options.js';
export { type AccessControl, type AccessEntry, FileSecurity, type RightsName } from './operation/acl.js';
export type { AtomicWrite } from './operation/atomic-write.js';
export type { CopyOptions } from './operation/copy.js';
export type { CpOptions } from './operation/cp.js';
export type { AttributeValues, NamedStream, Snapshot } from './operation/extras.js';
export type { AccessKind, Times } from './operation/facts.js';
export type { GlobOptions } from './operation/glob.js';
export type { LinkKind } from './operation/links.js';
export type { ListOptions } from './operation/read-directory.js';
export type { RemoveOneOptions, RemoveOptions } from './operation/remove.js';
export type { ReadFileOptions, ReadTextOptions, WriteFileOptions, WriteFlag } from './operation/whole-file.js';
export type { CipherName, ConnectOptions, DialectName, EncryptionPolicy, LogonMechanism, ReconnectOptions, SigningAlgorithmName, SigningPolicy, } from './options.js';
export type { DataRange, DeviceControl, Dots, InfoChange, InfoQuery, VolumeFacts } from './protocol.js';
export type { ServerInfo } from './rpc/server-info.js';
export type { ListedFile, ListedSession, ServerUse } from './rpc/server-use.js';
export type { ListedShare } from './rpc/share-list.js';
export { Share } from './share.js';
export type { ShareFacts, ShareInfo } from './share-facts.js';
export type { ReadStreamOptions, WriteStreamOptions } from './streams.js';
export { parseSmbUrl, SmbUrl, type SmbUrlParts } from './url.js';
export type { Change, WatchOptions } from './watch.js';
// wire/erref/errors.d.ts
import type { Wire } from '../io/layout.js';
/** Base class of all errors of this package. `code` is stable; messages are for humans and may change. */
export declare class SmbError extends Error {
    readonly code: string;
    /** Explanation or advice, if there is any; the message ends with it. */
    readonly hint: string | undefined;
    constructor(code: string, message: string, options?: ErrorOptions & {
        hint?: string;
    });
}
/** Context of a status. */
export interface StatusDetails {
    readonly command?: string | undefined;
    readonly path?: string | undefined;
    readonly dest?: string | undefined;
    readonly hint?: string | undefined;
    readonly data?: Wire | undefined;
}
/** A refusal, by a peer or by us: an NT status with the command and path concerned. */
export declare class StatusError extends SmbError {
    /** 32-bit NT status ([MS-ERREF] 2.3). */
    readonly status: number;
    readonly command: string | undefined;
    /** With slashes as separators, whatever the wire form. */
    readonly path: string | undefined;
    /** The second path, for operations on two. */
    readonly dest: string | undefined;
    /** Error data from the peer, such as the target of a link or the new location of a share. */
    readonly data: Wire | undefined;
    constructor(status: number, where?: StatusDetails);
    /** The status by its name, `STATUS_ACCESS_DENIED`. */
    get statusName(): string;
}
/** The caller made a mistake: invalid option, closed handle, bad URL. */
export declare class UsageError extends SmbError {
    constructor(message: string, { code, ...options }?: ErrorOptions & {
        code?: string;
    });
}
/** The connection was lost or could not be made: socket error, time-out, protocol violation. */
export declare class ConnectionLost extends SmbError {
    /** Whether a retry may help. */
    readonly retryable: boolean;
    constructor(message: string, options?: ErrorOptions & {
        retryable?: boolean;
        code?: string;
        hint?: string;
    });
}
/** The status to send to a peer for an error; unexpected ones become an internal error. */
export declare function statusOf(error: unknown): number;
// client/arguments.d.ts
/** Data to write: text (UTF-8 unless an encoding is given) or bytes in any form. */
export type Data = string | NodeJS.ArrayBufferView | ArrayBuffer | SharedArrayBuffer;
/** The bytes of `data`, in the same memory. Throws on anything else, so that no file is truncated for invalid data. */
export declare function bytesOf(data: Data, encoding?: BufferEncoding): Uint8Array;
/** Decodes text: invalid UTF-8 becomes U+FFFD, a byte order mark is kept. */
export declare function textOf(bytes: Uint8Array, encoding: BufferEncoding): string;
export declare function encodingOf(encoding?: BufferEncoding): BufferEncoding;
/** A file offset or byte count. Throws unless it is a non-negative safe integer. */
export declare function wholeNumber(what: string, value: number): number;
/** The largest unsigned 64-bit number. */
export declare const MAX_64: bigint;
/** A file offset or length of up to 64 bits, which may exceed what a number holds exactly. */
export declare function wholeBigint(what: string, value: number | bigint): bigint;
/** A 32-bit mask. */
export declare function bitsOf(what: string, value: number): number;
/** Looks an option's value up in a table; throws if it is not there. */
export declare function named<N extends string, V>(what: string, table: Readonly<Record<N, V>>, name: N): V;
export declare function kindOf(value: unknown): string;
// client/caching.d.ts
/** What the client may cache: 'r' reads, 'w' writes, 'h' the handle itself (the close may be delayed). */
export type CachingText = '' | 'r' | 'rh' | 'rw' | 'rwh';
/** LeaseState bits as letters. */
export declare function cachingText(state: number): CachingText;
/** The reverse of `cachingText`. */
export declare function cachingState(text: string): number;
/** The server reduces what the client may cache for a file. */
export interface CachingBreak {
    readonly from: CachingText;
    /** What may still be cached. */
    readonly to: CachingText;
    /** True if the server waits for `acknowledge`. */
    readonly mustAcknowledge: boolean;
    /**
     * Call it once cached data is written back or discarded. Calling it twice, or when it is not required, does nothing.
     */
    acknowledge(): Promise<void>;
}
// client/call-options.d.ts
import { SmbError } from '#wire/erref/errors.js';
import type { Control } from './protocol.js';
/** Options that every call on a file or share takes. */
export interface CallOptions {
    /** Aborts the call with the signal's reason; nothing stays open on the server. */
    readonly signal?: AbortSignal | undefined;
    /** Fails the call with `CallTimeout` if it takes longer. */
    readonly timeoutMs?: number | undefined;
}
/** Progress of a transfer. */
export interface Progress {
    /** Bytes transferred so far. */
    readonly bytes: number;
    /** Total number of bytes; undefined if unknown. */
    readonly total: number | undefined;
}
/** Additional options of calls that move data. */
export interface TransferOptions extends CallOptions {
    readonly onProgress?: ((progress: Progress) => void) | undefined;
}
/** A call took longer than its `timeoutMs`. The connection is not affected. */
export declare class CallTimeout extends SmbError {
    constructor(timeoutMs: number);
}
/** Runs a call with its signal and timeout; no timer is left behind. */
export declare function bounded<T>({ signal, timeoutMs }: CallOptions, work: (control: Control) => Promise<T>): Promise<T>;
/** Like `bounded`, for a generator: the limits apply to the whole iteration. */
export declare function boundedEach<T>(options: CallOptions, work: (control: Control) => AsyncGenerator<T, void, undefined>): Steps<T>;
/** An async iteration. Leaving the loop, `return` and `await using` release what it holds open. */
export type Steps<T> = AsyncGenerator<T, void, undefined> & AsyncDisposable;
/** Adds support for `await using`, which generators have natively only from Node 24 on. */
export declare function disposable<T>(steps: AsyncGenerator<T, void, undefined>): Steps<T>;
/** The control for a call with these options, and a function that ends its timer. */
export declare function limits({ signal, timeoutMs }: CallOptions): {
    control: Control;
    end: () => void;
};
// client/connect.d.ts
import type { Transport } from '#engine/transport.js';
import type { ConnectOptions } from './options.js';
import type { ServerUse } from './rpc/server-use.js';
import type { ListedShare } from './rpc/share-list.js';
import { Share } from './share.js';
/**
 * Connects to a share. All shares of the same server and account use one connection, unless the options say otherwise;
 * closing the last of them closes it. A lost connection is re-established automatically.
 *
 * The URL is `smb://[DOMAIN;]USER[:PASSWORD]@HOST[:PORT]/SHARE`, or a UNC path, `\\HOST[@PORT]\SHARE`; the options
 * override it. Signing is required unless relaxed; encryption is used if the server or the share demands it.
 *
 * @example
 * const share = await connect('smb://ann@nas/photos', { password, encryption: 'required' })
 * console.log(share.info.dialect, share.info.cipher)
 * await share.close()
 */
export declare function connect(url: string | URL, options?: ConnectOptions): Promise<Share>;
/** Like `connect`, over an existing transport. */
export declare function connectOver(transport: Transport, url: string | URL, options?: ConnectOptions): Promise<Share>;
/**
 * Lists the shares of a server, including hidden ones.
 *
 * @example
 * for (const share of await listShares('smb://ann:secret@nas')) console.log(share.name, share.comment)
 */
export declare function listShares(url: string | URL, options?: ConnectOptions): Promise<ListedShare[]>;
/**
 * Lists the sessions and open files of a server. Servers tell this only to administrators.
 *
 * @example
 * const { sessions, files } = await inspectServer('smb://admin:secret@nas')
 */
export declare function inspectServer(url: string | URL, options?: ConnectOptions): Promise<ServerUse>;
// client/connection-info.d.ts
import type { ChallengeFacts } from '#auth/challenge-facts.js';
import type { LogonMechanism } from './options.js';
/** How a server describes itself. Only the session's signatures protect this information. */
export interface ServerIdentity {
    readonly guid: string | undefined;
    readonly netbiosName: string | undefined;
    readonly netbiosDomain: string | undefined;
    readonly dnsName: string | undefined;
    readonly dnsDomain: string | undefined;
    readonly dnsForest: string | undefined;
    /** For example `10.0.20348`; the value that Samba sends is meaningless. */
    readonly osVersion: string | undefined;
    /** The software name that SMB1 servers send. */
    readonly software: string | undefined;
    /** The server's clock when the connection began. */
    readonly time: Date | undefined;
    /** How far the server's clock is ahead of ours, in milliseconds. */
    readonly clockSkewMs: number | undefined;
}
/** Server capabilities from the NEGOTIATE response. */
export type ServerCapability = 'dfs' | 'leasing' | 'large-mtu' | 'multi-channel' | 'persistent-handles' | 'directory-leasing' | 'encryption' | 'notifications';
/** What was negotiated with a server, and how the connection is protected. */
export interface ConnectionInfo {
    readonly dialect: string;
    /** Undefined when nothing is signed. */
    readonly signingAlgorithm: string | undefined;
    /** The negotiated cipher, whether or not it is in use; undefined if none. */
    readonly cipher: string | undefined;
    /** Every message is signed (or encrypted). */
    readonly signed: boolean;
    /** Every message of this share is encrypted. */
    readonly encrypted: boolean;
    readonly guest: boolean;
    readonly anonymous: boolean;
    /** The mechanism used for the logon. */
    readonly mechanism: LogonMechanism | undefined;
    /** The server requires signing. */
    readonly serverRequiresSigning: boolean;
    /** The name the server gives itself, if any. */
    readonly serverName: string | undefined;
    readonly serverGuid: string | undefined;
    readonly server: ServerIdentity;
    readonly capabilities: readonly ServerCapability[];
    /** Compression algorithms; we never offer any. */
    readonly compression: readonly string[];
    readonly maxRead: number;
    readonly maxWrite: number;
    readonly maxTransact: number;
}
/** Combines what the NEGOTIATE response and the NTLM challenge say about the server. */
export declare function identityOf(facts: ChallengeFacts | undefined, from: {
    guid?: string | undefined;
    software?: string | undefined;
    systemTime: bigint;
    at: number;
}): ServerIdentity;
// client/errors.d.ts
import { UsageError } from '#wire/erref/errors.js';
/**
 * The error code that Node's `fs` would use: `ENOENT`, `EACCES`, …; 'EIO' for a status without a counterpart, undefined
 * for errors that are not about SMB.
 */
export declare function errnoCode(error: unknown): string | undefined;
/** The error for using something after it was closed. */
export declare function closed(what: string): UsageError;
/** The code of the server's answer, even if it may be the result of our own earlier attempt: see `OutcomeUnknown`. */
export declare function presentCode(error: unknown): string | undefined;
/** True if the error means that nothing exists by that name. */
export declare function isNotFound(error: unknown): boolean;
/** The error with its hint attached, if there is one. */
export declare function withHint(error: unknown): unknown;
/** Adds the destination path to the error of a two-path operation; the error may be about either path. */
export declare function towards(error: unknown, dest: string): unknown;
/** The error with a hint from a caller that knows more; an existing hint is kept. */
export declare function hinted(error: unknown, hint: string): unknown;
// client/examine/examine.d.ts
import type { ServerIdentity } from '../connection-info.js';
import { type ConnectOptions } from '../options.js';
import { type Finding } from './finding.js';
/** The result of examining a server. */
export interface Examination {
    readonly host: string;
    readonly port: number;
    /** In reading order. */
    readonly findings: readonly Finding[];
    /** What the server says about itself, if a logon got that far. */
    readonly server: ServerIdentity | undefined;
}
/**
 * Reports what a server offers and requires (dialects, algorithms, who may log on, limits, clock) and what each finding
 * means. Makes some twenty short connections. The dialect, signing and encryption options are ignored. NTLMv1 is tried
 * only with `smb1: { ntlmv1: true }`: anyone who sees the response, including the server itself, can recover the
 * password within hours.
 *
 * @example
 * for (const { title, value, means } of (await examine('smb://ann:secret@nas')).findings) console.log(title, value, means)
 */
export declare function examine(url: string | URL, options?: ConnectOptions): Promise<Examination>;
// client/examine/finding.d.ts
/** Whether something is good or bad for users of the server. */
export type Verdict = 'good' | 'neutral' | 'bad';
/** One fact about a server, and what it means. */
export interface Finding {
    /** A stable identifier: `signing`, `dialect.3.1.1`, `guest`. */
    readonly id: string;
    readonly title: string;
    readonly value: string | number | boolean | readonly string[] | undefined;
    readonly verdict: Verdict;
    /** One sentence. */
    readonly means: string;
}
export declare function finding(id: string, title: string, value: Finding['value'], verdict: Verdict, means: string): Finding;
// client/exchange/exchange.d.ts
import { type Environment } from '../connection.js';
import { type ConnectOptions, type Settings } from '../options.js';
export interface ExchangeResult {
    /** `NT1` or `3.1.1`, for example. */
    readonly dialect: string;
    readonly signed: boolean;
    readonly encrypted: boolean;
    /** Size of the file as reported by the server. */
    readonly size: number;
    /** The data returned by the single read. */
    readonly data: Uint8Array;
}
/**
 * Runs the classic exchange and nothing else: the NetBIOS session if `netbios` is set, NEGOTIATE, SESSION_SETUP,
 * TREE_CONNECT, opening one file and one read; then it closes, disconnects and logs off. With NT1 as the only dialect,
 * the commands are OPEN_ANDX and READ_ANDX, and the challenge is in the NEGOTIATE response unless `extendedSecurity` is
 * set. The packets can be observed through the tap.
 */
export declare function playExchange(url: string, options?: ConnectOptions, file?: {
    readonly path?: string;
}, environment?: Environment): Promise<ExchangeResult>;
/** The exchange to run. */
export interface Play {
    readonly settings: Settings;
    readonly share: string;
    readonly path: string;
    readonly environment: Environment;
}
// client/file.d.ts
import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { ReadableStream, WritableStream } from 'node:stream/web';
import { type Data } from './arguments.js';
import { type CachingBreak, type CachingText } from './caching.js';
import { type CallOptions, type Steps, type TransferOptions } from './call-options.js';
import { type FileLock, type LockOptions } from './lock-options.js';
import { NodeStat } from './node-stat.js';
import { type Times } from './operation/facts.js';
import { type ReadFileOptions, type ReadTextOptions } from './operation/whole-file.js';
import type { DataRange, DeviceControl, FileProtocol, Handle, InfoChange, InfoQuery } from './protocol.js';
import { type ReadStreamOptions, type WriteStreamOptions } from './streams.js';
/** Events of an open file. */
export interface FileEvents {
    /**
     * The server reduces caching. A listener must call `acknowledge` once it no longer caches anything; without a
     * listener, the break is acknowledged at once.
     */
    break: [event: CachingBreak];
}
/** An open file. */
export declare class File extends EventEmitter<FileEvents> implements AsyncDisposable {
    #private;
    /** Path from the share's root, with slashes. */
    readonly path: string;
    /** True if the open created the file. */
    readonly created: boolean;
    /** Created by `share.open`. */
    constructor(protocol: FileProtocol, handle: Handle, path: string, onClose: (file: File) => void);
    /** False once `close` has been called; every other call then fails with EBADF. */
    get isOpen(): boolean;
    /** What may currently be cached, according to the lease or oplock. */
    get caching(): CachingText;
    /**
     * Reads into the buffer from the given position. Returns the number of bytes read, which is less than the buffer's
     * length only at the end of the file.
     */
    read(buffer: NodeJS.ArrayBufferView, position: number, options?: CallOptions): Promise<number>;
    /**
     * Reads `length` bytes, or up to the end of the file, and passes the pieces to `take` as they arrive: concurrently
     * and in any order, each with its position in the file. Unlike with `read`, nothing is copied: a piece's memory is
     * reused once `take` has succeeded. Returns the number of bytes read.
     */
    readEach(position: number, length: number, take: (bytes: Uint8Array, position: number) => Promise<void> | void, options?: CallOptions): Promise<number>;
    /** Reads into several buffers in turn. */
    readv(buffers: readonly NodeJS.ArrayBufferView[], position: number, options?: CallOptions): Promise<number>;
    /** Reads the whole file as text. */
    readFile(encoding: BufferEncoding, options?: ReadFileOptions): Promise<string>;
    /** Reads the whole file as text. */
    readFile(options: ReadTextOptions): Promise<string>;
    /** Reads the whole file. */
    readFile(options?: ReadFileOptions): Promise<Uint8Array>;
    /** Writes all of the data at the given position. */
    write(data: Data, position: number, options?: TransferOptions): Promise<void>;
    /** Writes several buffers in turn. */
    writev(pieces: readonly Data[], position: number, options?: CallOptions): Promise<void>;
    /** Replaces the contents of the file. */
    writeFile(data: Data, options?: TransferOptions & {
        encoding?: BufferEncoding;
    }): Promise<void>;
    /**
     * Appends at the current end of the file. Calls on this object are queued; appending through several open files at
     * once needs a lock.
     */
    appendFile(data: Data, options?: TransferOptions & {
        encoding?: BufferEncoding;
    }): Promise<void>;
    /** The bytes from `start` up to, but not including, `end`, in order and read ahead. */
    chunks(options?: CallOptions & {
        start?: number;
        end?: number;
    }): Steps<Uint8Array>;
    /** A Node stream of the file or a part of it. The file stays open. */
    createReadStream(options?: ReadStreamOptions): Readable;
    /** A Node stream that writes into the file, from the start by default. The file stays open and is not truncated. */
    createWriteStream(options?: WriteStreamOptions): Writable;
    /** A web byte stream of the file or a part of it. The file stays open. */
    readable(options?: ReadStreamOptions): ReadableStream<Uint8Array>;
    /** A web stream that writes into the file. The file stays open. */
    writable(options?: WriteStreamOptions): WritableStream<Uint8Array>;
    /** The lines of the file, without line breaks. */
    readLines(options?: CallOptions & {
        start?: number;
        encoding?: BufferEncoding;
    }): Steps<string>;
    stat(options?: CallOptions): Promise<NodeStat>;
    /** Sets times; those that are absent stay unchanged. */
    utimes(times: Times, options?: CallOptions): Promise<void>;
    /** Truncates or extends the file to a size in bytes. */
    truncate(size: number, options?: CallOptions): Promise<void>;
    /** Makes the file sparse: ranges that are never written take no space. False if the server does not support it. */
    makeSparse(options?: CallOptions): Promise<boolean>;
    /** The ranges that contain data; everything else is zero. Undefined if the server cannot tell. */
    dataRanges(options?: CallOptions): Promise<DataRange[] | undefined>;
    /** Resolves when the server has written all data to stable storage. */
    flush(options?: CallOptions): Promise<void>;
    /** Locks a range of bytes against other opens. */
    lock(options?: LockOptions): Promise<FileLock>;
    /** Unlocks a range, which must be exactly one that was locked. */
    unlock(options?: Pick<LockOptions, 'offset' | 'length' | 'signal' | 'timeoutMs'>): Promise<void>;
    /** Queries an information class ([MS-SMB2] 2.2.37). Returns its bytes, which `sombrero/wire` can decode. */
    query(query: InfoQuery, options?: CallOptions): Promise<Uint8Array>;
    /** Sets an information class ([MS-SMB2] 2.2.39). */
    setInfo(change: InfoChange, options?: CallOptions): Promise<void>;
    /** Sends a control code ([MS-SMB2] 2.2.31); returns the output. */
    ioctl(request: DeviceControl, options?: CallOptions): Promise<Uint8Array>;
    /**
     * Copies the contents of another file into this one: on the server if possible (`isNear`), otherwise through this
     * machine. Holes stay holes where the server supports them. The target grows from the start: after an interrupted
     * copy, everything up to 64 MiB before its end is complete, unless the file was longer before.
     */
    copyFrom(source: File, options?: TransferOptions): Promise<void>;
    /**
     * Whether the server may be able to copy between the two files: both are on this share, or on shares of one session.
     */
    isNear(other: File): boolean;
    /** Resolves when the file is closed on the server. May be called repeatedly. */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
// client/hints.d.ts
/** One sentence on what an error means and what may help; undefined if there is nothing to add. */
export declare function hintFor(error: unknown): string | undefined;
// client/listing.d.ts
import type { DirectoryEntry } from './node-stat.js';
/** The entries of a directory: iterate over them once, or get them all at once. */
export declare class Listing implements AsyncIterableIterator<DirectoryEntry, void, undefined> {
    #private;
    /** Created by `share.readdir`. */
    constructor(batches: AsyncGenerator<DirectoryEntry[], void, undefined>, names?: AsyncGenerator<string[], void, undefined>, signal?: AbortSignal);
    /** Fetches the first entries; fails if there is no such directory. */
    begin(): Promise<void>;
    next(): Promise<IteratorResult<DirectoryEntry, void>>;
    /** Ends the listing and closes what is open on the server for it. */
    return(): Promise<IteratorResult<DirectoryEntry, void>>;
    close(): Promise<void>;
    [Symbol.asyncIterator](): this;
    [Symbol.asyncDispose](): Promise<void>;
    /** All entries. */
    toArray(): Promise<DirectoryEntry[]>;
    /** The names of all entries. Requests nothing else from the server if the iteration has not begun. */
    names(): Promise<string[]>;
}
// client/lock-options.d.ts
import type { CallOptions } from './call-options.js';
/** What part of a file to lock, and how. */
export interface LockOptions extends CallOptions {
    /** First byte; 0 by default. Locks may lie beyond the end of the file. */
    readonly offset?: number | bigint | undefined;
    /** Number of bytes; by default, everything up to the largest offset. */
    readonly length?: number | bigint | undefined;
    /** Keeps others from reading as well as from writing; true by default. */
    readonly exclusive?: boolean | undefined;
    /** Waits until the lock is granted; otherwise a conflict fails with STATUS_LOCK_NOT_GRANTED. */
    readonly wait?: boolean | undefined;
}
/** A lock. It ends with `release`, with `await using`, or when the file is closed. */
export interface FileLock extends AsyncDisposable {
    release(options?: CallOptions): Promise<void>;
}
/** The byte range to lock. */
export declare function rangeOf({ offset, length }: LockOptions): {
    offset: bigint;
    length: bigint;
};
// client/node-fs/dir.d.ts
import type { Listing } from '../listing.js';
import type { FsBuffer } from './node-types.js';
import { Dirent } from './stats.js';
type Encode = ((name: string) => string | FsBuffer) | undefined;
/** Like `fs.Dir`. */
export declare class Dir implements AsyncIterable<Dirent>, AsyncDisposable {
    #private;
    readonly path: string;
    /** Created by `share.fs.opendir`. */
    constructor(path: string, listing: Listing, encode?: Encode);
    /** The next entry, or null at the end. */
    read(): Promise<Dirent | null>;
    /** The next entry, or null at the end. */
    read(callback: (error: unknown, entry: Dirent | null) => void): void;
    [Symbol.asyncIterator](): AsyncGenerator<Dirent, void, undefined>;
    close(): Promise<void>;
    close(callback: (error: unknown) => void): void;
    [Symbol.asyncDispose](): Promise<void>;
}
export {};
// client/node-fs/errors.d.ts
/** The operation that failed, as in Node's errors. */
export interface Syscall {
    readonly syscall: string;
    readonly path?: string | undefined;
    readonly dest?: string | undefined;
    /** The signal that may abort it. */
    readonly signal?: AbortSignal | undefined;
}
/**
 * An error in the style of `node:fs`: `ENOENT: no such file or directory, open '/a'`. The server's error, including the
 * NT status, is its `cause`.
 */
export declare class FsError extends Error {
    readonly code: string;
    readonly errno: number;
    readonly syscall: string;
    readonly path?: string;
    readonly dest?: string;
    /** Name of the NT status, if the server returned one. */
    readonly status?: string;
    constructor(code: string, { syscall, path, dest }: Syscall, cause?: unknown);
}
/** Errors that Node itself detects when copying and removing, with the errno they correspond to. */
declare const FOUND: {
    readonly ERR_FS_EISDIR: readonly ['Path is a directory', 'EISDIR'];
    readonly ERR_FS_CP_EINVAL: readonly ['Invalid src or dest', 'EINVAL'];
    readonly ERR_FS_CP_EEXIST: readonly ['Target already exists', 'EEXIST'];
    readonly ERR_FS_CP_DIR_TO_NON_DIR: readonly ['Cannot overwrite non-directory with directory', 'EISDIR'];
    readonly ERR_FS_CP_NON_DIR_TO_DIR: readonly ['Cannot overwrite directory with non-directory', 'ENOTDIR'];
};
/** Like the SystemError that `fs.cp` and `fs.rm` throw. */
export declare class FsSystemError extends Error {
    readonly name = "SystemError";
    readonly code: keyof typeof FOUND;
    readonly errno: number;
    readonly syscall: string;
    readonly path: string;
    readonly info: Readonly<Record<'message' | 'path' | 'syscall' | 'code', string>> & {
        readonly errno: number;
    };
    constructor(code: keyof typeof FOUND, syscall: string, path: string, message: string, cause?: unknown);
}
/** Node's error for a closed handle. */
export declare function handleClosed(syscall: string): Error;
/** Node's error for an aborted operation. */
export declare function abortError(signal: AbortSignal): Error;
/** Converts an error to Node's; errors that are not about the file system stay as they are. */
export declare function fsError(error: unknown, about: Syscall): unknown;
/** Runs an operation; errors are converted to Node's. */
export declare function syscall<T>(about: Syscall, work: () => Promise<T>): Promise<T>;
/** Like `syscall`, for a generator. */
export declare function syscallEach<T>(about: Syscall, items: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined>;
export {};
// client/node-fs/fs.d.ts
import type { Share } from '../share.js';
import type { FsCpOptions } from './cp-options.js';
import { type Encoded, type FileData } from './data.js';
import { Dir } from './dir.js';
import { constants } from './flags.js';
import { type FsGlobOptions } from './glob.js';
import { FileHandle, type TimeLike } from './handle.js';
import { type AsBuffer, type NameEncoding, type NameWish } from './names.js';
import type { FsBuffer, NodeFileHandle } from './node-types.js';
import { type Mode } from './open.js';
import { type PathLike } from './paths.js';
import { BigIntStats, Dirent, Stats } from './stats.js';
import { type StatsFs } from './stats-fs.js';
import { type FsRmOptions } from './trees.js';
import { type FsWatchOptions, type WatchEvent } from './watch-events.js';
import { Watcher, type WatcherOptions } from './watcher.js';
/** A handle of `node:fs` belongs to this machine, so it is rejected as an invalid path. */
type Place = PathLike | FileHandle | NodeFileHandle;
interface Signalled {
    readonly signal?: AbortSignal | undefined;
}
interface WriteWish extends Signalled {
    readonly flag?: string | number | undefined;
    readonly mode?: Mode | undefined;
    /** Flush the data to stable storage before resolving. */
    readonly flush?: boolean | undefined;
}
interface ListWish {
    readonly recursive?: boolean | undefined;
    readonly encoding?: BufferEncoding | 'buffer' | null | undefined;
}
/**
 * A share with the interface of `fs.promises`, for existing code: `/` is the share's root, and errors have Node's
 * `code`, `errno`, `syscall` and `path`. What SMB lacks (owners, permissions other than read-only) is rejected or
 * ignored; the numbers in `constants` are those of Linux.
 *
 * @example
 * const { fs } = await connect('smb://ann:secret@nas/photos')
 * await fs.writeFile('/2024/a.txt', 'hello', 'utf8')
 * const names = await fs.readdir('/2024')
 */
export declare class SharePromises {
    #private;
    readonly constants: typeof constants;
    /** Created by `share.fs`. */
    constructor(share: Share);
    /** `mode` applies to a file that is created: if it grants nobody write permission, the file is made read-only. */
    open(path: PathLike, flags?: string | number | null, mode?: Mode | null): Promise<FileHandle>;
    readFile(path: Place, options?: null | ({
        encoding?: null | undefined;
        flag?: string | number | undefined;
    } & Signalled)): Promise<FsBuffer>;
    readFile(path: Place, options: BufferEncoding | ({
        encoding: BufferEncoding;
        flag?: string | number | undefined;
    } & Signalled)): Promise<string>;
    readFile(path: Place, options?: Encoded<{
        flag?: string | number | undefined;
    } & Signalled>): Promise<string | FsBuffer>;
    /** `mode` applies as for `open`. */
    writeFile(path: Place, data: FileData, options?: Encoded<WriteWish>): Promise<void>;
    appendFile(path: Place, data: FileData, options?: Encoded<WriteWish>): Promise<void>;
    stat(path: PathLike, options?: {
        readonly bigint?: false | undefined;
    }): Promise<Stats>;
    stat(path: PathLike, options: {
        readonly bigint: true;
    }): Promise<BigIntStats>;
    stat(path: PathLike, options?: {
        readonly bigint?: boolean | undefined;
    }): Promise<Stats | BigIntStats>;
    lstat(path: PathLike, options?: {
        readonly bigint?: false | undefined;
    }): Promise<Stats>;
    lstat(path: PathLike, options: {
        readonly bigint: true;
    }): Promise<BigIntStats>;
    lstat(path: PathLike, options?: {
        readonly bigint?: boolean | undefined;
    }): Promise<Stats | BigIntStats>;
    readdir(path: PathLike, options?: BufferEncoding | null | (ListWish & {
        encoding?: BufferEncoding | null | undefined;
        withFileTypes?: false | undefined;
    })): Promise<string[]>;
    readdir(path: PathLike, options: 'buffer' | (ListWish & AsBuffer & {
        withFileTypes?: false | undefined;
    })): Promise<FsBuffer[]>;
    readdir(path: PathLike, options?: BufferEncoding | null | (ListWish & {
        withFileTypes?: false | undefined;
    })): Promise<string[] | FsBuffer[]>;
    readdir(path: PathLike, options: ListWish & AsBuffer & {
        withFileTypes: true;
    }): Promise<Dirent<FsBuffer>[]>;
    readdir(path: PathLike, options: ListWish & {
        withFileTypes: true;
    }): Promise<Dirent[]>;
    opendir(path: PathLike, options?: NameEncoding | {
        readonly recursive?: boolean | undefined;
        readonly bufferSize?: number | undefined;
    }): Promise<Dir>;
    /** `mode` is ignored: permissions on directories are up to the server. */
    mkdir(path: PathLike, options?: Mode | null | {
        recursive?: false | undefined;
        mode?: Mode | undefined;
    }): Promise<void>;
    mkdir(path: PathLike, options: {
        recursive: true;
        mode?: Mode | undefined;
    }): Promise<string | undefined>;
    mkdir(path: PathLike, options?: Mode | null | {
        recursive?: boolean | undefined;
        mode?: Mode | undefined;
    }): Promise<string | undefined>;
    mkdtemp(prefix: string, options?: NameEncoding): Promise<string>;
    mkdtemp(prefix: string, options: AsBuffer): Promise<FsBuffer>;
    mkdtemp(prefix: string, options?: NameWish): Promise<string | FsBuffer>;
    rmdir(path: PathLike, options?: {
        readonly recursive?: boolean | undefined;
    }): Promise<void>;
    unlink(path: PathLike): Promise<void>;
    rm(path: PathLike, options?: FsRmOptions): Promise<void>;
    rename(from: PathLike, to: PathLike): Promise<void>;
    copyFile(from: PathLike, to: PathLike, mode?: number | null): Promise<void>;
    cp(from: PathLike, to: PathLike, options?: FsCpOptions): Promise<void>;
    truncate(path: PathLike, length?: number): Promise<void>;
    utimes(path: PathLike, atime: TimeLike, mtime: TimeLike): Promise<void>;
    lutimes(path: PathLike, atime: TimeLike, mtime: TimeLike): Promise<void>;
    /** Removing all write permissions makes the file read-only; other permissions are not stored. */
    chmod(path: PathLike, mode: Mode): Promise<void>;
    /** Only checks that the path exists, since owners are not stored. */
    chown(path: PathLike, uid: number, gid: number): Promise<void>;
    /** Like `chown`, for a symbolic link itself. */
    lchown(path: PathLike, uid: number, gid: number): Promise<void>;
    symlink(target: PathLike, path: PathLike, type?: string | null): Promise<void>;
    readlink(path: PathLike, options?: NameEncoding): Promise<string>;
    readlink(path: PathLike, options: AsBuffer): Promise<FsBuffer>;
    readlink(path: PathLike, options?: NameWish): Promise<string | FsBuffer>;
    link(existing: PathLike, path: PathLike): Promise<void>;
    realpath(path: PathLike, options?: NameEncoding): Promise<string>;
    realpath(path: PathLike, options: AsBuffer): Promise<FsBuffer>;
    realpath(path: PathLike, options?: NameWish): Promise<string | FsBuffer>;
    access(path: PathLike, mode?: number | null): Promise<void>;
    statfs(path: PathLike, options?: {
        readonly bigint?: false | undefined;
    }): Promise<StatsFs<number>>;
    statfs(path: PathLike, options: {
        readonly bigint: true;
    }): Promise<StatsFs<bigint>>;
    statfs(path: PathLike, options?: {
        readonly bigint?: boolean | undefined;
    }): Promise<StatsFs<number> | StatsFs<bigint>>;
    /** Finds paths that match, relative to `cwd`; with `withFileTypes`, entries. */
    glob(pattern: string | readonly string[], options?: FsGlobOptions & {
        readonly withFileTypes?: false | undefined;
    }): AsyncGenerator<string, void, undefined>;
    glob(pattern: string | readonly string[], options: FsGlobOptions & {
        readonly withFileTypes: true;
    }): AsyncGenerator<Dirent, void, undefined>;
    /** Like `fs.promises.watch`: 'rename' when a name appears or disappears, 'change' otherwise. */
    watch(path: PathLike, options?: BufferEncoding | FsWatchOptions): AsyncGenerator<WatchEvent, void, undefined>;
    /** Watches a directory tree for additions, changes and removals, like chokidar. */
    watcher(path: PathLike, options?: WatcherOptions): Watcher;
}
export {};
// client/node-fs/handle.d.ts
import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { File } from '../file.js';
import type { Share } from '../share.js';
import type { ReadStreamOptions, WriteStreamOptions } from '../streams.js';
import { type Encoded, type FileData } from './data.js';
import type { Opening } from './flags.js';
import { type Mode } from './open.js';
import { BigIntStats, Stats } from './stats.js';
/** The options form of `read`. */
export interface ReadOptions {
    readonly buffer?: NodeJS.ArrayBufferView | undefined;
    readonly offset?: number | null | undefined;
    readonly length?: number | null | undefined;
    readonly position?: number | bigint | null | undefined;
}
/** The options form of `write`. */
export interface WriteOptions {
    readonly offset?: number | null | undefined;
    readonly length?: number | null | undefined;
    readonly position?: number | null | undefined;
}
interface Closing {
    /** Closes the handle with the stream; true by default. */
    readonly autoClose?: boolean | undefined;
}
/** A stream with a `bytesWritten` count, like those of `node:fs`. */
export type CountingWritable = Writable & {
    readonly bytesWritten: number;
};
/** A time as Node accepts it: a date, or seconds since 1970. */
export type TimeLike = string | number | Date;
/** Converts a time; seconds are kept to the nanosecond. */
export declare function momentOf(time: TimeLike): Date | bigint;
/** Negative sizes count as 0, as in Node. */
export declare function sizeOf(length: number): number;
/** Events of a file handle. */
export interface FileHandleEvents {
    close: [];
}
/** Like `fs.promises.FileHandle`, for a file on a share. */
export declare class FileHandle extends EventEmitter<FileHandleEvents> implements AsyncDisposable {
    #private;
    /** Created by `share.fs.open`. */
    constructor(share: Share, file: File, { append, options: { access } }: Opening);
    /** Identifies the handle; -1 once it is closed. It is no descriptor of this machine. */
    get fd(): number;
    /** The underlying file, for everything that is specific to SMB. */
    get file(): File;
    read<T extends NodeJS.ArrayBufferView = Buffer>(buffer: T, offset?: number | null, length?: number | null, position?: number | bigint | null): Promise<{
        bytesRead: number;
        buffer: T;
    }>;
    read<T extends NodeJS.ArrayBufferView = Buffer>(buffer: T, options?: ReadOptions): Promise<{
        bytesRead: number;
        buffer: T;
    }>;
    read(options?: ReadOptions): Promise<{
        bytesRead: number;
        buffer: NodeJS.ArrayBufferView;
    }>;
    readv<T extends readonly NodeJS.ArrayBufferView[]>(buffers: T, position?: number | null): Promise<{
        bytesRead: number;
        buffers: T;
    }>;
    write(text: string, position?: number | null, encoding?: BufferEncoding): Promise<{
        bytesWritten: number;
        buffer: string;
    }>;
    write<T extends NodeJS.ArrayBufferView>(buffer: T, offset?: number | null | WriteOptions, length?: number | null, position?: number | null): Promise<{
        bytesWritten: number;
        buffer: T;
    }>;
    writev<T extends readonly NodeJS.ArrayBufferView[]>(buffers: T, position?: number | null): Promise<{
        bytesWritten: number;
        buffers: T;
    }>;
    /** Reads from the current position to the end. */
    readFile(options?: null | {
        readonly encoding?: null | undefined;
        readonly signal?: AbortSignal;
    }): Promise<Buffer>;
    /** Reads from the current position to the end, as text. */
    readFile(options: BufferEncoding | {
        readonly encoding: BufferEncoding;
    }): Promise<string>;
    /** Writes at the current position. */
    writeFile(data: FileData, options?: Encoded<{
        readonly signal?: AbortSignal | undefined;
    }>): Promise<void>;
    appendFile(data: FileData, options?: Encoded): Promise<void>;
    stat(options?: {
        readonly bigint?: false | undefined;
    }): Promise<Stats>;
    stat(options: {
        readonly bigint: true;
    }): Promise<BigIntStats>;
    truncate(length?: number): Promise<void>;
    utimes(atime: TimeLike, mtime: TimeLike): Promise<void>;
    /** Has no effect, since owners are not stored. */
    chown(uid: number, gid: number): Promise<void>;
    /** A mode without write permission makes the file read-only. */
    chmod(mode: Mode): Promise<void>;
    sync(): Promise<void>;
    datasync(): Promise<void>;
    /** Reads from the current position and advances it, unless `start` is given. */
    createReadStream({ autoClose, onProgress, ...options }?: ReadStreamOptions & Closing): Readable;
    /** Writes at the current position and advances it, unless `start` is given. */
    createWriteStream({ autoClose, onProgress, ...options }?: Omit<WriteStreamOptions, 'flags'> & Closing): CountingWritable;
    readableWebStream(): ReadableStream<Uint8Array>;
    /** The lines from the current position to the end; then the handle is closed. */
    readLines(options?: {
        readonly encoding?: BufferEncoding;
        readonly start?: number;
    }): AsyncGenerator<string, void, undefined>;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
export {};
// client/node-fs/stats.d.ts
import type { DirectoryEntry, NodeStat } from '../node-stat.js';
/** The type of a node, with the methods of `fs.Stats` and `fs.Dirent`. */
declare class Kind {
    #private;
    constructor(node: NodeStat);
    isFile(): boolean;
    isDirectory(): boolean;
    isSymbolicLink(): boolean;
    isBlockDevice(): boolean;
    isCharacterDevice(): boolean;
    isFIFO(): boolean;
    isSocket(): boolean;
}
/** Like `fs.Stats`. The mode reflects only the read-only attribute; owners are not reported. */
export declare class Stats extends Kind {
    readonly dev: number;
    readonly ino: number;
    readonly mode: number;
    readonly nlink: number;
    readonly uid: number;
    readonly gid: number;
    readonly rdev: number;
    readonly size: number;
    readonly blksize: number;
    /** In units of 512 bytes. */
    readonly blocks: number;
    readonly atimeMs: number;
    readonly mtimeMs: number;
    readonly ctimeMs: number;
    readonly birthtimeMs: number;
    readonly atime: Date;
    readonly mtime: Date;
    readonly ctime: Date;
    readonly birthtime: Date;
    constructor(node: NodeStat);
}
/** Like `fs.BigIntStats`. */
export declare class BigIntStats extends Kind {
    readonly dev: bigint;
    readonly ino: bigint;
    readonly mode: bigint;
    readonly nlink: bigint;
    readonly uid: bigint;
    readonly gid: bigint;
    readonly rdev: bigint;
    readonly size: bigint;
    readonly blksize: bigint;
    readonly blocks: bigint;
    readonly atimeMs: bigint;
    readonly mtimeMs: bigint;
    readonly ctimeMs: bigint;
    readonly birthtimeMs: bigint;
    readonly atimeNs: bigint;
    readonly mtimeNs: bigint;
    readonly ctimeNs: bigint;
    readonly birthtimeNs: bigint;
    readonly atime: Date;
    readonly mtime: Date;
    readonly ctime: Date;
    readonly birthtime: Date;
    constructor(node: NodeStat);
}
/** Like `fs.Dirent`. */
export declare class Dirent<N extends string | Buffer = string> extends Kind {
    readonly name: N;
    /** The directory that contains it. */
    readonly parentPath: string;
    /** The older name of `parentPath`. */
    readonly path: string;
    /** `name`: in the requested encoding; `top`: the listed directory, as the caller gave it. */
    constructor(entry: DirectoryEntry, name: N, top: string);
}
export {};
// client/node-fs/watcher.d.ts
import { EventEmitter } from 'node:events';
import type { Share } from '../share.js';
import { type PathLike } from './paths.js';
import { Stats } from './stats.js';
/** What to watch and what to report. */
export interface WatcherOptions {
    /** Do not report what exists at the start; false by default. */
    readonly ignoreInitial?: boolean | undefined;
    /** Whether to ignore a path (with a leading slash) and everything below it. */
    readonly ignored?: ((path: string) => boolean) | undefined;
    readonly signal?: AbortSignal | undefined;
}
/** Paths have a leading slash, as everywhere in `share.fs`. */
export interface WatcherEvents {
    add: [path: string, stats: Stats];
    change: [path: string, stats: Stats];
    unlink: [path: string];
    addDir: [path: string, stats: Stats];
    unlinkDir: [path: string];
    /** Every event above, with its path. */
    all: [event: 'add' | 'change' | 'unlink' | 'addDir' | 'unlinkDir', path: string];
    /** Everything that existed at the start has been reported. */
    ready: [];
    /** The watch has failed and ended. */
    error: [error: unknown];
    close: [];
}
/**
 * Watches a directory tree like chokidar: reports files and directories that appear, change and disappear. A rename is
 * reported as a removal and an addition. After the server has lost changes, the tree is listed again to find them.
 */
export declare class Watcher extends EventEmitter<WatcherEvents> implements AsyncDisposable {
    #private;
    /** Created by `share.fs.watcher`. */
    constructor(share: Share, path: PathLike, options: WatcherOptions);
    /** The known names by directory. */
    getWatched(): Record<string, string[]>;
    /**
     * Stops watching; resolves when nothing is open on the server any more. Rejects with a failure that no 'error'
     * listener received.
     */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
// client/node-stat.d.ts
import type { Dots, ListedNode, NodeInfo } from './protocol.js';
/** What is known about a file or directory. */
export declare class NodeStat {
    #private;
    /** Bytes; 0 for directories. */
    readonly size: number;
    /** Bytes allocated on the server's disk. */
    readonly allocationSize: number;
    /** FILE_ATTRIBUTE_* bits. */
    readonly attributes: number;
    readonly mtime: Date;
    readonly atime: Date;
    /** Last change of the contents or metadata. */
    readonly ctime: Date;
    readonly birthtime: Date;
    /** File ID, unique within the volume; 0 if the server has none. */
    readonly id: bigint;
    /** Number of hard links; 1 in listings and if unknown. */
    readonly links: number;
    /** Reparse tag ([MS-FSCC] 2.1.2.1); 0 if it is no reparse point, or if unknown. */
    readonly reparseTag: number;
    constructor(info: NodeInfo);
    isDirectory(): boolean;
    isFile(): boolean;
    /** True only in listings and `lstat`; other calls follow links. */
    isSymbolicLink(): boolean;
    /** True for a symbolic link, junction, mount point or placeholder. */
    isReparsePoint(): boolean;
    /** The times in nanoseconds since 1970, in the server's full precision. */
    get mtimeNs(): bigint;
    get atimeNs(): bigint;
    get ctimeNs(): bigint;
    get birthtimeNs(): bigint;
    get readonly(): boolean;
    get hidden(): boolean;
}
/** One entry of a directory. */
export declare class DirectoryEntry extends NodeStat {
    readonly name: string;
    /** From the share's root, with slashes. */
    readonly path: string;
    /** The file IDs of the directory and its parent, if the server reports them. */
    readonly dots: Dots | undefined;
    constructor(node: ListedNode, directory: string);
}
// client/open-options.d.ts
import type { Guid } from '#wire/dtyp/guid.js';
import { type CachingText } from './caching.js';
import type { CallOptions } from './call-options.js';
import { type AccessControl } from './operation/acl.js';
import { type AttributeValues } from './operation/extras.js';
import type { OpenRequest } from './protocol.js';
/** How to open a file. */
export interface OpenOptions extends CallOptions {
    /** 'read' by default; or the bits of an access mask ([MS-SMB2] 2.2.13.1). */
    readonly access?: 'read' | 'write' | 'read-write' | number | undefined;
    /**
     * What to do if the file exists or not: 'never' (the default) opens an existing file, 'if-missing' creates the file
     * if necessary, 'exclusive' fails if it exists, 'truncate' empties or creates it.
     */
    readonly create?: 'never' | 'if-missing' | 'exclusive' | 'truncate' | undefined;
    /** What others may do with the file meanwhile; everything by default. */
    readonly share?: readonly ('read' | 'write' | 'delete')[] | undefined;
    /** Writes reach stable storage before they are acknowledged. */
    readonly writeThrough?: boolean | undefined;
    /** 'file' by default, which fails on a directory. */
    readonly kind?: 'file' | 'directory' | 'any' | undefined;
    /** Opens a symbolic link itself. */
    readonly noFollow?: boolean | undefined;
    /** Deletes the file when its last open is closed. */
    readonly deleteOnClose?: boolean | undefined;
    /** FILE_ATTRIBUTE_* bits for a file that is created. */
    readonly attributes?: number | undefined;
    /** Opens the file as of a snapshot: its date, or a token from `share.snapshots`. */
    readonly snapshot?: Date | string | undefined;
    /**
     * What to cache, as letters (`'rwh'`); or with a key, so that several opens of the file can share the lease. The
     * file's `caching` shows what was granted, and 'break' events when it is reduced. Servers before 2.1 have no leases.
     */
    readonly lease?: CachingText | {
        readonly state: CachingText;
        readonly key?: Guid;
        readonly parentKey?: Guid;
    } | undefined;
    /** The security descriptor of a file that is created: as objects, or as SDDL. */
    readonly acl?: AccessControl | string | undefined;
    /** Extended attributes of a file that is created. */
    readonly extendedAttributes?: AttributeValues | undefined;
    /** Like `lease`, but for this open only; supported in all dialects. */
    readonly oplock?: 'read' | 'exclusive' | 'batch' | undefined;
}
/** Translates the options into a CREATE request. */
export declare function openRequest(path: string, options: OpenOptions): OpenRequest;
// client/operation/acl.d.ts
import { SecurityDescriptor } from '#wire/dtyp/security-descriptor.js';
import type { Control, FileProtocol } from '../protocol.js';
/** The standard sets of rights, by their names in Windows. */
export type RightsName = 'full' | 'modify' | 'read-execute' | 'read' | 'write';
/** One entry of an access control list. */
export interface AccessEntry {
    readonly kind: 'allow' | 'deny' | 'audit';
    /** `S-1-5-21-…`; when setting, also a two-letter SDDL alias. */
    readonly sid: string;
    /** Bits of an access mask ([MS-SMB2] 2.2.13.1); always bits when read. */
    readonly rights: number | RightsName;
    /** Inherited by files in the directory. */
    readonly forFiles?: boolean | undefined;
    /** Inherited by subdirectories. */
    readonly forDirectories?: boolean | undefined;
    /** Applies only to what inherits it, not to the directory itself. */
    readonly onlyBelow?: boolean | undefined;
    /** Inherited by direct children only. */
    readonly onlyOneLevel?: boolean | undefined;
    /** Was inherited from the parent directory. */
    readonly inherited?: boolean | undefined;
    /** For an audit entry: audits successful or failed access. */
    readonly success?: boolean | undefined;
    readonly failure?: boolean | undefined;
}
/**
 * Who owns a file, and who may do what with it. When reading, absent parts do not exist; when setting, they stay
 * unchanged.
 */
export interface AccessControl {
    readonly owner?: string | undefined;
    readonly group?: string | undefined;
    /** The order matters; null grants everyone full access. */
    readonly entries?: readonly AccessEntry[] | null | undefined;
    /** Audit entries; reading and setting them needs a special privilege. */
    readonly audit?: readonly AccessEntry[] | undefined;
    /** Inherits nothing from the parent directory. */
    readonly isProtected?: boolean | undefined;
}
/** A security descriptor as read from the server. */
export declare class FileSecurity implements AccessControl {
    /** The complete descriptor. */
    readonly descriptor: SecurityDescriptor;
    /** Created by `share.acl`. */
    constructor(descriptor: SecurityDescriptor);
    /** A SID as text; '' if absent. */
    get owner(): string;
    get group(): string;
    get entries(): readonly AccessEntry[] | null;
    get audit(): readonly AccessEntry[];
    get isProtected(): boolean;
    /** As SDDL ([MS-DTYP] 2.5.1). Throws RangeError for a conditional entry. */
    get sddl(): string;
}
/** Builds a descriptor from its parts or SDDL. */
export declare function descriptorOf(wanted: AccessControl | string): SecurityDescriptor;
/** Reads owner, group and access list; with `audit`, the audit list as well. */
export declare function getSecurity(protocol: FileProtocol, path: string, { audit }: {
    readonly audit?: boolean | undefined;
}, control: Control): Promise<FileSecurity>;
/** Sets the parts that are given. */
export declare function setSecurity(protocol: FileProtocol, path: string, wanted: AccessControl | string, control: Control): Promise<void>;
// client/operation/atomic-write.d.ts
import type { Control, FileProtocol } from '../protocol.js';
import { type Times } from './facts.js';
/** A file that appears under its name only once it is complete. */
export interface AtomicWrite {
    readonly path: string;
    /** Temporary path in the same directory; must not exist. */
    readonly partial: string;
    readonly data: Uint8Array;
    readonly times: Times;
    /** Replaces an existing file at `path`; otherwise that is an error. */
    readonly replace: boolean;
}
/**
 * Writes a small file and sets its times in one round trip. If the file does not exist yet, it is created in place: the
 * requests of a compound are processed together, and a failure removes the file again. Otherwise it is written under
 * the temporary name and renamed, so that the path holds either the old contents or all of the new at any time. Where a
 * visit takes several requests (SMB1), the temporary name is always used.
 */
export declare function writeAtomically(protocol: FileProtocol, write: AtomicWrite, control: Control): Promise<void>;
// client/operation/copy.d.ts
import type { TransferOptions } from '../call-options.js';
import type { Control } from '../protocol.js';
import { type Place } from './place.js';
/** How to copy one file. */
export interface CopyOptions extends TransferOptions {
    /** Fails if the target exists. */
    readonly exclusive?: boolean | undefined;
    /** The copy gets the times of the original. */
    readonly preserveTimestamps?: boolean | undefined;
}
/** Copies a file within the share: on the server if possible, otherwise through this machine. */
export declare function copy(place: Place, from: string, to: string, options: CopyOptions, control: Control): Promise<void>;
// client/operation/cp.d.ts
import type { Control } from '../protocol.js';
import { type CopyOptions } from './copy.js';
import type { Place } from './place.js';
/** How to copy a tree; like `fs.cp`. */
export interface CpOptions extends CopyOptions {
    readonly recursive?: boolean | undefined;
    /** Replaces existing files; true by default. */
    readonly force?: boolean | undefined;
    /** With `force: false`, an existing file is an error instead of being skipped. */
    readonly errorOnExist?: boolean | undefined;
    /** Copies what links lead to instead of the links. */
    readonly dereference?: boolean | undefined;
    /** Decides what to copy; skipping a directory skips its contents, too. */
    readonly filter?: ((from: string, to: string) => boolean | Promise<boolean>) | undefined;
}
/** Copies a file or, with `recursive`, a directory tree. */
export declare function cp(place: Place, from: string, to: string, options: CpOptions, control: Control): Promise<void>;
// client/operation/extras.d.ts
import { FileFullEaInformation } from '#wire/fscc/file-info/full-ea.js';
import type { Control, FileProtocol } from '../protocol.js';
/** A named stream: additional data in a file. */
export interface NamedStream {
    /** Open it as `file.txt:name`. */
    readonly name: string;
    readonly size: number;
    readonly allocationSize: number;
}
/** A snapshot of a share. */
export interface Snapshot {
    /** Use it as the first component of a path: `@GMT-2026.11.23-10.50.36/photos`. */
    readonly token: string;
    readonly date: Date;
}
/** The named streams of a file or directory, without the default stream. */
export declare function namedStreams(protocol: FileProtocol, path: string, control: Control): Promise<NamedStream[]>;
/** The extended attributes of a file. Names are case-insensitive. */
export declare function getEas(protocol: FileProtocol, path: string, control: Control): Promise<Map<string, Uint8Array>>;
/** Extended attributes by name; null removes one. */
export type AttributeValues = Readonly<Record<string, Uint8Array | string | null>>;
/** Encodes extended attributes as a FileFullEaInformation list. */
export declare function eaList(eas: AttributeValues): FileFullEaInformation;
/** Sets extended attributes; others stay unchanged. */
export declare function setEas(protocol: FileProtocol, path: string, eas: AttributeValues, control: Control): Promise<void>;
/** The snapshots of a file or directory, in the server's order. */
export declare function snapshots(protocol: FileProtocol, path: string, control: Control): Promise<Snapshot[]>;
// client/operation/facts.d.ts
import { StatusError } from '#wire/erref/errors.js';
import { NodeStat } from '../node-stat.js';
import type { Control, FileProtocol, OpenRequest, SetFacts } from '../protocol.js';
/** Times to set, as dates or nanoseconds since 1970; those that are absent stay unchanged. */
export interface Times {
    readonly mtime?: Date | bigint | undefined;
    readonly atime?: Date | bigint | undefined;
    readonly birthtime?: Date | bigint | undefined;
}
/** A node's times in full precision, which dates lack. */
export declare function exactTimes({ mtimeNs, atimeNs, birthtimeNs }: NodeStat): Times;
export declare function factsOf(times: Times): SetFacts;
export declare function stat(protocol: FileProtocol, path: string, control: Control): Promise<NodeStat>;
/** A request that opens a link itself instead of its target. */
export declare function linkItself(path: string, access: number): OpenRequest;
/** Like `stat`, for a symbolic link itself. */
export declare function lstat(protocol: FileProtocol, path: string, control: Control): Promise<NodeStat>;
export declare function exists(protocol: FileProtocol, path: string, control: Control): Promise<boolean>;
/** Like `stat`; undefined if nothing exists. */
export declare function whatIs(protocol: FileProtocol, path: string, control: Control): Promise<NodeStat | undefined>;
/**
 * Whether two paths refer to the same file, which copying would empty before reading it. Compares file IDs. A snapshot
 * has the same ones as the live file, and files on different volumes may share one, so snapshot paths and creation
 * times are compared, too. Without file IDs, compares names, ignoring case.
 */
export declare function isSameNode(path: string, node: NodeStat, other: string, there: NodeStat): boolean;
/** Like `isSameNode`, ignoring named streams. */
export declare function isSameFile(path: string, node: NodeStat, other: string, there: NodeStat): boolean;
export declare function itself(command: string, path: string): StatusError;
/** What `access` can check. */
export type AccessKind = 'read' | 'write' | 'execute' | 'delete';
/** Fails unless the account has all of these rights. */
export declare function access(protocol: FileProtocol, path: string, kinds: readonly AccessKind[], control: Control): Promise<void>;
export declare function setFacts(protocol: FileProtocol, path: string, facts: SetFacts, control: Control): Promise<void>;
/** Like `setFacts`, for a symbolic link itself. */
export declare function setLinkFacts(protocol: FileProtocol, path: string, facts: SetFacts, control: Control): Promise<void>;
// client/operation/glob.d.ts
import type { DirectoryEntry } from '../node-stat.js';
import type { Control, FileProtocol } from '../protocol.js';
/** Where to search and what to exclude. */
export interface GlobOptions {
    /** Directory to search; the share's root by default. */
    readonly cwd?: string | undefined;
    /** Patterns to exclude, together with everything below a match. */
    readonly exclude?: readonly string[] | undefined;
}
/** Matches a path pattern; `**` stands for any number of directories. */
export declare function glob(protocol: FileProtocol, pattern: string | readonly string[], { cwd, exclude }: GlobOptions, control: Control): AsyncGenerator<DirectoryEntry, void, undefined>;
// client/operation/links.d.ts
import type { Control, FileProtocol } from '../protocol.js';
/** What a symbolic link points to; detected if not given. */
export type LinkKind = 'file' | 'dir';
/** Creates a symbolic link. A target without a leading slash is relative to the link's directory. */
export declare function symlink(protocol: FileProtocol, target: string, path: string, kind: LinkKind | undefined, control: Control): Promise<void>;
/** The target of a symbolic link or junction, as stored, with slashes. */
export declare function readlink(protocol: FileProtocol, path: string, control: Control): Promise<string>;
/** Creates a hard link. */
export declare function link(protocol: FileProtocol, existing: string, path: string, control: Control): Promise<void>;
// client/operation/read-directory.d.ts
import type { DirectoryEntry } from '../node-stat.js';
import type { Control, FileProtocol } from '../protocol.js';
import { type ShareNode } from './walk-share.js';
/** What to list. */
export interface ListOptions {
    /** Names to list, with `*` and `?`, matched by the server; all by default. */
    readonly pattern?: string | undefined;
    /** Includes subdirectories; symbolic links are not followed. */
    readonly recursive?: boolean | undefined;
}
/** The entries of a directory, and with `recursive` of those below, in the server's batches. */
export declare function entries(protocol: FileProtocol, path: string, { pattern, recursive }: ListOptions, control: Control): AsyncGenerator<DirectoryEntry[], void, undefined>;
/** The names in a directory, in the server's batches. */
export declare function names(protocol: FileProtocol, path: string, { pattern }: ListOptions, control: Control): AsyncGenerator<string[], void, undefined>;
/** Whether to descend into an entry: not through a symbolic link, mount point or DFS link. */
export declare function leadsOn({ found }: ShareNode): boolean;
// client/operation/remove.d.ts
import type { Control, FileProtocol } from '../protocol.js';
/** How `rm` removes. */
export interface RemoveOptions {
    /** Removes a directory with everything in it. */
    readonly recursive?: boolean | undefined;
    /** Ignores a missing path, and removes read-only files. */
    readonly force?: boolean | undefined;
    /** Removes read-only files, as POSIX systems do; defaults to `force`. */
    readonly readOnly?: boolean | undefined;
}
export declare function rm(protocol: FileProtocol, path: string, options: RemoveOptions, control: Control): Promise<void>;
/** How to remove a single file or directory. */
export interface RemoveOneOptions {
    /** Removes it even if it is read-only. */
    readonly readOnly?: boolean | undefined;
}
/** Removes a file or an empty directory, even a read-only one if the options say so. */
export declare function removeOne(protocol: FileProtocol, path: string, directory: boolean, { readOnly }: RemoveOneOptions, control: Control): Promise<void>;
// client/operation/whole-file.d.ts
import type { TransferOptions } from '../call-options.js';
import { type OpenOptions } from '../open-options.js';
import type { Control } from '../protocol.js';
import { type Place } from './place.js';
/** How to read a whole file. */
export interface ReadFileOptions extends TransferOptions {
    /** A file larger than this is an error, before anything is read; 2 GiB by default. */
    readonly limit?: number | undefined;
}
/** Throws if a file is too large to read into memory. */
export declare function checkSize(path: string, size: number, { limit }: ReadFileOptions): void;
/** Like `ReadFileOptions`, with the encoding to decode. */
export interface ReadTextOptions extends ReadFileOptions {
    readonly encoding: BufferEncoding;
}
/** Normalizes the arguments: an encoding and options, or options with an encoding. */
export declare function readOptions(first: BufferEncoding | ReadFileOptions | ReadTextOptions | undefined, second: ReadFileOptions | undefined): {
    readonly options: ReadFileOptions;
    readonly encoding: BufferEncoding | undefined;
};
/** How to treat an existing file: Node's flags. */
export type WriteFlag = 'w' | 'wx' | 'a' | 'ax' | 'r+';
/** How to write a whole file. */
export interface WriteFileOptions extends TransferOptions {
    /** How to encode text; UTF-8 by default. */
    readonly encoding?: BufferEncoding | undefined;
    /** 'w' (the default) replaces the file, 'wx' fails if it exists, 'a' appends, 'r+' overwrites in place. */
    readonly flag?: WriteFlag | undefined;
}
/** Reads a whole file: a small one in one round trip, a large one with many concurrent requests. */
export declare function readFile(place: Place, path: string, control: Control, options: ReadFileOptions): Promise<Uint8Array>;
/** The create mode for a flag. */
export declare function createOf(flag: WriteFlag): NonNullable<OpenOptions['create']>;
export declare function writeFile(place: Place, path: string, bytes: Uint8Array, control: Control, options: WriteFileOptions): Promise<void>;
/** Truncates or extends a file to a size. */
export declare function truncate(place: Place, path: string, size: number, control: Control): Promise<void>;
// client/options.d.ts
import type { Guid } from '#wire/dtyp/guid.js';
import type { ReconnectPolicy } from './lasting/backoff.js';
/** Dialects by their common names. */
export type DialectName = 'NT1' | '2.0.2' | '2.1' | '3.0' | '3.0.2' | '3.1.1';
export type SigningPolicy = 'off' | 'enabled' | 'required';
export type EncryptionPolicy = 'off' | 'enabled' | 'required';
export type SigningAlgorithmName = 'AES-GMAC' | 'AES-CMAC' | 'HMAC-SHA256';
/** NTLM wrapped in SPNEGO, as today's servers expect, or on its own. */
export type LogonMechanism = 'SPNEGO' | 'NTLMSSP';
export type CipherName = 'AES-128-GCM' | 'AES-128-CCM' | 'AES-256-GCM' | 'AES-256-CCM';
/** How often, and for how long, to try to reconnect. */
export interface ReconnectOptions {
    readonly timeoutMs?: number | undefined;
    readonly initialDelayMs?: number | undefined;
    readonly maxDelayMs?: number | undefined;
}
/** How to connect. Everything has a safe default. */
export interface ConnectOptions {
    /** These override the URL. */
    readonly user?: string | undefined;
    readonly password?: string | undefined;
    readonly domain?: string | undefined;
    /** Which dialects to negotiate; 2.0.2 to 3.1.1 by default. NT1 is SMB1: for old devices only. */
    readonly dialects?: {
        readonly min?: DialectName | undefined;
        readonly max?: DialectName | undefined;
    } | undefined;
    /**
     * 'required' by default: unsigned messages are accepted only if encrypted. 'enabled' signs if the server requires it.
     */
    readonly signing?: SigningPolicy | undefined;
    /** 'enabled' by default: encrypts if the server or the share requires it. */
    readonly encryption?: EncryptionPolicy | undefined;
    /** What to offer in 3.1.1, most preferred first. */
    readonly signingAlgorithms?: readonly SigningAlgorithmName[] | undefined;
    /** What to offer, most preferred first; 3.0 and 3.0.2 support AES-128-CCM only. */
    readonly ciphers?: readonly CipherName[] | undefined;
    /** Begins with a NetBIOS session request ([RFC1002]), on port 139 unless the URL has another. */
    readonly netbios?: boolean | undefined;
    /** The server's NetBIOS name; `*SMBSERVER` by default. */
    readonly calledName?: string | undefined;
    /** How long to wait for a silent server that owes an answer, and for connecting. 30 s by default. */
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    /**
     * What to do when the connection is lost: it is re-established and calls continue as far as possible, until
     * `timeoutMs` has passed without success (by default the connection's own `timeoutMs`). The first delay is 100 ms;
     * later ones grow up to 5 s. With `false`, nothing is re-established.
     */
    readonly reconnect?: ReconnectOptions | false | undefined;
    /**
     * Number of connections in one session, if the server supports multichannel (3.0 and later). They use its fastest
     * interfaces and share the load. A lost channel is re-established while the others carry on. 1 by default.
     */
    readonly channels?: number | undefined;
    /** Shares one connection within this process among all that use the same server and settings; true by default. */
    readonly shared?: boolean | undefined;
    /** Accepts a guest logon, which leaves messages unprotected. */
    readonly guest?: boolean | undefined;
    /** Logs on without an account. */
    readonly anonymous?: boolean | undefined;
    /**
     * Follows DFS to other shares and servers, logging on with the same account; true by default. All targets of one
     * referral share one `timeoutMs`.
     */
    readonly dfs?: boolean | undefined;
    /**
     * Follows symbolic links that the server leaves to its clients, as long as they stay within the share; true by
     * default.
     */
    readonly symlinks?: boolean | undefined;
    /** How to wrap NTLM; by default, as the server suggests. */
    readonly mechanism?: LogonMechanism | undefined;
    /** For servers that support nothing newer. */
    readonly smb1?: {
        /** SPNEGO in the session setup, which all servers since Windows 2000 support; true by default. */
        readonly extendedSecurity?: boolean | undefined;
        /** Uses NTLMv1 in SMB1, which can be broken within hours. */
        readonly ntlmv1?: boolean | undefined;
    };
}
/** The account to log on with. Its password appears neither in `inspect` nor in JSON. */
export declare class Account {
    #private;
    readonly user: string;
    readonly domain: string;
    readonly anonymous: boolean;
    constructor(user: string, password: string, domain: string, anonymous?: boolean);
    get password(): string;
}
/** NT1 as a dialect revision, below all of SMB2. */
export declare const NT1 = 256;
/** Options with all defaults filled in. */
export interface Settings {
    readonly host: string;
    readonly port: number;
    readonly share: string | undefined;
    readonly path: string;
    readonly account: Account;
    /** Dialect revisions to offer, in ascending order; `NT1` may be the first. */
    readonly dialects: readonly number[];
    readonly signing: SigningPolicy;
    readonly encryption: EncryptionPolicy;
    readonly signingAlgorithms: readonly number[];
    readonly ciphers: readonly number[];
    readonly netbios: boolean;
    readonly calledName: string | undefined;
    readonly timeoutMs: number;
    readonly signal: AbortSignal | undefined;
    /** Undefined: no reconnecting. */
    readonly reconnect: ReconnectPolicy | undefined;
    readonly channels: number;
    readonly shared: boolean;
    /** Identifies this client to servers across connections; by default, each connection gets a new one. */
    readonly clientGuid?: Guid | undefined;
    readonly guest: boolean;
    readonly dfs: boolean;
    readonly symlinks: boolean;
    /** Connect to this address instead of resolving `host`. */
    readonly address: string | undefined;
    readonly mechanism: LogonMechanism | undefined;
    readonly extendedSecurity: boolean;
    /** When to use NTLMv1; `always` is for testing whether a server accepts it. */
    readonly ntlmv1: 'never' | 'smb1' | 'always';
}
/** Parses the URL, fills in defaults and rejects invalid options. */
export declare function settingsFrom(url: string | URL, options?: ConnectOptions): Settings;
// client/protocol.d.ts
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
export type Step = ({
    readonly verb: 'query';
} & InfoQuery) | ({
    readonly verb: 'set';
} & InfoChange) | ({
    readonly verb: 'ioctl';
} & DeviceControl) | {
    readonly verb: 'read';
    readonly offset: number;
    readonly length: number;
} | {
    readonly verb: 'write';
    readonly offset: number;
    readonly data: Uint8Array;
};
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
    watch(path: string, recursive: boolean, control?: Control & {
        readonly onReady?: (() => void) | undefined;
    }): AsyncGenerator<NotifiedChange[] | undefined, void, undefined>;
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
// client/rpc/server-info.d.ts
import type { ClientConnection, Control } from '../protocol.js';
/** What a server says about itself. */
export interface ServerInfo {
    readonly name: string;
    readonly comment: string;
    /** Version of the reported operating system: `10.0`. */
    readonly version: string;
    /** What the server is: `Workstation`, `DomainCtrl`, `PrintqServer` … */
    readonly roles: readonly string[];
}
/** Queries the server service about the server ([MS-SRVS] 3.1.4.17). */
export declare function askServerInfo(connection: ClientConnection, control: Control): Promise<ServerInfo>;
// client/rpc/server-use.d.ts
import type { ClientConnection, Control } from '../protocol.js';
/** A session as listed by the server. */
export interface ListedSession {
    /** Name or address of the client. */
    readonly client: string;
    readonly user: string;
    readonly opens: number;
    readonly seconds: number;
    readonly idleSeconds: number;
    readonly guest: boolean;
}
/** An open file or pipe as listed by the server. */
export interface ListedFile {
    readonly id: number;
    /** As the server reports it: a local path, or one within the share. */
    readonly path: string;
    readonly user: string;
    readonly locks: number;
    readonly access: 'read' | 'write' | 'read-write' | 'none';
}
/** The sessions and open files of a server, which it shows to administrators. */
export interface ServerUse {
    readonly sessions: readonly ListedSession[];
    readonly files: readonly ListedFile[];
}
/** Queries the server service for sessions and open files ([MS-SRVS] 3.1.4.5, 3.1.4.2). */
export declare function serverUse(connection: ClientConnection, control: Control): Promise<ServerUse>;
// client/rpc/share-list.d.ts
import type { ClientConnection, Control } from '../protocol.js';
import { RpcPipe } from './pipe.js';
/** A share as listed by the server. */
export interface ListedShare {
    readonly name: string;
    readonly kind: 'disk' | 'printer' | 'device' | 'pipe';
    /** Administrative shares and others that are not for browsing; most of their names end in `$`. */
    readonly hidden: boolean;
    readonly comment: string;
}
/** Lists the shares through the server service ([MS-SRVS] 3.1.4.8). */
export declare function enumerateShares(connection: ClientConnection, control: Control): Promise<ListedShare[]>;
/** Opens the server service's pipe, runs `work`, and disconnects. */
export declare function withServerService<T>(connection: ClientConnection, control: Control, work: (pipe: RpcPipe) => Promise<T>): Promise<T>;
// client/share.d.ts
import type { Readable, Writable } from 'node:stream';
import type { ReadableStream, WritableStream } from 'node:stream/web';
import { type Data } from './arguments.js';
import { type CallOptions, type Steps } from './call-options.js';
import type { File } from './file.js';
import { Listing } from './listing.js';
import { SharePromises } from './node-fs/fs.js';
import type { DirectoryEntry, NodeStat } from './node-stat.js';
import type { OpenOptions } from './open-options.js';
import { type AccessControl, type FileSecurity } from './operation/acl.js';
import { type AtomicWrite } from './operation/atomic-write.js';
import { type CopyOptions } from './operation/copy.js';
import { type CpOptions } from './operation/cp.js';
import { type AttributeValues, type NamedStream, type Snapshot } from './operation/extras.js';
import { type AccessKind, type Times } from './operation/facts.js';
import { type GlobOptions } from './operation/glob.js';
import { type LinkKind } from './operation/links.js';
import { type ListOptions } from './operation/read-directory.js';
import { type RemoveOneOptions, type RemoveOptions } from './operation/remove.js';
import { type ReadFileOptions, type ReadTextOptions, type WriteFileOptions } from './operation/whole-file.js';
import type { ClientConnection, Tree, VolumeFacts } from './protocol.js';
import type { ServerInfo } from './rpc/server-info.js';
import type { ListedShare } from './rpc/share-list.js';
import type { ShareInfo } from './share-facts.js';
import { type ReadStreamOptions, type WriteStreamOptions } from './streams.js';
import { type Change, type WatchOptions } from './watch.js';
/**
 * One share of a server, over one connection with one session.
 *
 * Paths have slashes and start at the share's root: `photos/2024/a.jpg`. A stream of a file is `a.txt:stream`. A
 * snapshot is the first component of a path: `@GMT-2026.11.23-10.50.36/photos`.
 *
 * Every call takes a `signal` and a `timeoutMs`; a call that is aborted leaves nothing open on the server.
 *
 * @example
 * const share = await connect('smb://ann:secret@nas/photos')
 * await share.writeFile('2024/a.txt', 'hello')
 * for await (const entry of share.readdir('2024')) console.log(entry.name, entry.size)
 * await share.close()
 */
export declare class Share {
    #private;
    readonly name: string;
    /** Created by `connect`. */
    constructor(name: string, connection: ClientConnection, tree: Tree);
    /** False once `close` has been called; every other call then fails with EBADF. */
    get isOpen(): boolean;
    /** What was negotiated (dialect, signing, encryption), and facts about the server and the share. */
    get info(): ShareInfo;
    /** The share with the interface of `fs.promises`, for code written for that. */
    get fs(): SharePromises;
    /** Reads a whole file as text; a small one takes one round trip. */
    readFile(path: string, encoding: BufferEncoding, options?: ReadFileOptions): Promise<string>;
    /** Reads a whole file as text; a small one takes one round trip. */
    readFile(path: string, options: ReadTextOptions): Promise<string>;
    /** Reads a whole file; a small one takes one round trip. */
    readFile(path: string, options?: ReadFileOptions): Promise<Uint8Array>;
    /** Writes a file, replacing its contents unless `flag` says otherwise. A small one takes one round trip. */
    writeFile(path: string, data: Data, options?: WriteFileOptions): Promise<void>;
    /**
     * Writes a small file under a temporary name and renames it when it is complete, so that nobody ever sees half of it.
     * Takes one round trip for up to `info.maxWrite` bytes.
     */
    writeAtomically(write: AtomicWrite, options?: CallOptions): Promise<void>;
    /** Appends to a file and creates it if necessary. Concurrent appends by several shares need a lock. */
    appendFile(path: string, data: Data, options?: Omit<WriteFileOptions, 'flag'>): Promise<void>;
    /** Truncates or extends a file to a size in bytes. */
    truncate(path: string, size?: number, options?: CallOptions): Promise<void>;
    /**
     * The entries of a directory as the server sends them, with their metadata; even a huge directory takes little
     * memory. Iterate over the result, or get everything at once: `await share.readdir('a').names()`, `.toArray()`.
     */
    readdir(path?: string, options?: CallOptions & ListOptions): Listing;
    /** Like `readdir`, but fails immediately if the directory does not exist. */
    opendir(path?: string, options?: CallOptions & ListOptions): Promise<Listing>;
    stat(path: string, options?: CallOptions): Promise<NodeStat>;
    /** Like `stat`, but for a symbolic link itself. */
    lstat(path: string, options?: CallOptions): Promise<NodeStat>;
    exists(path: string, options?: CallOptions): Promise<boolean>;
    /** Fails unless the account has all of `kinds`; without `kinds`, fails unless the path exists. */
    access(path: string, kinds?: readonly AccessKind[], options?: CallOptions): Promise<void>;
    /** The path as the server spells it, with links resolved. */
    realpath(path: string, options?: CallOptions): Promise<string>;
    /** Creates a directory. */
    mkdir(path: string, options?: CallOptions & {
        recursive?: false | undefined;
    }): Promise<void>;
    /** Creates a directory; with `recursive`, also its missing parents, and returns the first that was missing. */
    mkdir(path: string, options: CallOptions & {
        recursive?: boolean | undefined;
    }): Promise<string | undefined>;
    /** Creates a directory with a unique path that begins with `prefix`; returns the path. */
    mkdtemp(prefix: string, options?: CallOptions): Promise<string>;
    /** Removes an empty directory; with `readOnly`, even a read-only one. */
    rmdir(path: string, options?: CallOptions & RemoveOneOptions): Promise<void>;
    /** Removes a file, or a symbolic link to one; with `readOnly`, even a read-only one. */
    unlink(path: string, options?: CallOptions & RemoveOneOptions): Promise<void>;
    /** Removes a file, or with `recursive` a directory tree; `force` allows read-only and missing ones. */
    rm(path: string, options?: CallOptions & RemoveOptions): Promise<void>;
    /** Renames or moves within the share. An existing file is replaced unless `replace` is false. */
    rename(from: string, to: string, options?: CallOptions & {
        replace?: boolean | undefined;
    }): Promise<void>;
    /** Sets times; those that are absent stay unchanged. */
    utimes(path: string, times: Times, options?: CallOptions): Promise<void>;
    /** Like `utimes`, but for a symbolic link itself. */
    lutimes(path: string, times: Times, options?: CallOptions): Promise<void>;
    /** Sets the FILE_ATTRIBUTE_* bits. */
    setAttributes(path: string, attributes: number, options?: CallOptions): Promise<void>;
    /**
     * Creates a symbolic link. A target with a leading slash is relative to the share's root, any other to the link's
     * directory. Not all servers support links.
     */
    symlink(target: string, path: string, options?: CallOptions & {
        kind?: LinkKind | undefined;
    }): Promise<void>;
    /** The target of a symbolic link. */
    readlink(path: string, options?: CallOptions): Promise<string>;
    /**
     * Whether a directory is a symbolic link that the server follows itself and presents as its target, as Samba does
     * with links on its disk. Only entries reveal it, so the answer is false for an empty directory.
     */
    isFollowedLink(path: string, options?: CallOptions): Promise<boolean>;
    /** Creates a hard link: another name for a file. */
    link(existing: string, path: string, options?: CallOptions): Promise<void>;
    /** Opens a file. Close it, or use `await using`. */
    open(path: string, options?: OpenOptions): Promise<File>;
    /** A Node stream of a file or a part of it. */
    createReadStream(path: string, options?: ReadStreamOptions): Readable;
    /** A Node stream that writes into a file. */
    createWriteStream(path: string, options?: WriteStreamOptions): Writable;
    /** A web byte stream of a file or a part of it. The file is opened on the first read. */
    readable(path: string, options?: ReadStreamOptions): ReadableStream<Uint8Array>;
    /** A web stream that writes into a file. */
    writable(path: string, options?: WriteStreamOptions): WritableStream<Uint8Array>;
    /** Copies a file within the share: on the server if possible, otherwise through this machine. */
    copy(from: string, to: string, options?: CopyOptions): Promise<void>;
    /** Copies a file or, with `recursive`, a directory and everything in it, within the share. */
    cp(from: string, to: string, options?: CpOptions): Promise<void>;
    /** Finds paths that match a pattern: `*`, `?`, `[abc]`, `{a,b}` within names, `**` for any number of directories. */
    glob(pattern: string | readonly string[], options?: CallOptions & GlobOptions): Steps<DirectoryEntry>;
    /** Reports changes in a directory until the iteration ends or the signal is aborted. */
    watch(path?: string, options?: WatchOptions): Steps<Change>;
    /** Who owns a file or directory, and who may do what with it; also available as SDDL. */
    acl(path: string, options?: CallOptions & {
        audit?: boolean | undefined;
    }): Promise<FileSecurity>;
    /** Sets the parts that are given: as objects, or as SDDL (`D:P(A;OICI;FA;;;BA)`). */
    setAcl(path: string, acl: AccessControl | string, options?: CallOptions): Promise<void>;
    /** The named streams of a file or directory. Read and write them as `file.txt:name`. */
    namedStreams(path: string, options?: CallOptions): Promise<NamedStream[]>;
    /** The extended attributes of a file or directory. */
    extendedAttributes(path: string, options?: CallOptions): Promise<Map<string, Uint8Array>>;
    /** Sets extended attributes; null removes one, others stay unchanged. */
    setExtendedAttributes(path: string, attributes: AttributeValues, options?: CallOptions): Promise<void>;
    /** The snapshots of a directory, as tokens with which paths may begin. */
    snapshots(path?: string, options?: CallOptions): Promise<Snapshot[]>;
    /** Lists the shares of the server, including hidden ones. */
    listShares(options?: CallOptions): Promise<ListedShare[]>;
    /** What the server says about itself. */
    serverInfo(options?: CallOptions): Promise<ServerInfo>;
    /** Size and free space of the volume, in bytes. */
    statfs(options?: CallOptions): Promise<VolumeFacts>;
    /** Checks that the server responds. */
    ping(options?: CallOptions): Promise<void>;
    /** Closes all open files, disconnects from the share, logs off and ends the connection. Never fails. */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
// client/share-facts.d.ts
import type { ConnectionInfo } from './connection-info.js';
/** What the server reported about a share when we connected to it. */
export interface ShareFacts {
    readonly kind: 'disk' | 'pipe' | 'printer';
    /** The share is in DFS: parts of it may lie elsewhere. */
    readonly dfs: boolean;
    /** Handles survive a failover. */
    readonly continuousAvailability: boolean;
    /** Several cluster nodes serve it at the same time. */
    readonly scaleOut: boolean;
    readonly cluster: boolean;
    /** The server hides what this account may not read. */
    readonly accessBasedEnumeration: boolean;
}
/** What was negotiated, and facts about the share. */
export interface ShareInfo extends ConnectionInfo {
    readonly share: ShareFacts;
}
/** A share about which the server reports nothing. */
export declare const PLAIN_SHARE: ShareFacts;
// client/streams.d.ts
import { Readable, Writable } from 'node:stream';
import { type Steps, type TransferOptions } from './call-options.js';
import type { File } from './file.js';
import type { OpenOptions } from './open-options.js';
import { type WriteFlag } from './operation/whole-file.js';
import type { Control, FileProtocol } from './protocol.js';
/** Which part of a file to read. */
export interface ReadStreamOptions extends TransferOptions {
    /** First byte; 0 by default. */
    readonly start?: number | undefined;
    /** Last byte, inclusive, as in `fs.createReadStream`. */
    readonly end?: number | undefined;
    /** Makes a Node stream return text; web streams ignore it. */
    readonly encoding?: BufferEncoding | undefined;
    /** Largest piece in bytes; by default, as much as the server sends at a time. */
    readonly highWaterMark?: number | undefined;
}
/** Where in a file to write. */
export interface WriteStreamOptions extends TransferOptions {
    /** Where to start. Unless given, `share.createWriteStream` empties the file first. */
    readonly start?: number | undefined;
    /** Like `flag` of `writeFile`; `a` appends. On a file that is already open, only `a` has an effect. */
    readonly flags?: WriteFlag | undefined;
}
/** How to open a file for a write stream. */
export declare function createFor({ flags, start }: WriteStreamOptions): NonNullable<OpenOptions['create']>;
/** How a stream opens its file, and releases it. */
export type Opener = (control: Control) => Promise<{
    readonly file: File;
    readonly close: () => Promise<void>;
}>;
/** How many bytes a stream buffers before it signals back-pressure. */
export declare const WRITE_HIGH_WATER: number;
/** The signal and timeout for a stream's lifetime; `end` aborts what is still running. */
export declare function life(options: TransferOptions): {
    control: {
        signal: AbortSignal;
    };
    end: () => void;
};
/** The range to read; `end` is exclusive. */
export declare function rangeOf({ start, end }: ReadStreamOptions): {
    readonly start: number;
    readonly end: number;
};
/** A Node stream over a range of a file. Reads ahead as far as the consumer keeps up. */
export declare function readStream(open: Opener, options: ReadStreamOptions): Readable;
export declare function finish(steps: (() => Promise<unknown> | undefined)[], error: Error | null): Promise<Error | null>;
/** How large a block may be, and how much may be in flight. */
export type Pacing = Pick<FileProtocol, 'maxWrite' | 'window'>;
/** Collects data into blocks and keeps several of them in flight. */
export declare class BlockWriter {
    #private;
    constructor(file: File, position: number, protocol: Pacing, signal: AbortSignal);
    /** Copies the bytes. Waits while too much is in flight. */
    add(bytes: Uint8Array): Promise<void>;
    /** Sends an incomplete block if nothing else is in flight, so that a slow writer's data is not held back. */
    idle(): Promise<void>;
    finish(): Promise<void>;
}
/** The position at which a write stream starts. */
export declare function startIn(file: File, { flags, start }: WriteStreamOptions, control: Control): Promise<number>;
/**
 * A Node stream into a file. On 'close', the file is complete and closed on the server, unless the stream was destroyed
 * with an error.
 */
export declare function writeStream(open: Opener, protocol: Pacing, options: WriteStreamOptions): Writable;
/** Splits text that arrives in pieces into lines, without their line breaks. */
export declare function linesOf(chunks: AsyncIterable<Uint8Array>, encoding: BufferEncoding): Steps<string>;
// client/url.d.ts
/** A parsed SMB URL. The password appears neither in `inspect` nor in JSON. */
export declare class SmbUrl {
    #private;
    readonly host: string;
    /** As given; undefined if absent. */
    readonly port: number | undefined;
    readonly domain: string | undefined;
    readonly user: string | undefined;
    /** Undefined if the URL has none. */
    readonly share: string | undefined;
    /** Path within the share: slashes between the components, none at either end. */
    readonly path: string;
    constructor(parts: SmbUrlParts);
    get password(): string | undefined;
    /** The URL without the password. */
    toString(): string;
}
export interface SmbUrlParts {
    readonly host: string;
    readonly port?: number | undefined;
    readonly domain?: string | undefined;
    readonly user?: string | undefined;
    readonly password?: string | undefined;
    readonly share?: string | undefined;
    readonly path: string;
}
/**
 * Parses `smb://[DOMAIN;]USER[:PASSWORD]@HOST[:PORT]/SHARE/PATH`. Percent-encoding is decoded everywhere; `#` and `?`
 * are ordinary characters of a path. A UNC path, `\\HOST[@PORT]\SHARE\PATH`, is taken literally. Throws UsageError,
 * which never contains any part of the credentials.
 */
export declare function parseSmbUrl(url: string | URL): SmbUrl;
/** The port to use if the URL has none. */
export declare function defaultPort(netbios: boolean): number;
// client/watch.d.ts
import type { CallOptions, Steps } from './call-options.js';
import type { Control, FileProtocol, NotifiedChange } from './protocol.js';
/** How to watch. */
export interface WatchOptions extends CallOptions {
    /** Includes subdirectories. */
    readonly recursive?: boolean | undefined;
    /** Called once the request has been sent; from then on, no change is missed. */
    readonly onReady?: (() => void) | undefined;
}
/** A change below a watched directory. Paths are from the share's root, with slashes. */
export type Change = {
    readonly kind: 'added' | 'removed' | 'modified';
    readonly path: string;
} | {
    readonly kind: 'renamed';
    readonly path: string;
    readonly from: string;
}
/** The server lost track of some changes: list the directory again. */
 | {
    readonly kind: 'overflow';
    readonly path: string;
};
/** Pairs the two halves of a rename; a half without its counterpart becomes an addition or a removal. */
export declare class ChangeReader {
    #private;
    constructor(directory: string);
    read(batch: readonly NotifiedChange[]): Generator<Change, void, undefined>;
    /** The old name of a rename whose new name never came. */
    rest(): Generator<Change, void, undefined>;
}
/** Yields changes until the caller leaves the loop or the share is closed; then the pending request is cancelled. */
export declare class Watching<T> implements Steps<T> {
    #private;
    constructor(begin: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>, isOver: () => boolean);
    next(): Promise<IteratorResult<T, void>>;
    return(): Promise<IteratorResult<T, void>>;
    throw(error: unknown): Promise<IteratorResult<T, void>>;
    [Symbol.asyncIterator](): this;
    [Symbol.asyncDispose](): Promise<void>;
}
export declare function watchChanges(protocol: FileProtocol, directory: string, wirePath: string, recursive: boolean, control: Control & {
    readonly onReady?: (() => void) | undefined;
}): AsyncGenerator<Change, void, undefined>;
