// fs/index.d.ts
/** `sombrero/fs`: what can be served. */
export type { Backend, DirectoryEntry, Eventually, InfoChange, MediumChange, MediumWatch, NodeInfo, NodeKind, OpenAccess, Opened, Path, ReadableBackend, Space, Volume, WritableBackend, } from './backend.js';
export { isWritable } from './backend.js';
export type { Descriptors, Ea, ExtendedAttributes, Extent, Extents, FileLocks, Links, LockedRange, PosixFacts, RangeCopies, Snapshots, StreamInfo, Streams, } from './capabilities.js';
export type { Clock } from './clock.js';
export type { NodeFsHandle, NodeFsOptions } from './from-node-fs.js';
export { fromNodeFs } from './from-node-fs.js';
export type { LocalHandle } from './local/handle.js';
export { localDirectory } from './local/local-directory.js';
export type { LocalDirectoryOptions } from './local/options.js';
export { stateDirectory } from './local/state-directory.js';
export { unixNames } from './local/unix-names.js';
export type { MemoryHandle } from './memory/handle.js';
export type { MemoryOptions } from './memory/memory.js';
export { memory } from './memory/memory.js';
export type { FileHandleLike, FsPromisesLike, StatsLike } from './node-fs-like.js';
export { readOnly } from './read-only.js';
export type { StateStore } from './state-store.js';
export type { UnixNames } from './unix-names.js';
// fs/backend.d.ts
import type { Descriptors, ExtendedAttributes, Extents, FileLocks, Links, PosixFacts, RangeCopies, Snapshots, Streams } from './capabilities.js';
/**
 * What can be served: a tree of named nodes. Windows' semantics (share modes, delete-pending, locks, name rules,
 * case-insensitive lookup, access checks) live above, once; a back end does plain operations and nothing else.
 *
 * Failing is `throw new StatusError(NtStatus.X)`: ObjectNameNotFound (the last component), ObjectPathNotFound (an
 * earlier one is missing or no directory), ObjectNameInvalid (the medium cannot have such a name),
 * ObjectNameCollision, AccessDenied, NotADirectory (`list` of a file), FileIsADirectory (`read`, `write`, `truncate`
 * of a directory), DirectoryNotEmpty, DiskFull, MediaWriteProtected, NotSupported; and what else the medium has to
 * say: TooManyOpenedFiles, NotSameDevice, IoDeviceError.
 * Methods may answer at once or with a promise, and may fail by throwing at once or by rejecting.
 */
export type Eventually<T> = T | Promise<T>;
/**
 * A place inside the share: components joined by `/`, no leading or trailing one; `''` is the root. Components are
 * spelled as the back end spells them, are never empty, `.` or `..`, and hold no `/`, `\` or NUL.
 */
export type Path = string;
export type NodeKind = 'file' | 'directory' | 'symlink' | 'other';
/** The facts of a node. Times are FILETIME ([MS-DTYP] 2.3.3); sizes are bytes. */
export interface NodeInfo {
    readonly kind: NodeKind;
    /** Identity within the back end: equal for two names of one file, never reused while the node is open. */
    readonly id: bigint;
    readonly size: number;
    /** Bytes taken on the medium. */
    readonly allocationSize: number;
    /** Number of names. */
    readonly links: number;
    /**
     * FILE_ATTRIBUTE_* ([MS-FSCC] 2.6) that the back end keeps, SPARSE_FILE, COMPRESSED and REPARSE_POINT among them;
     * DIRECTORY and NORMAL are derived from `kind` above.
     */
    readonly attributes: number;
    readonly creationTime: bigint;
    readonly lastAccessTime: bigint;
    readonly lastWriteTime: bigint;
    readonly changeTime: bigint;
    /** Bytes of its extended attributes as a list, where the medium tells at no cost ([MS-FSCC] 2.4.12). */
    readonly eaSize?: number;
    /** Absent where the medium knows no owners: everybody owns everything. */
    readonly posix?: PosixFacts;
}
export interface DirectoryEntry {
    readonly name: string;
    readonly info: NodeInfo;
}
/** A handle with the facts at the time of opening. */
export interface Opened<H> {
    readonly handle: H;
    readonly info: NodeInfo;
}
/**
 * What a handle will be used for. Neither: only `stat`, `setInfo`, `rename`, `remove`, `list` are called on it.
 * `read` without read and `write` or `truncate` without write: AccessDenied. Directories ignore both.
 */
