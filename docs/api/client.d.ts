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
/** What can be written: text as UTF-8 unless an encoding is named, bytes in any of their forms. */
export type Data = string | NodeJS.ArrayBufferView | ArrayBuffer | SharedArrayBuffer;
/** The bytes that are meant, in the same memory. Whatever else is given is refused before anything is emptied for it. */
export declare function bytesOf(data: Data, encoding?: BufferEncoding): Uint8Array;
/** Text of bytes: broken UTF-8 becomes U+FFFD, a byte order mark stays. */
export declare function textOf(bytes: Uint8Array, encoding: BufferEncoding): string;
export declare function encodingOf(encoding?: BufferEncoding): BufferEncoding;
/** A place in a file, or a number of bytes; throws where it is none that a number can tell exactly. */
export declare function wholeNumber(what: string, value: number): number;
/** The largest number of 64 bits. */
export declare const MAX_64: bigint;
/** A place in a file that need not be one of its bytes: as far as 64 bits reach. */
export declare function wholeBigint(what: string, value: number | bigint): bigint;
/** Bits of a mask. */
export declare function bitsOf(what: string, value: number): number;
/** What an option means, by its name. */
export declare function named<N extends string, V>(what: string, table: Readonly<Record<N, V>>, name: N): V;
export declare function kindOf(value: unknown): string;
// client/caching.d.ts
/** What may be kept here: 'r' reading, 'w' writing, 'h' the handle itself, so that closing can wait. */
export type CachingText = '' | 'r' | 'rh' | 'rw' | 'rwh';
/** LeaseState bits as letters. */
export declare function cachingText(state: number): CachingText;
/** The reverse. */
export declare function cachingState(text: string): number;
/** The server takes back what a file may cache. */
export interface CachingBreak {
    readonly from: CachingText;
    /** What is left. */
    readonly to: CachingText;
    /** Whether somebody waits until `acknowledge` is called. */
    readonly mustAcknowledge: boolean;
    /** Call it once what was cached is written, or forgotten. Doing it twice, or without need, does nothing. */
    acknowledge(): Promise<void>;
}
// client/call-options.d.ts
import { SmbError } from '#wire/erref/errors.js';
import type { Control } from './protocol.js';
/** What every call of a file or share takes. */
export interface CallOptions {
    /** Ends the call with its reason; nothing stays open for it. */
    readonly signal?: AbortSignal | undefined;
    /** Ends the call with `CallTimeout` when it takes longer. */
    readonly timeoutMs?: number | undefined;
}
/** How far a transfer has come. */
export interface Progress {
    /** Bytes so far. */
    readonly bytes: number;
    /** Bytes in all; undefined if that is not known. */
    readonly total: number | undefined;
}
/** What calls that move data take in addition. */
export interface TransferOptions extends CallOptions {
    readonly onProgress?: ((progress: Progress) => void) | undefined;
}
/** A call took longer than its `timeoutMs`. The connection is as it was. */
export declare class CallTimeout extends SmbError {
    constructor(timeoutMs: number);
}
/** Runs a call within its limits; no timer is left behind. */
export declare function bounded<T>({ signal, timeoutMs }: CallOptions, work: (control: Control) => Promise<T>): Promise<T>;
/** As `bounded`, for what comes bit by bit: the limits are for all of it. */
export declare function boundedEach<T>(options: CallOptions, work: (control: Control) => AsyncGenerator<T, void, undefined>): Steps<T>;
/** What comes bit by bit. Leaving it, `return` and `await using` close what is open for it. */
export type Steps<T> = AsyncGenerator<T, void, undefined> & AsyncDisposable;
/** Fit for `await using`, as generators are by themselves from Node 24 on. */
export declare function disposable<T>(steps: AsyncGenerator<T, void, undefined>): Steps<T>;
/** The control of a call with these options, and what ends its timer. */
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
 * Connects to a share. All shares of the same server and account use one connection, unless the options say
 * otherwise; the last one to be closed closes it. A lost connection comes back by itself.
 *
 * The URL is `smb://[DOMAIN;]USER[:PASSWORD]@HOST[:PORT]/SHARE`, or a UNC path, `\\HOST[@PORT]\SHARE`; the options
 * override it. Signing is required unless that is relaxed, and encryption is used if the server or the share demands it.
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
 * The shares of a server, hidden ones included.
 *
 * @example
 * for (const share of await listShares('smb://ann:secret@nas')) console.log(share.name, share.comment)
 */
export declare function listShares(url: string | URL, options?: ConnectOptions): Promise<ListedShare[]>;
/**
 * Who is logged on to a server and what is open there, as it tells its administrators.
 *
 * @example
 * const { sessions, files } = await inspectServer('smb://admin:secret@nas')
 */
export declare function inspectServer(url: string | URL, options?: ConnectOptions): Promise<ServerUse>;
// client/connection-info.d.ts
import type { ChallengeFacts } from '#auth/challenge-facts.js';
import type { LogonMechanism } from './options.js';
/** Who a server says it is. Nobody vouches for it but the signature of the session. */
export interface ServerIdentity {
    readonly guid: string | undefined;
    readonly netbiosName: string | undefined;
    readonly netbiosDomain: string | undefined;
    readonly dnsName: string | undefined;
    readonly dnsDomain: string | undefined;
    readonly dnsForest: string | undefined;
    /** `10.0.20348`; what Samba says here is of no meaning. */
    readonly osVersion: string | undefined;
    /** What SMB1 servers call themselves. */
    readonly software: string | undefined;
    /** Its clock when the connection began. */
    readonly time: Date | undefined;
    /** How far its clock is ahead of ours, in milliseconds. */
    readonly clockSkewMs: number | undefined;
}
/** What a server can do, as it said in NEGOTIATE. */
export type ServerCapability = 'dfs' | 'leasing' | 'large-mtu' | 'multi-channel' | 'persistent-handles' | 'directory-leasing' | 'encryption' | 'notifications';
/** What was agreed with a server; proof of how it is protected. */
export interface ConnectionInfo {
    readonly dialect: string;
    /** Undefined when nothing is signed. */
    readonly signingAlgorithm: string | undefined;
    /** Agreed cipher, whether or not it is in use; undefined for none. */
    readonly cipher: string | undefined;
    /** Every message is signed (or encrypted). */
    readonly signed: boolean;
    /** Every message of this share is encrypted. */
    readonly encrypted: boolean;
    readonly guest: boolean;
    readonly anonymous: boolean;
    /** How the logon went. */
    readonly mechanism: LogonMechanism | undefined;
    /** The server would not have talked to us without signatures. */
    readonly serverRequiresSigning: boolean;
    /** As the server calls itself, where it does. */
    readonly serverName: string | undefined;
    readonly serverGuid: string | undefined;
    readonly server: ServerIdentity;
    readonly capabilities: readonly ServerCapability[];
    /** Algorithms to compress with: none are offered. */
    readonly compression: readonly string[];
    readonly maxRead: number;
    readonly maxWrite: number;
    readonly maxTransact: number;
}
/** What the two messages that tell of a server say together. */
export declare function identityOf(facts: ChallengeFacts | undefined, from: {
    guid?: string | undefined;
    software?: string | undefined;
    systemTime: bigint;
    at: number;
}): ServerIdentity;
// client/errors.d.ts
import { UsageError } from '#wire/erref/errors.js';
/** What Node's `fs` would say: `ENOENT`, `EACCES`, … 'EIO' for what has no counterpart; undefined for other errors. */
export declare function errnoCode(error: unknown): string | undefined;
/** What is used after it was closed. */
export declare function closed(what: string): UsageError;
/** What the server says now, also where it is not known whether that is our own doing: see `OutcomeUnknown`. */
export declare function presentCode(error: unknown): string | undefined;
/** True when the error says that there is nothing by that name. */
export declare function isNotFound(error: unknown): boolean;
/** The error with its hint in the message. */
export declare function withHint(error: unknown): unknown;
/** The error of what leads from one path to another, which may be what it is about. */
export declare function towards(error: unknown, dest: string): unknown;
/** The error with a hint of somebody who knows more, unless it has one. */
export declare function hinted(error: unknown, hint: string): unknown;
// client/examine/examine.d.ts
import type { ServerIdentity } from '../connection-info.js';
import { type ConnectOptions } from '../options.js';
import { type Finding } from './finding.js';
/** What was found out about a server. */
export interface Examination {
    readonly host: string;
    readonly port: number;
    /** In the order in which they are best read. */
    readonly findings: readonly Finding[];
    /** As it says, where a logon got so far. */
    readonly server: ServerIdentity | undefined;
}
/**
 * Finds out what a server offers and demands: dialects, algorithms, who is let in, limits, clock; each with what it
 * means. Makes some twenty short connections. What the options say of dialects, signing and encryption does not count.
 * NTLMv1 is tried only with `smb1: { ntlmv1: true }`: whoever hears that answer, the server itself above all, can have the
 * password out of it in hours.
 *
 * @example
 * for (const { title, value, means } of (await examine('smb://ann:secret@nas')).findings) console.log(title, value, means)
 */