export interface OpenAccess {
    readonly read: boolean;
    readonly write: boolean;
    /** A symlink that is the last component is opened itself, where the back end has `links`. */
    readonly link?: boolean;
}
/** What `setInfo` changes; what is absent stays. */
export interface InfoChange {
    /** SETTABLE_ATTRIBUTES of them; SPARSE_FILE and the others that tell what a node is are left as they are. */
    readonly attributes?: number;
    /** FILE_ATTRIBUTE_SPARSE_FILE, where the back end has `extents`. */
    readonly sparse?: boolean;
    readonly creationTime?: bigint;
    readonly lastAccessTime?: bigint;
    readonly lastWriteTime?: bigint;
    readonly changeTime?: bigint;
}
/** Bytes of the medium. */
export interface Space {
    readonly total: number;
    readonly free: number;
    /** Bytes of an allocation unit. */
    readonly unit: number;
}
/** The medium as a volume. */
export interface Volume {
    readonly label: string;
    /** 32 bits. */
    readonly serial: number;
    /** What the file system calls itself to clients; "NTFS" makes Windows offer its features. */
    readonly fileSystem: string;
    readonly creationTime: bigint;
    /** Names that differ in case only are different names to the medium. */
    readonly caseSensitive: boolean;
    /** Longest component, in UTF-16 units. */
    readonly maxNameLength: number;
}
/** A change that somebody made to the medium. `modified` covers data, size, times and attributes. */
export interface MediumChange {
    readonly what: 'added' | 'removed' | 'modified';
    /** Relative to the share. */
    readonly path: Path;
    /**
     * Tells one state of the node, as it is when this is asked, from another: its size and times, say. Undefined if it is
     * not there any more. With it the server can tell its own deeds from those of others.
     */
    readonly stamp?: () => string | undefined;
}
/** A back end that can be read: five methods and a volume. `H` is its own idea of an open node. */
export interface ReadableBackend<H> {
    readonly volume: Volume;
    /**
     * Opens what exists. Components are matched exactly; symlinks are followed if they stay inside, the last one fails
     * with AccessDenied and an earlier one with ObjectPathNotFound otherwise. Nodes of kind `other` open without read
     * and write only (AccessDenied).
     */
    open(path: Path, access: OpenAccess): Eventually<Opened<H>>;
    close(handle: H): Eventually<void>;
    stat(handle: H): Eventually<NodeInfo>;
    /** Fills `into` from `offset` as far as the file goes and returns the number of bytes; 0 at the end. */
    read(handle: H, into: Uint8Array, offset: number): Eventually<number>;
    /**
     * The entries of a directory in batches, without `.` and `..`, in the back end's order. What is added or removed
     * meanwhile may be seen or not; all else is seen once. A symlink has the facts of what it leads to; one that cannot
     * be followed is left out.
     */
    list(handle: H): AsyncIterable<readonly DirectoryEntry[]>;
    space?(): Eventually<Space>;
    /**
     * The stored spelling of a name that differs in case only, or undefined. Without it the directory is searched.
     */
    findName?(directory: Path, name: string): Eventually<string | undefined>;
    /**
     * Reports changes below a directory, made by anybody, the owner of this back end included. A best effort: changes
     * may be reported twice, late, or, beyond what the medium can watch, not at all. Ends with `close()`.
     */
    watch?(directory: Path, recursive: boolean, report: (change: MediumChange) => void): MediumWatch;
    /** The path of a node by its number, as far as it can be known. */
    pathOf?(id: bigint): Eventually<Path | undefined>;
    readonly streams?: Streams<H>;
    readonly eas?: ExtendedAttributes<H>;
    readonly descriptors?: Descriptors<H>;
    readonly extents?: Extents<H>;
    readonly links?: Links<H>;
    readonly locks?: FileLocks<H>;
    readonly snapshots?: Snapshots;
}
export interface MediumWatch {
    close(): void;
}
/** What a back end that can be written adds. All or nothing; single operations may throw NotSupported. */
export interface WritableBackend<H> extends ReadableBackend<H> {
    /**
     * Makes a file or directory; ObjectNameCollision if the name is taken, by whatever. The handle can be read and
     * written.
     */
    create(path: Path, kind: 'file' | 'directory', attributes: number): Eventually<Opened<H>>;
    /** Writes all of `from` at `offset`, the file growing as needed. */
    write(handle: H, from: Uint8Array, offset: number): Eventually<void>;
    truncate(handle: H, size: number): Eventually<void>;
    /** Returns when written data is on the medium. */
    flush(handle: H): Eventually<void>;
    /** What the medium cannot keep is dropped; `stat` tells. */
    setInfo(handle: H, change: InfoChange): Eventually<void>;
    /**
     * Gives the node a new place; the handle goes on being valid, and so do handles of nodes below a directory.
     * ObjectNameCollision if it is taken, unless `replace` and what stands there is no directory. Its present place
     * is fine. AccessDenied for the root, InvalidParameter for a place below the node itself, ObjectNameNotFound if the
     * name has been taken away already. A node opened through a symlink: the symlink is what moves.
     */
    rename(handle: H, to: Path, replace: boolean): Eventually<void>;
    /**
     * Takes the name away: a file, or a directory that is empty, or the symlink that the node was opened through. The
     * handle may still be read, written and asked (`links` is then one less) and must be closed. AccessDenied for the
     * root, ObjectNameNotFound if the name has been taken away already.
     */
    remove(handle: H): Eventually<void>;
    readonly copies?: RangeCopies<H>;
    /** Another name for an open file; ObjectNameCollision as with `rename`. */
    hardLink?(node: H, to: Path, replace: boolean): Eventually<void>;
}
/** Any back end; what its handles are is its own business. */
export type Backend = ReadableBackend<unknown> | WritableBackend<unknown>;
export declare function isWritable<H>(backend: ReadableBackend<H>): backend is WritableBackend<H>;
// fs/capabilities.d.ts
import type { Eventually, OpenAccess, Opened, Path, ReadableBackend } from './backend.js';
/**
 * What a back end may offer beyond plain files, each as an object of its own; what is absent is not advertised to
 * clients. A back end that cannot be written offers the reading half and throws MediaWriteProtected for the rest.
 */
/** A named data stream of a node; '' is the unnamed one of a file and never listed. */
export interface StreamInfo {
    /** As it was made: case is kept, and does not matter to whoever asks. */
    readonly name: string;
    readonly size: number;
    readonly allocationSize: number;
}
/**
 * Named streams ([MS-FSCC] 2.1.5). The handle of a stream is a handle like others: `read`, `write`, `truncate`, `flush`
 * and the extents are the stream's; `setInfo`, times, attributes, descriptors and extended attributes are those of
 * the node it belongs to. `stat` tells the node's facts with the stream's size and allocation. Names are found without
 * regard to case. `rename` and `remove` of the back end itself are never called with a stream's handle.
 */
export interface Streams<H> {
    /** ObjectNameNotFound if there is no such stream. */
    open(node: H, name: string, access: OpenAccess): Eventually<Opened<H>>;
    /** An empty stream, which can be read and written; ObjectNameCollision if there is one. */
    create(node: H, name: string): Eventually<Opened<H>>;
    /** All named ones, in an order that stays. */
    list(node: H): Eventually<readonly StreamInfo[]>;
    /** Takes the stream away; the handle may still be read and written and must be closed. */
    remove(stream: H): Eventually<void>;
    /**
     * A new name; ObjectNameCollision if it is taken, unless `replace`. '' makes it the file's unnamed stream, whose
     * content it replaces.
     */
    rename(stream: H, name: string, replace: boolean): Eventually<void>;
}
/** An extended attribute ([MS-FSCC] 2.4.16). Names are ASCII, up to 255 bytes, without regard to case. */
export interface Ea {
    readonly name: string;
    /** FILE_NEED_EA or 0. */
    readonly flags: number;
    readonly value: Uint8Array;
}
export interface ExtendedAttributes<H> {
    list(node: H): Eventually<readonly Ea[]>;
    /** Sets each; one without a value is taken away. EaTooLarge when the medium cannot hold that much. */
    set(node: H, changes: readonly Ea[]): Eventually<void>;
}
/** Security descriptors, kept as the bytes of a self-relative one ([MS-DTYP] 2.4.6). */
export interface Descriptors<H> {
    /** Undefined when the node has none of its own. */
    get(node: H): Eventually<Uint8Array | undefined>;
    set(node: H, descriptor: Uint8Array): Eventually<void>;
}
/** Bytes from `offset` on. */
export interface Extent {
    readonly offset: number;
    readonly length: number;
}
/** What of a file takes space on the medium. */
export interface Extents<H> {
    /** Where data is within a range, in order; at most `limit` of them. */
    allocated(handle: H, range: Extent, limit: number): Eventually<readonly Extent[]>;
    /** Makes a range read as zeros and gives its space back where the medium can; the size stays. */
    zero(handle: H, range: Extent): Eventually<void>;
    /** Sets space aside up to `size` bytes in all; the file's size stays. DiskFull when there is none. */
    preallocate?(handle: H, size: number): Eventually<void>;
}
/** Copies inside of the medium; both handles are of this back end, `to` can be written. */
export interface RangeCopies<H> {
    /** Copies as far as the source goes and returns the number of bytes; ranges of one file do not overlap. */
    copy(from: H, fromOffset: number, to: H, toOffset: number, length: number): Eventually<number>;
    /**
     * Lets both share the blocks; absent when the medium cannot. Offsets are multiples of the unit, and so is the length
     * unless it ends where the source does. The range lies within both files, and does not overlap itself.
     */
    clone?(from: H, fromOffset: number, to: H, toOffset: number, length: number): Eventually<void>;
}
/** A byte range; both numbers may be anything below 2^64. */
export interface LockedRange {
    readonly offset: bigint;
    readonly length: bigint;
    readonly exclusive: boolean;
}
/**
 * Byte-range locks that other programs on the medium see, and theirs. Who of our clients has locked what is decided above;
 * a handle's own locks never stand in its way.
 */