export declare function examine(url: string | URL, options?: ConnectOptions): Promise<Examination>;
// client/examine/finding.d.ts
/** How good something is for who uses the server. */
export type Verdict = 'good' | 'neutral' | 'bad';
/** One fact about a server, and what it means. */
export interface Finding {
    /** Stable: `signing`, `dialect.3.1.1`, `guest`. */
    readonly id: string;
    readonly title: string;
    readonly value: string | number | boolean | readonly string[] | undefined;
    readonly verdict: Verdict;
    /** In one sentence. */
    readonly means: string;
}
export declare function finding(id: string, title: string, value: Finding['value'], verdict: Verdict, means: string): Finding;
// client/exchange/exchange.d.ts
import { type Environment } from '../connection.js';
import { type ConnectOptions, type Settings } from '../options.js';
export interface ExchangeResult {
    /** `NT1`, `3.1.1`. */
    readonly dialect: string;
    readonly signed: boolean;
    readonly encrypted: boolean;
    /** Size of the file as the server told it. */
    readonly size: number;
    /** What the one read brought. */
    readonly data: Uint8Array;
}
/**
 * Plays the classic exchange and nothing else: the NetBIOS session where `netbios` says so, NEGOTIATE, SESSION_SETUP,
 * TREE_CONNECT, the open of one file, one read of it; then closes, disconnects and logs off. With NT1 as the only dialect
 * the commands are OPEN_ANDX and READ_ANDX, and the challenge is in the NEGOTIATE response unless `extendedSecurity` is
 * asked for. Who wants to see the packets listens to the tap.
 */