export interface FileLocks<H> {
    /**
     * Locks a range for a handle, in place of what that has locked of it; false if another program's lock stands in the way.
     * What cannot be locked there (a place between two bytes, a range beyond what the medium counts) is left alone.
     */
    take(handle: H, range: LockedRange): Eventually<boolean>;
    give(handle: H, range: LockedRange): Eventually<void>;
    /** Whether another program's lock stands in the way of reading, or writing, bytes: asked for each READ and WRITE. */
    blocks(handle: H, offset: number, length: number, write: boolean): Eventually<boolean>;
}
/**
 * Symlinks as such. `open` with `access.link` opens one that is the last component instead of following it; its kind is
 * `symlink`, and it can be asked, renamed, removed and read by `target`.
 */
export interface Links<H> {
    /** What a symlink says, as it is stored: `/` between components, relative or absolute. */
    target(link: H): Eventually<string>;
    /** Makes a symlink; ObjectNameCollision if the name is taken. */
    make(path: Path, target: string): Eventually<void>;
}
/** Former states of the whole tree, by their `@GMT-YYYY.MM.DD-HH.MM.SS` tokens ([MS-SMB2] 2.2.32.2). */
export interface Snapshots {
    /** Newest first. */
    list(): Eventually<readonly string[]>;
    /** A tree that can only be read, a volume with a serial number of its own; undefined if there is none of that time. */
    open(token: string): Eventually<ReadableBackend<unknown> | undefined>;
}
/** Who owns a node as far as the medium's own permissions go. */
export interface PosixFacts {
    readonly uid: number;
    readonly gid: number;
    /** Permission bits: 0o7777. */
    readonly mode: number;
    /** This process has the owner's rights: it is the owner, or root. */
    readonly owned: boolean;
}
// fs/clock.d.ts
/** Now, as FILETIME. */
export type Clock = () => bigint;
export declare const systemClock: Clock;
// fs/from-node-fs.d.ts
import type { NodeInfo, OpenAccess, Path, WritableBackend } from './backend.js';
import type { FileHandleLike, FsPromisesLike } from './node-fs-like.js';
export interface NodeFsOptions {
    readonly label?: string;
    /** Default true. */
    readonly caseSensitive?: boolean;
}
/** An open node of a file system in the shape of Node's. */
export interface NodeFsHandle {
    path: Path;
    readonly info: NodeInfo;
    readonly access: OpenAccess;
    /** Directories have none. */
    readonly file: FileHandleLike | undefined;
    /** What the name stood for: a symlink's number differs from that of what it leads to. */
    readonly nameIno: number;
}
/**
 * Serves anything with the interface of `fs.promises`, below `root`. Paths are resolved and then used: fine for file
 * systems that nobody else changes meanwhile; for directories of this machine there is `localDirectory`. Attributes
 * other than READONLY and times other than those of access and writing are not kept.
 */
export declare function fromNodeFs(fs: FsPromisesLike, root?: string, options?: NodeFsOptions): WritableBackend<NodeFsHandle>;
// fs/local/handle.d.ts
import { type BigIntStats } from 'node:fs';
import type { NodeKind, OpenAccess } from '../backend.js';
import type { Found } from './containment.js';
import type { ByteString } from './name-map.js';
import type { LocalStream } from './stream.js';
/** An open node of a local directory. */
export declare class LocalHandle {
    #private;
    /** -1 if it has none or is closed. */
    fd: number;
    /** Where it was opened, kept up to date by renames through this back end. */
    path: ByteString;
    readonly kind: NodeKind;
    readonly readable: boolean;
    readonly writable: boolean;
    readonly dev: bigint;
    /** Of the node. */
    readonly ino: bigint;
    /** Of what the name stands for: the symlink if there is one. */
    readonly nameDev: bigint;
    readonly nameIno: bigint;
    /** Time of birth in ns. */
    readonly birth: bigint;
    /** The named stream that it is a handle of; `fd` is the node's then. */
    readonly stream: LocalStream | undefined;
    closed: boolean;
    constructor(path: ByteString, found: Found, access: OpenAccess, stream?: LocalStream);
    /** Runs an operation of the thread pool on the descriptor, which stays open meanwhile whoever closes the handle. */
    use<T>(operation: (fd: number) => Promise<T>): Promise<T>;
    /** As `use`, one after the other: several writers of one file only wait for each other, in the kernel, spinning. */
    useAlone<T>(operation: (fd: number) => Promise<T>): Promise<T>;
    /** Closes the descriptor, now or when the last operation on it has ended. */
    close(): void;
    /** The descriptor reads or writes, so that functions on descriptors work. */
    get hasData(): boolean;
    get throughLink(): boolean;
}
export declare function kindOf(stats: BigIntStats): NodeKind;
// fs/local/local-directory.d.ts
import type { WritableBackend } from '../backend.js';
import { LocalHandle } from './handle.js';
import type { LocalDirectoryOptions } from './options.js';
/**
 * A directory of this machine as a share.
 *
 * Metadata is asked for synchronously: an open with all checks takes 15 to 20 µs so, 300 µs by way of Node's thread
 * pool, of which the event loop is busy for most anyhow. Data goes by `DataIo`; flushing, space and reading
 * directories for look-ups go through the pool.
 */