export declare function playExchange(url: string, options?: ConnectOptions, file?: {
    readonly path?: string;
}, environment?: Environment): Promise<ExchangeResult>;
/** What is played where. */
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
    /** Caching ends. A listener has to call `acknowledge` once it caches nothing any more; without one that is done at once. */
    break: [event: CachingBreak];
}
/** An open file. */
export declare class File extends EventEmitter<FileEvents> implements AsyncDisposable {
    #private;
    /** From the share's root, with slashes. */
    readonly path: string;
    /** True if the open created the file. */
    readonly created: boolean;
    /** Made by `share.open`. */
    constructor(protocol: FileProtocol, handle: Handle, path: string, onClose: (file: File) => void);
    /** False once `close` was called: every other call fails with EBADF then. */
    get isOpen(): boolean;
    /** What may be cached of it now, as its lease or oplock says. */
    get caching(): CachingText;
    /**
     * Reads into the buffer, from a position of the file. Returns how many bytes there were: less than the buffer holds
     * only at the end of the file.
     */
    read(buffer: NodeJS.ArrayBufferView, position: number, options?: CallOptions): Promise<number>;
    /**
     * Reads `length` bytes, or up to the end of the file, and lends them to `take` as they come: several pieces at a time,
     * in no order, with their positions in the file. A piece's memory serves again when `take` has succeeded. Returns how
     * many bytes there were. Nothing is copied, as `read` does.
     */
    readEach(position: number, length: number, take: (bytes: Uint8Array, position: number) => Promise<void> | void, options?: CallOptions): Promise<number>;
    /** Reads into several buffers, one after the other. */
    readv(buffers: readonly NodeJS.ArrayBufferView[], position: number, options?: CallOptions): Promise<number>;
    /** All of it as text. */
    readFile(encoding: BufferEncoding, options?: ReadFileOptions): Promise<string>;
    /** All of it as text. */
    readFile(options: ReadTextOptions): Promise<string>;
    /** All of it. */
    readFile(options?: ReadFileOptions): Promise<Uint8Array>;
    /** Writes all of the data at a position of the file. */
    write(data: Data, position: number, options?: TransferOptions): Promise<void>;
    /** Writes several buffers, one after the other. */
    writev(pieces: readonly Data[], position: number, options?: CallOptions): Promise<void>;
    /** Replaces the contents of the file. */
    writeFile(data: Data, options?: TransferOptions & {
        encoding?: BufferEncoding;
    }): Promise<void>;
    /** Appends at the current end, one call after the other; two open files that do so at the same time need a lock. */
    appendFile(data: Data, options?: TransferOptions & {
        encoding?: BufferEncoding;
    }): Promise<void>;
    /** The bytes from `start` to before `end` in order, read ahead. */
    chunks(options?: CallOptions & {
        start?: number;
        end?: number;
    }): Steps<Uint8Array>;
    /** A Node stream over it or a part of it. The file stays open. */
    createReadStream(options?: ReadStreamOptions): Readable;
    /** A Node stream into it, from the start unless told otherwise. The file stays open, and what is behind stays. */
    createWriteStream(options?: WriteStreamOptions): Writable;
    /** A web stream over it or a part of it, of bytes. The file stays open. */
    readable(options?: ReadStreamOptions): ReadableStream<Uint8Array>;
    /** A web stream into it. The file stays open. */
    writable(options?: WriteStreamOptions): WritableStream<Uint8Array>;
    /** Its lines, without line breaks. */
    readLines(options?: CallOptions & {
        start?: number;
        encoding?: BufferEncoding;
    }): Steps<string>;
    stat(options?: CallOptions): Promise<NodeStat>;
    /** Sets times; those that are absent stay as they are. */
    utimes(times: Times, options?: CallOptions): Promise<void>;
    /** Truncates or extends the file to a size in bytes. */
    truncate(size: number, options?: CallOptions): Promise<void>;
    /** Makes the file sparse: what is not written takes no space. False if the server has no sparse files. */
    makeSparse(options?: CallOptions): Promise<boolean>;
    /** The ranges that have data; everything else is zero. Undefined if the server does not say. */
    dataRanges(options?: CallOptions): Promise<DataRange[] | undefined>;
    /** Resolves when the server has put what was written where it survives a loss of power. */
    flush(options?: CallOptions): Promise<void>;
    /** Locks a range of bytes against other opens. */
    lock(options?: LockOptions): Promise<FileLock>;
    /** Unlocks a range, which must be exactly one that was locked. */
    unlock(options?: Pick<LockOptions, 'offset' | 'length' | 'signal' | 'timeoutMs'>): Promise<void>;
    /** Asks for an information class ([MS-SMB2] 2.2.37); returns its bytes, which `sombrero/wire` can decode. */
    query(query: InfoQuery, options?: CallOptions): Promise<Uint8Array>;
    /** Sets an information class ([MS-SMB2] 2.2.39). */
    setInfo(change: InfoChange, options?: CallOptions): Promise<void>;
    /** Sends a control code ([MS-SMB2] 2.2.31); returns the answer. */
    ioctl(request: DeviceControl, options?: CallOptions): Promise<Uint8Array>;
    /**
     * Copies all of another file into this one: on the server where it can (`isNear`), else through here. Holes stay holes
     * where the server has them. It grows from the front: if it is cut short, all is there up to 64 MiB in front of its end,
     * unless it was longer before.
     */
    copyFrom(source: File, options?: TransferOptions): Promise<void>;
    /** Whether the server may copy from the one to the other by itself: on this share, or another one of the same session. */
    isNear(other: File): boolean;
    /** Resolves when the file is closed on the server; may be called more than once. */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
// client/hints.d.ts
/** One sentence on what an error means and what may help; undefined when there is nothing to add. */
export declare function hintFor(error: unknown): string | undefined;
// client/listing.d.ts
import type { DirectoryEntry } from './node-stat.js';
/** The entries of a directory: iterate over them once, or take them as a whole. */
export declare class Listing implements AsyncIterableIterator<DirectoryEntry, void, undefined> {
    #private;
    /** Made by `share.readdir`. */
    constructor(batches: AsyncGenerator<DirectoryEntry[], void, undefined>, names?: AsyncGenerator<string[], void, undefined>, signal?: AbortSignal);
    /** Asks for the first entries, which fails if there is no such directory. */
    begin(): Promise<void>;
    next(): Promise<IteratorResult<DirectoryEntry, void>>;
    /** Ends it; what is open at the server for it is closed. */
    return(): Promise<IteratorResult<DirectoryEntry, void>>;
    close(): Promise<void>;
    [Symbol.asyncIterator](): this;
    [Symbol.asyncDispose](): Promise<void>;
    /** All entries. */
    toArray(): Promise<DirectoryEntry[]>;
    /** The names of all entries, and nothing else is asked of the server. */
    names(): Promise<string[]>;
}
// client/lock-options.d.ts
import type { CallOptions } from './call-options.js';
/** What to lock of a file. */
export interface LockOptions extends CallOptions {
    /** First byte; 0 when absent. Locks may lie behind the end of the file. */
    readonly offset?: number | bigint | undefined;
    /** Number of bytes; up to the largest position there is when absent. */
    readonly length?: number | bigint | undefined;
    /** Nobody else may read there, not only not write; true when absent. */
    readonly exclusive?: boolean | undefined;
    /** Waits for others to let go; else fails with STATUS_LOCK_NOT_GRANTED. */
    readonly wait?: boolean | undefined;
}
/** A lock that is held: let go of by `release`, `await using`, or closing the file. */
export interface FileLock extends AsyncDisposable {
    release(options?: CallOptions): Promise<void>;
}
/** What is locked, in bytes. */
export declare function rangeOf({ offset, length }: LockOptions): {
    offset: bigint;
    length: bigint;
};
// client/node-fs/dir.d.ts
import type { Listing } from '../listing.js';
import type { FsBuffer } from './node-types.js';
import { Dirent } from './stats.js';
type Encode = ((name: string) => string | FsBuffer) | undefined;
/** As `fs.Dir`. */
export declare class Dir implements AsyncIterable<Dirent>, AsyncDisposable {
    #private;
    readonly path: string;
    /** Made by `share.fs.opendir`. */
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
/** What an operation was about, as Node tells it. */
export interface Syscall {
    readonly syscall: string;
    readonly path?: string | undefined;
    readonly dest?: string | undefined;
    /** What may end it. */
    readonly signal?: AbortSignal | undefined;
}
/**
 * An error as `node:fs` has them: `ENOENT: no such file or directory, open '/a'`. What the server said is its `cause`,
 * the NT status among it.
 */
export declare class FsError extends Error {
    readonly code: string;
    readonly errno: number;
    readonly syscall: string;
    readonly path?: string;
    readonly dest?: string;
    /** Name of the NT status, where a server refused. */
    readonly status?: string;
    constructor(code: string, { syscall, path, dest }: Syscall, cause?: unknown);
}
/** What Node finds out itself about copying and removing, with what a system would have said. */
declare const FOUND: {
    readonly ERR_FS_EISDIR: readonly ['Path is a directory', 'EISDIR'];
    readonly ERR_FS_CP_EINVAL: readonly ['Invalid src or dest', 'EINVAL'];
    readonly ERR_FS_CP_EEXIST: readonly ['Target already exists', 'EEXIST'];
    readonly ERR_FS_CP_DIR_TO_NON_DIR: readonly ['Cannot overwrite non-directory with directory', 'EISDIR'];
    readonly ERR_FS_CP_NON_DIR_TO_DIR: readonly ['Cannot overwrite directory with non-directory', 'ENOTDIR'];
};
/** As the SystemError that `fs.cp` and `fs.rm` have of their own. */
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
/** As Node's of a handle that is closed. */
export declare function handleClosed(syscall: string): Error;
/** As Node's of what was called off. */
export declare function abortError(signal: AbortSignal): Error;
/** The error as Node's; what is no error of a file system stays what it is. */
export declare function fsError(error: unknown, about: Syscall): unknown;
/** Runs an operation; its errors are Node's. */
export declare function syscall<T>(about: Syscall, work: () => Promise<T>): Promise<T>;
/** As `syscall`, of what comes bit by bit. */
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
/** A handle of `node:fs` is none of a share: it is refused as no path. */
type Place = PathLike | FileHandle | NodeFileHandle;
interface Signalled {
    readonly signal?: AbortSignal | undefined;
}
interface WriteWish extends Signalled {
    readonly flag?: string | number | undefined;
    readonly mode?: Mode | undefined;
    /** It is on the disk when it is done. */
    readonly flush?: boolean | undefined;
}
interface ListWish {
    readonly recursive?: boolean | undefined;
    readonly encoding?: BufferEncoding | 'buffer' | null | undefined;
}
/**
 * A share in the shape of `fs.promises`, for code that was written for it: `/` is the share's root, errors have Node's
 * `code`, `errno`, `syscall` and `path`. What SMB does not have (owners, rights other than read-only) is refused or left
 * out; the numbers in `constants` are Linux's.
 *
 * @example
 * const { fs } = await connect('smb://ann:secret@nas/photos')
 * await fs.writeFile('/2024/a.txt', 'hello', 'utf8')
 * const names = await fs.readdir('/2024')
 */
export declare class SharePromises {
    #private;
    readonly constants: typeof constants;
    /** Made by `share.fs`. */
    constructor(share: Share);
    /** `mode` counts for a file that is made: if nobody may write, it is read-only. */
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
    /** `mode` counts as with `open`. */
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
    /** Directories are for whoever the server lets in: `mode` has nothing to say. */
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
    /** What nobody may write becomes read-only; other rights are not kept. */
    chmod(path: PathLike, mode: Mode): Promise<void>;
    /** Owners are not kept: it need only be there. */
    chown(path: PathLike, uid: number, gid: number): Promise<void>;
    /** As `chown`, of a symbolic link itself. */
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
    /** What matches, as paths from `cwd`; with `withFileTypes` as entries. */
    glob(pattern: string | readonly string[], options?: FsGlobOptions & {
        readonly withFileTypes?: false | undefined;
    }): AsyncGenerator<string, void, undefined>;
    glob(pattern: string | readonly string[], options: FsGlobOptions & {
        readonly withFileTypes: true;
    }): AsyncGenerator<Dirent, void, undefined>;
    /** As `fs.promises.watch`: 'rename' when names come and go, 'change' otherwise. */
    watch(path: PathLike, options?: BufferEncoding | FsWatchOptions): AsyncGenerator<WatchEvent, void, undefined>;
    /** Tells of all that comes, changes and goes below a directory, as chokidar does. */
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
/** What to read, as options. */
export interface ReadOptions {
    readonly buffer?: NodeJS.ArrayBufferView | undefined;
    readonly offset?: number | null | undefined;
    readonly length?: number | null | undefined;
    readonly position?: number | bigint | null | undefined;
}
/** What to write, as options. */
export interface WriteOptions {
    readonly offset?: number | null | undefined;
    readonly length?: number | null | undefined;
    readonly position?: number | null | undefined;
}
interface Closing {
    /** The handle is closed with the stream; true when absent. */
    readonly autoClose?: boolean | undefined;
}
/** A stream that tells how much of it has been written, as those of `node:fs`. */
export type CountingWritable = Writable & {
    readonly bytesWritten: number;
};
/** A moment as Node takes it: a date, or seconds since 1970. */
export type TimeLike = string | number | Date;
/** What is meant, to the nanosecond where it is seconds. */
export declare function momentOf(time: TimeLike): Date | bigint;
/** Below 0 is 0, as Node has it. */
export declare function sizeOf(length: number): number;
/** What a handle tells. */
export interface FileHandleEvents {
    close: [];
}
/** As `fs.promises.FileHandle`, on a file of a share. */
export declare class FileHandle extends EventEmitter<FileHandleEvents> implements AsyncDisposable {
    #private;
    /** Made by `share.fs.open`. */
    constructor(share: Share, file: File, { append, options: { access } }: Opening);
    /** Tells handles apart, and is -1 when it is closed; no descriptor of this machine. */
    get fd(): number;
    /** The file itself, with all that SMB knows of it. */
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
    /** From where it stands to the end. */
    readFile(options?: null | {
        readonly encoding?: null | undefined;
        readonly signal?: AbortSignal;
    }): Promise<Buffer>;
    /** From where it stands to the end, as text. */
    readFile(options: BufferEncoding | {
        readonly encoding: BufferEncoding;
    }): Promise<string>;
    /** From where it stands on. */
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
    /** Owners are not kept. */
    chown(uid: number, gid: number): Promise<void>;
    /** Whoever may not write makes it read-only. */
    chmod(mode: Mode): Promise<void>;
    sync(): Promise<void>;
    datasync(): Promise<void>;
    /** From where it stands, which moves with it, unless `start` says otherwise. */
    createReadStream({ autoClose, onProgress, ...options }?: ReadStreamOptions & Closing): Readable;
    /** From where it stands, which moves with it, unless `start` says otherwise. */
    createWriteStream({ autoClose, onProgress, ...options }?: Omit<WriteStreamOptions, 'flags'> & Closing): CountingWritable;
    readableWebStream(): ReadableStream<Uint8Array>;
    /** Its lines, from where it stands to the end; then it is closed. */
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
/** Which kind of node it is, as `fs.Stats` and `fs.Dirent` tell it. */
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
/** As `fs.Stats`. Rights are those that the read-only attribute tells; owners are not told. */
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
    /** Of 512 bytes. */
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
/** As `fs.BigIntStats`. */
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
/** As `fs.Dirent`. */
export declare class Dirent<N extends string | Buffer = string> extends Kind {
    readonly name: N;
    /** The directory that it is in. */
    readonly parentPath: string;
    /** The same, as older code calls it. */
    readonly path: string;
    /** `name`: as it was asked for; `top`: what was listed, as it was given. */
    constructor(entry: DirectoryEntry, name: N, top: string);
}
export {};
// client/node-fs/watcher.d.ts
import { EventEmitter } from 'node:events';
import type { Share } from '../share.js';
import { type PathLike } from './paths.js';
import { Stats } from './stats.js';
/** What to watch, and what to tell. */
export interface WatcherOptions {
    /** What is there at the start is not told; false when absent. */
    readonly ignoreInitial?: boolean | undefined;
    /** Says of a path, with a leading slash, that nothing of it and below it shall be told. */
    readonly ignored?: ((path: string) => boolean) | undefined;
    readonly signal?: AbortSignal | undefined;
}
/** Paths have a leading slash, as all of `share.fs`. */
export interface WatcherEvents {
    add: [path: string, stats: Stats];
    change: [path: string, stats: Stats];
    unlink: [path: string];
    addDir: [path: string, stats: Stats];
    unlinkDir: [path: string];
    /** All of the above: which one, and its path. */
    all: [event: 'add' | 'change' | 'unlink' | 'addDir' | 'unlinkDir', path: string];
    /** All that was there has been told. */
    ready: [];
    /** It has ended. */
    error: [error: unknown];
    close: [];
}
/**
 * Watches a directory and all below it, as chokidar does: tells of files and directories that come, change and go.
 * Renames are told as going and coming. What the server lost count of is found out by looking again.
 */
export declare class Watcher extends EventEmitter<WatcherEvents> implements AsyncDisposable {
    #private;
    /** Made by `share.fs.watcher`. */
    constructor(share: Share, path: PathLike, options: WatcherOptions);
    /** The names that are known, by their directories. */
    getWatched(): Record<string, string[]>;
    /** Ends it; returns when nothing of it is open at the server any more. Fails with what nobody listened to. */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
// client/node-stat.d.ts
import type { Dots, ListedNode, NodeInfo } from './protocol.js';
/** What is known of a file or directory. */
export declare class NodeStat {
    #private;
    /** Bytes; 0 for directories. */
    readonly size: number;
    /** Bytes that it takes on the server's disk. */
    readonly allocationSize: number;
    /** FILE_ATTRIBUTE_* bits. */
    readonly attributes: number;
    readonly mtime: Date;
    readonly atime: Date;
    /** Last change of the file or of what is known about it. */
    readonly ctime: Date;
    readonly birthtime: Date;
    /** Number of the file within its volume; 0 where the server has none. */
    readonly id: bigint;
    /** Hard links; 1 in listings and where the server does not tell. */
    readonly links: number;
    /** What kind of reparse point it is ([MS-FSCC] 2.1.2.1); 0 for none, or where nobody said. */
    readonly reparseTag: number;
    constructor(info: NodeInfo);
    isDirectory(): boolean;
    isFile(): boolean;
    /** Only listings and `lstat` see links; other calls look at what they lead to. */
    isSymbolicLink(): boolean;
    /** A symbolic link, junction, mount point or placeholder. */
    isReparsePoint(): boolean;
    /** The times in nanoseconds since 1970, to all that the server tells. */
    get mtimeNs(): bigint;
    get atimeNs(): bigint;
    get ctimeNs(): bigint;
    get birthtimeNs(): bigint;
    get readonly(): boolean;
    get hidden(): boolean;
}
/** One entry of a directory, with what is known of it. */
export declare class DirectoryEntry extends NodeStat {
    readonly name: string;
    /** From the share's root, with slashes. */
    readonly path: string;
    /** Numbers of the directory that it is in and of the one around that, where the server tells. */
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
    /** 'read' when absent; or bits of an access mask ([MS-SMB2] 2.2.13.1). */
    readonly access?: 'read' | 'write' | 'read-write' | number | undefined;
    /**
     * What to do depending on whether the file exists: 'never' (the default) fails if it does not, 'if-missing' creates it,
     * 'exclusive' fails if it does, 'truncate' empties or creates it.
     */
    readonly create?: 'never' | 'if-missing' | 'exclusive' | 'truncate' | undefined;
    /** What others may do with it meanwhile; everything when absent. */
    readonly share?: readonly ('read' | 'write' | 'delete')[] | undefined;
    /** Writes reach the disk before they are acknowledged. */
    readonly writeThrough?: boolean | undefined;
    /** 'file' when absent: a directory is refused. */
    readonly kind?: 'file' | 'directory' | 'any' | undefined;
    /** Opens a symbolic link itself. */
    readonly noFollow?: boolean | undefined;
    /** Removes the file when the last open of it is closed. */
    readonly deleteOnClose?: boolean | undefined;
    /** FILE_ATTRIBUTE_* bits of a file that is created. */
    readonly attributes?: number | undefined;
    /** Opens the state of a snapshot: a date, or a token of `share.snapshots`. */
    readonly snapshot?: Date | string | undefined;
    /**
     * What to cache, as letters (`'rwh'`), or with a key, so that several opens of the file share the lease. The
     * file's `caching` says what was granted, its 'break' events when it ends. Servers before 2.1 grant none.
     */
    readonly lease?: CachingText | {
        readonly state: CachingText;
        readonly key?: Guid;
        readonly parentKey?: Guid;
    } | undefined;
    /** The access control list of a file that is created: as objects, or as SDDL. */
    readonly acl?: AccessControl | string | undefined;
    /** Extended attributes of a file that is created. */
    readonly extendedAttributes?: AttributeValues | undefined;
    /** Like `lease`, but for this open alone; servers of all dialects have it. */
    readonly oplock?: 'read' | 'exclusive' | 'batch' | undefined;
}
/** The CREATE that the options mean. */
export declare function openRequest(path: string, options: OpenOptions): OpenRequest;
// client/operation/acl.d.ts
import { SecurityDescriptor } from '#wire/dtyp/security-descriptor.js';
import type { Control, FileProtocol } from '../protocol.js';
/** Sets of rights by their names in Windows. */
export type RightsName = 'full' | 'modify' | 'read-execute' | 'read' | 'write';
/** One entry of an access control list. */
export interface AccessEntry {
    readonly kind: 'allow' | 'deny' | 'audit';
    /** `S-1-5-21-…`, or the two letters of SDDL when it is set. */
    readonly sid: string;
    /** Bits of an access mask ([MS-SMB2] 2.2.13.1); told as bits. */
    readonly rights: number | RightsName;
    /** Files below have it too. */
    readonly forFiles?: boolean | undefined;
    /** Directories below have it too. */
    readonly forDirectories?: boolean | undefined;
    /** It counts below only. */
    readonly onlyBelow?: boolean | undefined;
    /** Only what is right below has it. */
    readonly onlyOneLevel?: boolean | undefined;
    /** It came from the directory around. */
    readonly inherited?: boolean | undefined;
    /** An audit entry: of what is allowed, of what is refused. */
    readonly success?: boolean | undefined;
    readonly failure?: boolean | undefined;
}
/** Who owns a file, and who may do what with it. Parts that are absent are not there, or stay as they are. */
export interface AccessControl {
    readonly owner?: string | undefined;
    readonly group?: string | undefined;
    /** In their order, which matters; null lets everybody do everything. */
    readonly entries?: readonly AccessEntry[] | null | undefined;
    /** What is audited; only for who may see that. */
    readonly audit?: readonly AccessEntry[] | undefined;
    /** Nothing is inherited from the directory around. */
    readonly isProtected?: boolean | undefined;
}
/** A security descriptor as it was found. */
export declare class FileSecurity implements AccessControl {
    /** All that it says. */
    readonly descriptor: SecurityDescriptor;
    /** Made by `share.acl`. */
    constructor(descriptor: SecurityDescriptor);
    /** A SID as text; '' where it was not told. */
    get owner(): string;
    get group(): string;
    get entries(): readonly AccessEntry[] | null;
    get audit(): readonly AccessEntry[];
    get isProtected(): boolean;
    /** As SDDL ([MS-DTYP] 2.5.1). Throws RangeError if an entry has conditions. */
    get sddl(): string;
}
/** The descriptor that is meant, by parts, as SDDL, or as it is. */
export declare function descriptorOf(wanted: AccessControl | string): SecurityDescriptor;
/** Asks for owner, group and list; with `audit` also for what is audited. */
export declare function getSecurity(protocol: FileProtocol, path: string, { audit }: {
    readonly audit?: boolean | undefined;
}, control: Control): Promise<FileSecurity>;
/** Sets the parts that are there. */
export declare function setSecurity(protocol: FileProtocol, path: string, wanted: AccessControl | string, control: Control): Promise<void>;
// client/operation/atomic-write.d.ts
import type { Control, FileProtocol } from '../protocol.js';
import { type Times } from './facts.js';
/** A file that gets its place when it is complete. */
export interface AtomicWrite {
    readonly path: string;
    /** Where it is until then, in the same directory; nothing may be there. */
    readonly partial: string;
    readonly data: Uint8Array;
    readonly times: Times;
    /** What is at `path` goes; else that is a failure. */
    readonly replace: boolean;
}
/**
 * Writes a small file and sets its times in one round trip. Where nothing is there yet, it is made in its place: the
 * requests of one message are worked off together, and what fails takes the file with it. Else it is made beside and
 * renamed: at each moment the place holds what was there before, or all of the new. Where that is
 * several requests (SMB1), all is made beside.
 */
export declare function writeAtomically(protocol: FileProtocol, write: AtomicWrite, control: Control): Promise<void>;
// client/operation/copy.d.ts
import type { TransferOptions } from '../call-options.js';
import type { Control } from '../protocol.js';
import { type Place } from './place.js';
/** How to copy one file. */
export interface CopyOptions extends TransferOptions {
    /** A file that is there already is an error. */
    readonly exclusive?: boolean | undefined;
    /** The copy has the times of the original. */
    readonly preserveTimestamps?: boolean | undefined;
}
/** Copies a file within the share: on the server where it can, else through this machine. */
export declare function copy(place: Place, from: string, to: string, options: CopyOptions, control: Control): Promise<void>;
// client/operation/cp.d.ts
import type { Control } from '../protocol.js';
import { type CopyOptions } from './copy.js';
import type { Place } from './place.js';
/** How to copy a tree; as `fs.cp` has it. */
export interface CpOptions extends CopyOptions {
    readonly recursive?: boolean | undefined;
    /** What is there already is replaced; true when absent. */
    readonly force?: boolean | undefined;
    /** With `force: false`, what is there already is an error, not left alone. */
    readonly errorOnExist?: boolean | undefined;
    /** Copies what links lead to, not the links. */
    readonly dereference?: boolean | undefined;
    /** Says what to copy; a directory that is left out is left out with all that is in it. */
    readonly filter?: ((from: string, to: string) => boolean | Promise<boolean>) | undefined;
}
/** Copies a file or, with `recursive`, a directory and all that is in it. */
export declare function cp(place: Place, from: string, to: string, options: CpOptions, control: Control): Promise<void>;
// client/operation/extras.d.ts
import { FileFullEaInformation } from '#wire/fscc/file-info/full-ea.js';
import type { Control, FileProtocol } from '../protocol.js';
/** A named stream of a file: more data under the same name. */
export interface NamedStream {
    /** To be opened as `file.txt:name`. */
    readonly name: string;
    readonly size: number;
    readonly allocationSize: number;
}
/** A former state of a share. */
export interface Snapshot {
    /** The first name of paths that mean that state: `@GMT-2026.11.23-10.50.36/photos`. */
    readonly token: string;
    readonly date: Date;
}
/** The named streams of a file or directory, the unnamed one left out. */
export declare function namedStreams(protocol: FileProtocol, path: string, control: Control): Promise<NamedStream[]>;
/** The extended attributes of a file. Names are without case. */
export declare function getEas(protocol: FileProtocol, path: string, control: Control): Promise<Map<string, Uint8Array>>;
/** Extended attributes by their names; null takes one away. */
export type AttributeValues = Readonly<Record<string, Uint8Array | string | null>>;
/** The list that attributes travel in. */
export declare function eaList(eas: AttributeValues): FileFullEaInformation;
/** Sets extended attributes. Others stay. */
export declare function setEas(protocol: FileProtocol, path: string, eas: AttributeValues, control: Control): Promise<void>;
/** The former states that there are of a directory or file, as the server lists them. */
export declare function snapshots(protocol: FileProtocol, path: string, control: Control): Promise<Snapshot[]>;
// client/operation/facts.d.ts
import { StatusError } from '#wire/erref/errors.js';
import { NodeStat } from '../node-stat.js';
import type { Control, FileProtocol, OpenRequest, SetFacts } from '../protocol.js';
/** Times to set, as dates or nanoseconds since 1970; those that are absent stay as they are. */
export interface Times {
    readonly mtime?: Date | bigint | undefined;
    readonly atime?: Date | bigint | undefined;
    readonly birthtime?: Date | bigint | undefined;
}
/** All that a node's times tell, which is more than dates do. */
export declare function exactTimes({ mtimeNs, atimeNs, birthtimeNs }: NodeStat): Times;
export declare function factsOf(times: Times): SetFacts;
export declare function stat(protocol: FileProtocol, path: string, control: Control): Promise<NodeStat>;
/** A request that opens a link itself, not what it leads to. */
export declare function linkItself(path: string, access: number): OpenRequest;
/** As `stat`, of a symbolic link itself. */
export declare function lstat(protocol: FileProtocol, path: string, control: Control): Promise<NodeStat>;
export declare function exists(protocol: FileProtocol, path: string, control: Control): Promise<boolean>;
/** As `stat`; undefined where nothing is. */
export declare function whatIs(protocol: FileProtocol, path: string, control: Control): Promise<NodeStat | undefined>;
/**
 * Whether two paths lead to one file: a copy would empty it before it reads it. By number, which a snapshot shares with
 * what it was made of, and files of two volumes may have in common; by name, in whatever case, where there are none.
 */
export declare function isSameNode(path: string, node: NodeStat, other: string, there: NodeStat): boolean;
/** As `isSameNode`, whichever stream of the file is meant. */
export declare function isSameFile(path: string, node: NodeStat, other: string, there: NodeStat): boolean;
export declare function itself(command: string, path: string): StatusError;
/** Rights that `access` may ask for. */
export type AccessKind = 'read' | 'write' | 'execute' | 'delete';
/** Fails unless the account may do all of that. */
export declare function access(protocol: FileProtocol, path: string, kinds: readonly AccessKind[], control: Control): Promise<void>;
export declare function setFacts(protocol: FileProtocol, path: string, facts: SetFacts, control: Control): Promise<void>;
/** As `setFacts`, of a symbolic link itself. */
export declare function setLinkFacts(protocol: FileProtocol, path: string, facts: SetFacts, control: Control): Promise<void>;
// client/operation/glob.d.ts
import type { DirectoryEntry } from '../node-stat.js';
import type { Control, FileProtocol } from '../protocol.js';
/** What to leave out of a search. */
export interface GlobOptions {
    /** Where to search; the share's root when absent. */
    readonly cwd?: string | undefined;
    /** Patterns of what is left out, with all that is below it. */
    readonly exclude?: readonly string[] | undefined;
}
/** What matches a pattern of names with slashes between them; `**` stands for any directories. */
export declare function glob(protocol: FileProtocol, pattern: string | readonly string[], { cwd, exclude }: GlobOptions, control: Control): AsyncGenerator<DirectoryEntry, void, undefined>;
// client/operation/links.d.ts
import type { Control, FileProtocol } from '../protocol.js';
/** What a symbolic link stands for; found out where it is not said. */
export type LinkKind = 'file' | 'dir';
/** Makes a symbolic link. A target without a leading slash counts from the link's own directory. */
export declare function symlink(protocol: FileProtocol, target: string, path: string, kind: LinkKind | undefined, control: Control): Promise<void>;
/** Where a symbolic link or a junction leads, as it stands there, with slashes. */
export declare function readlink(protocol: FileProtocol, path: string, control: Control): Promise<string>;
/** Gives a file a further name. */
export declare function link(protocol: FileProtocol, existing: string, path: string, control: Control): Promise<void>;
// client/operation/read-directory.d.ts
import type { DirectoryEntry } from '../node-stat.js';
import type { Control, FileProtocol } from '../protocol.js';
import { type ShareNode } from './walk-share.js';
/** What to list. */
export interface ListOptions {
    /** What the server sends: names that match, with `*` and `?`; all when absent. */
    readonly pattern?: string | undefined;
    /** Also what is in the directories below; symbolic links are not followed. */
    readonly recursive?: boolean | undefined;
}
/** The entries of a directory, and of those below if `recursive`, as many at a time as the server sends. */
export declare function entries(protocol: FileProtocol, path: string, { pattern, recursive }: ListOptions, control: Control): AsyncGenerator<DirectoryEntry[], void, undefined>;
/** The names in a directory, as many at a time as the server sends. */
export declare function names(protocol: FileProtocol, path: string, { pattern }: ListOptions, control: Control): AsyncGenerator<string[], void, undefined>;
/** Whether what is below belongs to the directory: it does not behind a link, a mount point, a link of DFS. */
export declare function leadsOn({ found }: ShareNode): boolean;
// client/operation/remove.d.ts
import type { Control, FileProtocol } from '../protocol.js';
/** How far `rm` goes. */
export interface RemoveOptions {
    /** A directory goes with all that is in it. */
    readonly recursive?: boolean | undefined;
    /** It need not be there, and may be read-only. */
    readonly force?: boolean | undefined;
    /** It may be read-only, as files of POSIX systems may when they are removed; as `force` says when absent. */
    readonly readOnly?: boolean | undefined;
}
export declare function rm(protocol: FileProtocol, path: string, options: RemoveOptions, control: Control): Promise<void>;
/** What one thing may be that is removed. */
export interface RemoveOneOptions {
    /** It may be read-only. */
    readonly readOnly?: boolean | undefined;
}
/** Removes a file, or an empty directory, which may be read-only if the options say so. */
export declare function removeOne(protocol: FileProtocol, path: string, directory: boolean, { readOnly }: RemoveOneOptions, control: Control): Promise<void>;
// client/operation/whole-file.d.ts
import type { TransferOptions } from '../call-options.js';
import { type OpenOptions } from '../open-options.js';
import type { Control } from '../protocol.js';
import { type Place } from './place.js';
/** How to read a whole file. */
export interface ReadFileOptions extends TransferOptions {
    /** More bytes than these are an error, before they are read; 2 GiB when absent. */
    readonly limit?: number | undefined;
}
/** Throws where a file is larger than what is to be taken into memory. */
export declare function checkSize(path: string, size: number, { limit }: ReadFileOptions): void;
/** As `ReadFileOptions`, with what to make text of. */
export interface ReadTextOptions extends ReadFileOptions {
    readonly encoding: BufferEncoding;
}
/** Options as they may be given: an encoding and options, or options with an encoding. */
export declare function readOptions(first: BufferEncoding | ReadFileOptions | ReadTextOptions | undefined, second: ReadFileOptions | undefined): {
    readonly options: ReadFileOptions;
    readonly encoding: BufferEncoding | undefined;
};
/** What happens to what is there: as Node's flags. */
export type WriteFlag = 'w' | 'wx' | 'a' | 'ax' | 'r+';
/** How to write a whole file. */
export interface WriteFileOptions extends TransferOptions {
    /** What to make of text; UTF-8 when absent. */
    readonly encoding?: BufferEncoding | undefined;
    /** 'w' (the default) replaces what is there, 'wx' wants nothing to be there, 'a' adds to it, 'r+' writes over it. */
    readonly flag?: WriteFlag | undefined;
}
/** All of a file: a small one in one round trip, a large one with many requests under way. */
export declare function readFile(place: Place, path: string, control: Control, options: ReadFileOptions): Promise<Uint8Array>;
/** How a file is opened for a flag. */
export declare function createOf(flag: WriteFlag): NonNullable<OpenOptions['create']>;
export declare function writeFile(place: Place, path: string, bytes: Uint8Array, control: Control, options: WriteFileOptions): Promise<void>;
/** Cuts or extends a file to a size. */
export declare function truncate(place: Place, path: string, size: number, control: Control): Promise<void>;
// client/options.d.ts
import type { Guid } from '#wire/dtyp/guid.js';
import type { ReconnectPolicy } from './lasting/backoff.js';
/** Dialects by the names that people use. */
export type DialectName = 'NT1' | '2.0.2' | '2.1' | '3.0' | '3.0.2' | '3.1.1';
export type SigningPolicy = 'off' | 'enabled' | 'required';
export type EncryptionPolicy = 'off' | 'enabled' | 'required';
export type SigningAlgorithmName = 'AES-GMAC' | 'AES-CMAC' | 'HMAC-SHA256';
/** NTLM wrapped as all of today's servers want it, or as it is. */
export type LogonMechanism = 'SPNEGO' | 'NTLMSSP';
export type CipherName = 'AES-128-GCM' | 'AES-128-CCM' | 'AES-256-GCM' | 'AES-256-CCM';
/** How long to keep trying, and how often. */
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
    /** What to negotiate; 2.0.2 to 3.1.1 when absent. NT1 is SMB1: for old devices only. */
    readonly dialects?: {
        readonly min?: DialectName | undefined;
        readonly max?: DialectName | undefined;
    } | undefined;
    /** 'required' when absent: nothing unsigned and unencrypted is accepted. 'enabled' signs if the server demands it. */
    readonly signing?: SigningPolicy | undefined;
    /** 'enabled' when absent: encrypts where the server or the share demands it. */
    readonly encryption?: EncryptionPolicy | undefined;
    /** What to offer at 3.1.1, best first. */
    readonly signingAlgorithms?: readonly SigningAlgorithmName[] | undefined;
    /** What to offer, best first; 3.0 and 3.0.2 know AES-128-CCM only. */
    readonly ciphers?: readonly CipherName[] | undefined;
    /** Begins with a NetBIOS session request ([RFC1002]), on port 139 unless the URL has another one. */
    readonly netbios?: boolean | undefined;
    /** The server's NetBIOS name; `*SMBSERVER` when absent. */
    readonly calledName?: string | undefined;
    /** How long the server may be silent while it owes an answer, and how long connecting may take. 30 s when absent. */
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    /**
     * What happens when the connection is lost: it is made again and calls carry on as far as possible, until it has been
     * away for `timeoutMs` (that of the options when absent). The first pause is 100 ms; later ones grow up to 5 s. With
     * `false`, what is lost stays lost.
     */
    readonly reconnect?: ReconnectOptions | false | undefined;
    /**
     * Number of connections for one session, if the server supports several (3.0 and later): over its fastest interfaces,
     * with the requests spread over them. When one is lost, the others go on, and it is made again. 1 when absent.
     */
    readonly channels?: number | undefined;
    /** Uses one connection for all of this process that ask for the same server in the same way; true when absent. */
    readonly shared?: boolean | undefined;
    /** Accepts a guest logon, which leaves messages unprotected. */
    readonly guest?: boolean | undefined;
    /** Logs on without an account. */
    readonly anonymous?: boolean | undefined;
    /**
     * Follows DFS to other shares and servers, logging on there with the same account; true when absent. All targets of one
     * referral share one `timeoutMs`.
     */
    readonly dfs?: boolean | undefined;
    /**
     * Follows symbolic links in paths if the server leaves that to its clients, as long as they stay on the share; true when
     * absent.
     */
    readonly symlinks?: boolean | undefined;
    /** How to speak NTLM; when absent, as the server suggests. */
    readonly mechanism?: LogonMechanism | undefined;
    /** For servers that know nothing newer. */
    readonly smb1?: {
        /** SPNEGO in the session setup, as all servers since Windows 2000 know it; true when absent. */
        readonly extendedSecurity?: boolean | undefined;
        /** Answers with NTLMv1 in SMB1, which can be broken in hours. */
        readonly ntlmv1?: boolean | undefined;
    };
}
/** Who logs on. Secrets show up neither in `inspect` nor in JSON. */
export declare class Account {
    #private;
    readonly user: string;
    readonly domain: string;
    readonly anonymous: boolean;
    constructor(user: string, password: string, domain: string, anonymous?: boolean);
    get password(): string;
}
/** NT1 as a dialect revision: below all of SMB2. */
export declare const NT1 = 256;
/** Options with nothing left open. */
export interface Settings {
    readonly host: string;
    readonly port: number;
    readonly share: string | undefined;
    readonly path: string;
    readonly account: Account;
    /** Revisions to offer, ascending; `NT1` may be the first. */
    readonly dialects: readonly number[];
    readonly signing: SigningPolicy;
    readonly encryption: EncryptionPolicy;
    readonly signingAlgorithms: readonly number[];
    readonly ciphers: readonly number[];
    readonly netbios: boolean;
    readonly calledName: string | undefined;
    readonly timeoutMs: number;
    readonly signal: AbortSignal | undefined;
    /** Undefined: what is lost stays lost. */
    readonly reconnect: ReconnectPolicy | undefined;
    readonly channels: number;
    readonly shared: boolean;
    /** By which servers know all connections of this client; a new one for each connection when absent. */
    readonly clientGuid?: Guid | undefined;
    readonly guest: boolean;
    readonly dfs: boolean;
    readonly symlinks: boolean;
    /** What to connect to instead of what `host` resolves to. */
    readonly address: string | undefined;
    readonly mechanism: LogonMechanism | undefined;
    readonly extendedSecurity: boolean;
    /** Where answers are by NTLMv1: `always` is for those who want to know whether a server takes it. */
    readonly ntlmv1: 'never' | 'smb1' | 'always';
}
/** Reads the URL, fills in the defaults, refuses what makes no sense. */
export declare function settingsFrom(url: string | URL, options?: ConnectOptions): Settings;
// client/protocol.d.ts
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
    watch(path: string, recursive: boolean, control?: Control & {
        readonly onReady?: (() => void) | undefined;
    }): AsyncGenerator<NotifiedChange[] | undefined, void, undefined>;
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
// client/rpc/server-info.d.ts
import type { ClientConnection, Control } from '../protocol.js';
/** What a server tells of itself. */
export interface ServerInfo {
    readonly name: string;
    readonly comment: string;
    /** Of the system that it says it is: `10.0`. */
    readonly version: string;
    /** What it is and does: `Workstation`, `DomainCtrl`, `PrintqServer` … */
    readonly roles: readonly string[];
}
/** Asks the server service about the server ([MS-SRVS] 3.1.4.17). */
export declare function askServerInfo(connection: ClientConnection, control: Control): Promise<ServerInfo>;
// client/rpc/server-use.d.ts
import type { ClientConnection, Control } from '../protocol.js';
/** A session as its server lists it. */
export interface ListedSession {
    /** Name or address of the client. */
    readonly client: string;
    readonly user: string;
    readonly opens: number;
    readonly seconds: number;
    readonly idleSeconds: number;
    readonly guest: boolean;
}
/** An open file or pipe as its server lists it. */
export interface ListedFile {
    readonly id: number;
    /** As the server has it: its own path, or the share's. */
    readonly path: string;
    readonly user: string;
    readonly locks: number;
    readonly access: 'read' | 'write' | 'read-write' | 'none';
}
/** What is in use of a server, as it tells its administrators. */
export interface ServerUse {
    readonly sessions: readonly ListedSession[];
    readonly files: readonly ListedFile[];
}
/** Asks the server service who is logged on and what is open ([MS-SRVS] 3.1.4.5, 3.1.4.2). */
export declare function serverUse(connection: ClientConnection, control: Control): Promise<ServerUse>;
// client/rpc/share-list.d.ts
import type { ClientConnection, Control } from '../protocol.js';
import { RpcPipe } from './pipe.js';
/** A share as its server lists it. */
export interface ListedShare {
    readonly name: string;
    readonly kind: 'disk' | 'printer' | 'device' | 'pipe';
    /** Administrative shares and others that are not for browsing; their names mostly end in `$`. */
    readonly hidden: boolean;
    readonly comment: string;
}
/** Asks the server service for its shares ([MS-SRVS] 3.1.4.8). */
export declare function enumerateShares(connection: ClientConnection, control: Control): Promise<ListedShare[]>;
/** Opens the server service's pipe, works with it, and leaves. */
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
 * Paths have slashes and start at the share's root: `photos/2024/a.jpg`. A stream of a file is `a.txt:stream`; what a
 * snapshot holds is below its token: `@GMT-2026.11.23-10.50.36/photos`.
 *
 * Every call takes a `signal` and a `timeoutMs`; a call that they end leaves nothing open on the server.
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
    /** Made by `connect`. */
    constructor(name: string, connection: ClientConnection, tree: Tree);
    /** False once `close` was called: every other call fails with EBADF then. */
    get isOpen(): boolean;
    /** What was negotiated: dialect, signing, encryption; who the server is, and what the share is like. */
    get info(): ShareInfo;
    /** The share in the shape of `fs.promises`, for code written for that. */
    get fs(): SharePromises;
    /** All of a file as text; a small one takes one round trip. */
    readFile(path: string, encoding: BufferEncoding, options?: ReadFileOptions): Promise<string>;
    /** All of a file as text; a small one takes one round trip. */
    readFile(path: string, options: ReadTextOptions): Promise<string>;
    /** All of a file; a small one takes one round trip. */
    readFile(path: string, options?: ReadFileOptions): Promise<Uint8Array>;
    /** Writes a file, replacing its contents unless `flag` says otherwise. A small one takes one round trip. */
    writeFile(path: string, data: Data, options?: WriteFileOptions): Promise<void>;
    /**
     * Writes a small file under a temporary name and renames it when it is complete, so that nobody ever finds half of it;
     * up to `info.maxWrite` bytes in one round trip.
     */
    writeAtomically(write: AtomicWrite, options?: CallOptions): Promise<void>;
    /** Appends to a file, which is created if it does not exist. Two shares that do so at the same time need a lock. */
    appendFile(path: string, data: Data, options?: Omit<WriteFileOptions, 'flag'>): Promise<void>;
    /** Truncates or extends a file to a size in bytes. */
    truncate(path: string, size?: number, options?: CallOptions): Promise<void>;
    /**
     * The entries of a directory as the server sends them, each with its facts; even a huge one takes little memory.
     * Iterate over it, or take everything at once: `await share.readdir('a').names()`, `.toArray()`.
     */
    readdir(path?: string, options?: CallOptions & ListOptions): Listing;
    /** Like `readdir`, but fails at once if there is no such directory. */
    opendir(path?: string, options?: CallOptions & ListOptions): Promise<Listing>;
    stat(path: string, options?: CallOptions): Promise<NodeStat>;
    /** Like `stat`, but for a symbolic link itself. */
    lstat(path: string, options?: CallOptions): Promise<NodeStat>;
    exists(path: string, options?: CallOptions): Promise<boolean>;
    /** Fails unless the account may do all of `kinds`; without `kinds`, unless the path exists. */
    access(path: string, kinds?: readonly AccessKind[], options?: CallOptions): Promise<void>;
    /** The path as the server spells it, with links followed. */
    realpath(path: string, options?: CallOptions): Promise<string>;
    /** Makes a directory. */
    mkdir(path: string, options?: CallOptions & {
        recursive?: false | undefined;
    }): Promise<void>;
    /** Makes a directory; with `recursive` also its missing parents, and returns the first that was missing. */
    mkdir(path: string, options: CallOptions & {
        recursive?: boolean | undefined;
    }): Promise<string | undefined>;
    /** Makes a directory with a unique path that begins with `prefix`; returns the path. */
    mkdtemp(prefix: string, options?: CallOptions): Promise<string>;
    /** Removes an empty directory; with `readOnly` also one that is read-only. */
    rmdir(path: string, options?: CallOptions & RemoveOneOptions): Promise<void>;
    /** Removes a file, or a symbolic link to one; with `readOnly` also one that is read-only. */
    unlink(path: string, options?: CallOptions & RemoveOneOptions): Promise<void>;
    /** Removes a file; with `recursive` also a directory and everything in it; with `force` what is read-only too, and no failure if it is missing. */
    rm(path: string, options?: CallOptions & RemoveOptions): Promise<void>;
    /** Renames or moves within the share. An existing file is replaced unless `replace` is false. */
    rename(from: string, to: string, options?: CallOptions & {
        replace?: boolean | undefined;
    }): Promise<void>;
    /** Sets times; those that are absent stay as they are. */
    utimes(path: string, times: Times, options?: CallOptions): Promise<void>;
    /** Like `utimes`, but for a symbolic link itself. */
    lutimes(path: string, times: Times, options?: CallOptions): Promise<void>;
    /** Sets the FILE_ATTRIBUTE_* bits. */
    setAttributes(path: string, attributes: number, options?: CallOptions): Promise<void>;
    /**
     * Makes a symbolic link. A target with a leading slash counts from the share's root, any other from the link's own
     * directory. Not every server has links.
     */
    symlink(target: string, path: string, options?: CallOptions & {
        kind?: LinkKind | undefined;
    }): Promise<void>;
    /** The target of a symbolic link. */
    readlink(path: string, options?: CallOptions): Promise<string>;
    /**
     * Whether a directory is a symbolic link that the server itself follows and shows as its target, as Samba does with
     * links on its disk. Only the entries can tell, so the answer is false for an empty directory.
     */
    isFollowedLink(path: string, options?: CallOptions): Promise<boolean>;
    /** Makes a hard link: gives a file another name. */
    link(existing: string, path: string, options?: CallOptions): Promise<void>;
    /** Opens a file. Close it, or let `await using` do it. */
    open(path: string, options?: OpenOptions): Promise<File>;
    /** A Node stream over a file or a part of it. */
    createReadStream(path: string, options?: ReadStreamOptions): Readable;
    /** A Node stream into a file. */
    createWriteStream(path: string, options?: WriteStreamOptions): Writable;
    /** A web stream over a file or a part of it, of bytes; the file is opened when somebody reads. */
    readable(path: string, options?: ReadStreamOptions): ReadableStream<Uint8Array>;
    /** A web stream into a file. */
    writable(path: string, options?: WriteStreamOptions): WritableStream<Uint8Array>;
    /** Copies a file within the share: on the server if it can do that, otherwise through this machine. */
    copy(from: string, to: string, options?: CopyOptions): Promise<void>;
    /** Copies a file or, with `recursive`, a directory and everything in it, within the share. */
    cp(from: string, to: string, options?: CpOptions): Promise<void>;
    /** What matches a pattern: `*`, `?`, `[abc]`, `{a,b}` within names, `**` for any directories. */
    glob(pattern: string | readonly string[], options?: CallOptions & GlobOptions): Steps<DirectoryEntry>;
    /** Reports changes in a directory, until the iteration is left or the signal is aborted. */
    watch(path?: string, options?: WatchOptions): Steps<Change>;
    /** Who owns a file or directory, and who may do what with it; also as SDDL. */
    acl(path: string, options?: CallOptions & {
        audit?: boolean | undefined;
    }): Promise<FileSecurity>;
    /** Sets the parts that are given: as objects, or as SDDL (`D:P(A;OICI;FA;;;BA)`). */
    setAcl(path: string, acl: AccessControl | string, options?: CallOptions): Promise<void>;
    /** The named streams of a file or directory. Read and write them as `file.txt:name`. */
    namedStreams(path: string, options?: CallOptions): Promise<NamedStream[]>;
    /** The extended attributes of a file or directory. */
    extendedAttributes(path: string, options?: CallOptions): Promise<Map<string, Uint8Array>>;
    /** Sets extended attributes; null removes one, others stay. */
    setExtendedAttributes(path: string, attributes: AttributeValues, options?: CallOptions): Promise<void>;
    /** The snapshots of a directory, as tokens that paths may begin with. */
    snapshots(path?: string, options?: CallOptions): Promise<Snapshot[]>;
    /** The shares of the server, hidden ones included. */
    listShares(options?: CallOptions): Promise<ListedShare[]>;
    /** What the server tells of itself. */
    serverInfo(options?: CallOptions): Promise<ServerInfo>;
    /** Size and free space of the volume, in bytes. */
    statfs(options?: CallOptions): Promise<VolumeFacts>;
    /** Asks the server for a sign of life. */
    ping(options?: CallOptions): Promise<void>;
    /** Closes what is open, leaves the share, logs off and ends the connection. Never fails. */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
// client/share-facts.d.ts
import type { ConnectionInfo } from './connection-info.js';
/** What the server told of a share when it let us in. */
export interface ShareFacts {
    readonly kind: 'disk' | 'pipe' | 'printer';
    /** Parts of it may lie elsewhere. */
    readonly dfs: boolean;
    /** Handles survive a change of the server's node. */
    readonly continuousAvailability: boolean;
    /** Several nodes serve it at once. */
    readonly scaleOut: boolean;
    readonly cluster: boolean;
    /** The server hides what this account may not read. */
    readonly accessBasedEnumeration: boolean;
}
/** What was agreed about a share. */
export interface ShareInfo extends ConnectionInfo {
    readonly share: ShareFacts;
}
/** A share of which the server tells nothing but that it is there. */
export declare const PLAIN_SHARE: ShareFacts;
// client/streams.d.ts
import { Readable, Writable } from 'node:stream';
import { type Steps, type TransferOptions } from './call-options.js';
import type { File } from './file.js';
import type { OpenOptions } from './open-options.js';
import { type WriteFlag } from './operation/whole-file.js';
import type { Control, FileProtocol } from './protocol.js';
/** What part of a file to read. */
export interface ReadStreamOptions extends TransferOptions {
    /** First byte; 0 when absent. */
    readonly start?: number | undefined;
    /** Last byte, included, as in `fs.createReadStream`. */
    readonly end?: number | undefined;
    /** A Node stream then hands out text; a web stream has no use for it. */
    readonly encoding?: BufferEncoding | undefined;
    /** Bytes of the largest piece; as much as the server sends at a time when absent. */
    readonly highWaterMark?: number | undefined;
}
/** Where in a file to write. */
export interface WriteStreamOptions extends TransferOptions {
    /** Where to begin; `share.createWriteStream` empties the file first unless this is given. */
    readonly start?: number | undefined;
    /** As `flag` of `writeFile`; `a` writes behind the end of the file. A file that is open already knows `a` only. */
    readonly flags?: WriteFlag | undefined;
}
/** How a file is opened for a stream into it. */
export declare function createFor({ flags, start }: WriteStreamOptions): NonNullable<OpenOptions['create']>;
/** How a stream gets at its file, and lets go of it. */
export type Opener = (control: Control) => Promise<{
    readonly file: File;
    readonly close: () => Promise<void>;
}>;
/** What a stream takes before it asks to wait. */
export declare const WRITE_HIGH_WATER: number;
/** The limits of a stream's life, which its end ends too. */
export declare function life(options: TransferOptions): {
    control: {
        signal: AbortSignal;
    };
    end: () => void;
};
/** What part of a file is meant; `end` is not included. */
export declare function rangeOf({ start, end }: ReadStreamOptions): {
    readonly start: number;
    readonly end: number;
};
/** A Node stream over a range of a file, read ahead as far as the consumer keeps up. */
export declare function readStream(open: Opener, options: ReadStreamOptions): Readable;
export declare function finish(steps: (() => Promise<unknown> | undefined)[], error: Error | null): Promise<Error | null>;
/** How large a block may be, and how much may be under way. */
export type Pacing = Pick<FileProtocol, 'maxWrite' | 'window'>;
/** Gathers what is written into blocks and keeps several of them under way. */
export declare class BlockWriter {
    #private;
    constructor(file: File, position: number, protocol: Pacing, signal: AbortSignal);
    /** Takes a copy of the bytes. Waits while too much is under way. */
    add(bytes: Uint8Array): Promise<void>;
    /** Sends what has gathered if nothing else is under way: a slow writer's bytes do not lie around. */
    idle(): Promise<void>;
    finish(): Promise<void>;
}
/** Where a stream into a file begins. */
export declare function startIn(file: File, { flags, start }: WriteStreamOptions, control: Control): Promise<number>;
/** A Node stream into a file: closed and complete on the server when 'close' is emitted, or destroyed with an error. */
export declare function writeStream(open: Opener, protocol: Pacing, options: WriteStreamOptions): Writable;
/** The lines of a text that comes in pieces, without what ends them. */
export declare function linesOf(chunks: AsyncIterable<Uint8Array>, encoding: BufferEncoding): Steps<string>;
// client/url.d.ts
/** What an SMB URL says. The password shows up neither in `inspect` nor in JSON. */
export declare class SmbUrl {
    #private;
    readonly host: string;
    /** As written; undefined when it was left out. */
    readonly port: number | undefined;
    readonly domain: string | undefined;
    readonly user: string | undefined;
    /** Undefined when the URL names none. */
    readonly share: string | undefined;
    /** Inside of the share, with slashes between the components and none around them. */
    readonly path: string;
    constructor(parts: SmbUrlParts);
    get password(): string | undefined;
    /** The URL without its secrets. */
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
 * Reads `smb://[DOMAIN;]USER[:PASSWORD]@HOST[:PORT]/SHARE/PATH`. Percent-encoding is undone everywhere; `#` and `?` are
 * ordinary characters of a path. A UNC path, `\\HOST[@PORT]\SHARE\PATH`, is taken as it stands. Throws UsageError, which
 * never holds a part of the credentials.
 */
export declare function parseSmbUrl(url: string | URL): SmbUrl;
/** The port to use where the URL names none. */
export declare function defaultPort(netbios: boolean): number;
// client/watch.d.ts
import type { CallOptions, Steps } from './call-options.js';
import type { Control, FileProtocol, NotifiedChange } from './protocol.js';
/** How to watch. */
export interface WatchOptions extends CallOptions {
    /** Include everything below. */
    readonly recursive?: boolean | undefined;
    /** Called once the server has been asked: from then on nothing is missed. */
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
/** Puts the two halves of a rename together; a half that stays alone is an addition or a removal. */
export declare class ChangeReader {
    #private;
    constructor(directory: string);
    read(batch: readonly NotifiedChange[]): Generator<Change, void, undefined>;
    /** The old name of a rename whose new name did not come. */
    rest(): Generator<Change, void, undefined>;
}
/** What happens, until somebody leaves it, which ends the request that waits at the server, or the share is closed. */
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