export declare function localDirectory(root: string, options?: LocalDirectoryOptions): WritableBackend<LocalHandle>;
// fs/local/options.d.ts
import type { Clock } from '../clock.js';
export interface LocalDirectoryOptions {
    /** The volume's name; the directory's name otherwise. */
    readonly label?: string;
    /** Files whose names begin with a full stop are HIDDEN unless a client says otherwise. Default true. */
    readonly hideDotFiles?: boolean;
    /** Permissions of new files, of which the process's umask takes its bits away. Default 0o666. */
    readonly fileMode?: number;
    /** Permissions of new directories, likewise. Default 0o777. */
    readonly directoryMode?: number;
    /**
     * Where things are kept that the file system cannot keep: attributes, streams and descriptors where it has no
     * extended attributes, large streams, exact times. A directory (made when it is first needed; default `.sombrero` in
     * the share, which no client sees), or false: they are dropped or refused. What is kept there belongs to the node and
     * does not go along when files are copied by other ways.
     */
    readonly sidecar?: string | false;
    /** Nodes that the sidecar remembers at most. Default 100,000. */
    readonly sidecarLimit?: number;
    /** Directories watched at most for one change notification of a tree. Default 4096. */
    readonly watchLimit?: number;
    /**
     * Whether what clients lock is locked for programs of this machine as well, by fcntl, and theirs for clients, where the
     * system can (Linux, with the optional package for native calls). Costs half a microsecond for each READ and WRITE; on
     * file systems of the network, which ask their server each time, rather leave it out. Default true.
     */
    readonly advisoryLocks?: boolean;
    readonly clock?: Clock;
    /** How to stay inside: by /proc/self/fd where there is one, else by resolving paths. */
    readonly containment?: 'auto' | 'realpath';
    /** Whether calls of Linux may be used that Node does not have, if the optional package for that is there. Default true. */
    readonly native?: boolean;
    /**
     * The extended attribute that security descriptors are kept in, as Samba's `acl_xattr:security_acl_name`. The default,
     * `security.NTACL`, is for root alone; without that right they go to the sidecar. Names in `user.` are for everybody who
     * may write the file, past us, too.
     */
    readonly descriptorName?: string;
    /**
     * Where former states of the share are: a directory with directories `@GMT-YYYY.MM.DD-HH.MM.SS` in it. Default
     * `.snapshots` in the share if that is there. In the root of the share no client sees it or gets below it.
     */
    readonly snapshots?: string | false;
}
// fs/local/state-directory.d.ts
import type { StateStore } from '../state-store.js';
/**
 * Records as files of a directory, which is made if it is missing and which nobody else may look into. Each is written
 * beside the one before, flushed, and put into its place; then the directory is flushed. What is added is written behind it
 * and flushed. From `load` to `close` it is this store's alone.
 */
export declare function stateDirectory(path: string): StateStore;
// fs/local/unix-names.d.ts
import type { UnixNames } from '../unix-names.js';
/** The users and groups of this machine, as /etc/passwd and /etc/group have them. */
export declare function unixNames(passwd?: string, group?: string): UnixNames;
// fs/memory/handle.d.ts
import type { OpenAccess } from '../backend.js';
import type { Chunks } from './chunks.js';
import type { Entry, MemoryNode, MemoryStream } from './node.js';
/** An open node, or named stream of one, of a back end in memory. */
export declare class MemoryHandle {
    readonly node: MemoryNode;
    /** The name that it was opened by: a symlink's, if one led to the node. */
    readonly entry: Entry;
    readonly access: OpenAccess;
    readonly stream: MemoryStream | undefined;
    closed: boolean;
    constructor(node: MemoryNode, entry: Entry, access: OpenAccess, stream?: MemoryStream);
}
export declare function opened(handle: MemoryHandle): MemoryNode;
/** What a handle reads and writes. */
export declare function contentOf(handle: MemoryHandle, allowed: boolean): Chunks;
// fs/memory/memory.d.ts
import type { WritableBackend } from '../backend.js';
import { type Clock } from '../clock.js';
import { MemoryHandle } from './handle.js';
export interface MemoryOptions {
    /** Bytes that files and directories may take together, DiskFull beyond. Default 1 GiB. */
    readonly limit?: number;
    readonly clock?: Clock;
    readonly label?: string;
}
/** A tree of nodes in memory: for tests, scratch shares, and as the plainest example of a back end. */
export declare function memory(options?: MemoryOptions): WritableBackend<MemoryHandle>;
// fs/node-fs-like.d.ts
/** What is used of `fs.Stats`. */
export interface StatsLike {
    readonly ino: number;
    readonly mode: number;
    readonly nlink: number;
    readonly size: number;
    readonly blocks?: number;
    readonly atimeMs: number;
    readonly mtimeMs: number;
    readonly ctimeMs: number;
    readonly birthtimeMs: number;
    isFile(): boolean;
    isDirectory(): boolean;
    isSymbolicLink(): boolean;
}
/** What is used of `fs.promises.FileHandle`. */
export interface FileHandleLike {
    stat(): Promise<StatsLike>;
    read(into: Uint8Array, offset: number, length: number, position: number): Promise<{
        bytesRead: number;
    }>;
    write(from: Uint8Array, offset: number, length: number, position: number): Promise<{
        bytesWritten: number;
    }>;
    truncate(size: number): Promise<void>;
    sync(): Promise<void>;
    close(): Promise<void>;
}
/** What is used of `fs.promises`, be it Node's, memfs's or somebody else's. */
export interface FsPromisesLike {
    open(path: string, flags: string, mode?: number): Promise<FileHandleLike>;
    stat(path: string): Promise<StatsLike>;
    lstat(path: string): Promise<StatsLike>;
    realpath(path: string): Promise<string>;
    readdir(path: string): Promise<string[]>;
    mkdir(path: string): Promise<unknown>;
    rename(from: string, to: string): Promise<void>;
    unlink(path: string): Promise<void>;
    rmdir(path: string): Promise<void>;
    utimes(path: string, atime: number | Date, mtime: number | Date): Promise<void>;
    chmod(path: string, mode: number): Promise<void>;
    /** With this and the next there are symlinks as such. */
    readlink?(path: string): Promise<string>;
    symlink?(target: string, path: string): Promise<void>;
    /** With this files can have further names. */
    link?(from: string, to: string): Promise<void>;
}
// fs/read-only.d.ts
import type { ReadableBackend } from './backend.js';
/**
 * The same tree without the methods that write; opening for writing is MediaWriteProtected, and so is what writes of
 * the capabilities.
 */
export declare function readOnly<H>(backend: ReadableBackend<H>): ReadableBackend<H>;
// fs/state-store.d.ts
import type { Eventually } from './backend.js';
/**
 * What has to survive a server: small records, each under a key of letters, digits and `-`, each replaced as a whole or
 * added to. One server at a time uses it, from `load` to `close`.
 */
export interface StateStore {
    /**
     * All records that are whole. What is damaged is put aside and told to `damaged`. SharingViolation if another server
     * that is alive uses the store.
     */
    load(damaged: (what: string) => void): Eventually<ReadonlyMap<string, Uint8Array>>;
    /** Returns when the record is on the medium for good: whatever happens from now on, it is there as a whole. */
    put(key: string, record: Uint8Array): Promise<void>;
    /**
     * Adds bytes to the end of a record that has been put since `load`: likewise, and where it does not come to its end, all
     * of them are there or none. For one record one at a time. After a failure the record has to be put anew.
     */
    append(key: string, addition: Uint8Array): Promise<void>;
    /** Likewise, when it is gone for good. A record that is not there is fine. */
    delete(key: string): Promise<void>;
    /** The server is at its end: another one may use the store. */
    close?(): Promise<void>;
}
// fs/unix-names.d.ts
import type { Eventually } from './backend.js';
/** The names behind the numbers of a Unix system's owners; undefined for what has no name, or no number. */
export interface UnixNames {
    userName(uid: number): Eventually<string | undefined>;
    groupName(gid: number): Eventually<string | undefined>;
    uid(name: string): Eventually<number | undefined>;
    gid(name: string): Eventually<number | undefined>;
}
