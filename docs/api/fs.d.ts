// fs/index.d.ts
/** `sombrero/fs`: back ends, which provide what a server shares. */
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
 * What can be served: a tree of named nodes. Windows semantics (share modes, delete-pending, locks, name rules,
 * case-insensitive lookup, access checks) are implemented once, in the layer above; a back end does plain operations
 * only.
 *
 * To fail, throw `new StatusError(NtStatus.X)`: ObjectNameNotFound (the last component is missing),
 * ObjectPathNotFound (an earlier one is missing or not a directory), ObjectNameInvalid (the medium cannot store such
 * a name), ObjectNameCollision, AccessDenied, NotADirectory (`list` of a file), FileIsADirectory (`read`, `write`,
 * `truncate` of a directory), DirectoryNotEmpty, DiskFull, MediaWriteProtected, NotSupported; or other errors of the
 * medium: TooManyOpenedFiles, NotSameDevice, IoDeviceError.
 * Methods may be synchronous or return a promise, and may fail by throwing or by rejecting.
 */
export type Eventually<T> = T | Promise<T>;
/**
 * A path inside the share: components joined by `/`, without a leading or trailing one; `''` is the root. Components
 * are in the back end's spelling, are never empty, `.` or `..`, and contain no `/`, `\` or NUL.
 */
export type Path = string;
export type NodeKind = 'file' | 'directory' | 'symlink' | 'other';
/** Metadata of a node. Times are FILETIME ([MS-DTYP] 2.3.3); sizes are in bytes. */
export interface NodeInfo {
    readonly kind: NodeKind;
    /** Unique within the back end: equal for all names of one file, never reused while the node is open. */
    readonly id: bigint;
    readonly size: number;
    /** Bytes allocated on the medium. */
    readonly allocationSize: number;
    /** Number of names (hard links). */
    readonly links: number;
    /**
     * FILE_ATTRIBUTE_* ([MS-FSCC] 2.6) that the back end stores, including SPARSE_FILE, COMPRESSED and REPARSE_POINT;
     * the layer above derives DIRECTORY and NORMAL from `kind`.
     */
    readonly attributes: number;
    readonly creationTime: bigint;
    readonly lastAccessTime: bigint;
    readonly lastWriteTime: bigint;
    readonly changeTime: bigint;
    /** Bytes of the list of its extended attributes ([MS-FSCC] 2.4.12), if the medium knows it at no extra cost. */
    readonly eaSize?: number;
    /** Absent if the medium has no owners: then everybody owns everything. */
    readonly posix?: PosixFacts;
}
export interface DirectoryEntry {
    readonly name: string;
    readonly info: NodeInfo;
}
/** A handle, and the node's metadata when it was opened. */
export interface Opened<H> {
    readonly handle: H;
    readonly info: NodeInfo;
}
/**
 * What a handle will be used for. With neither, only `stat`, `setInfo`, `rename`, `remove` and `list` are called on
 * it. `read` without read access, and `write` or `truncate` without write access, are AccessDenied. Directories ignore
 * both.
 */
export interface OpenAccess {
    readonly read: boolean;
    readonly write: boolean;
    /** Opens a symlink in the last component itself instead of following it, if the back end has `links`. */
    readonly link?: boolean;
}
/** What `setInfo` changes; absent fields stay as they are. */
export interface InfoChange {
    /** Only SETTABLE_ATTRIBUTES are changed; SPARSE_FILE and others that describe the node stay as they are. */
    readonly attributes?: number;
    /** FILE_ATTRIBUTE_SPARSE_FILE, if the back end has `extents`. */
    readonly sparse?: boolean;
    readonly creationTime?: bigint;
    readonly lastAccessTime?: bigint;
    readonly lastWriteTime?: bigint;
    readonly changeTime?: bigint;
}
/** Capacity of the medium in bytes. */
export interface Space {
    readonly total: number;
    readonly free: number;
    /** Size of an allocation unit. */
    readonly unit: number;
}
/** The medium as a volume. */
export interface Volume {
    readonly label: string;
    /** 32 bits. */
    readonly serial: number;
    /** File system name shown to clients; "NTFS" makes Windows offer NTFS features. */
    readonly fileSystem: string;
    readonly creationTime: bigint;
    /** The medium treats names that differ only in case as different. */
    readonly caseSensitive: boolean;
    /** Longest component, in UTF-16 units. */
    readonly maxNameLength: number;
}
/** A change made to the medium by anybody. `modified` covers data, size, times and attributes. */
export interface MediumChange {
    readonly what: 'added' | 'removed' | 'modified';
    /** Relative to the share. */
    readonly path: Path;
    /**
     * Identifies the current state of the node, for example by its size and times; undefined if it is gone. Lets the
     * server tell its own changes from those of others.
     */
    readonly stamp?: () => string | undefined;
}
/** A back end that can be read: five methods and a volume. `H` is its own type for an open node. */
export interface ReadableBackend<H> {
    readonly volume: Volume;
    /**
     * Opens an existing node. Components are matched exactly. Symlinks are followed if they stay inside; otherwise one in
     * the last component fails with AccessDenied, an earlier one with ObjectPathNotFound. Nodes of kind `other` can be
     * opened only without read and write (else AccessDenied).
     */
    open(path: Path, access: OpenAccess): Eventually<Opened<H>>;
    close(handle: H): Eventually<void>;
    stat(handle: H): Eventually<NodeInfo>;
    /** Reads into `into` from `offset` on, up to the end of the file. Returns the number of bytes; 0 at the end. */
    read(handle: H, into: Uint8Array, offset: number): Eventually<number>;
    /**
     * The entries of a directory in batches, without `.` and `..`, in the back end's order. Entries added or removed
     * meanwhile may or may not appear; all others appear once. A symlink has the metadata of its target; one that cannot
     * be followed is left out.
     */
    list(handle: H): AsyncIterable<readonly DirectoryEntry[]>;
    space?(): Eventually<Space>;
    /**
     * The stored spelling of a name that differs only in case, or undefined. If absent, the directory is searched.
     */
    findName?(directory: Path, name: string): Eventually<string | undefined>;
    /**
     * Reports changes below a directory made by anybody, including through this back end. Best effort: changes may be
     * reported twice, late, or, beyond what the medium can watch, not at all. Ends with `close()`.
     */
    watch?(directory: Path, recursive: boolean, report: (change: MediumChange) => void): MediumWatch;
    /** The path of a node by its id, if it can be determined. */
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
/** What a writable back end adds. All non-optional methods must be present, but each may throw NotSupported. */
export interface WritableBackend<H> extends ReadableBackend<H> {
    /**
     * Creates a file or directory; ObjectNameCollision if the name is taken by any kind of node. The handle can be read
     * and written.
     */
    create(path: Path, kind: 'file' | 'directory', attributes: number): Eventually<Opened<H>>;
    /** Writes all of `from` at `offset`, extending the file as needed. */
    write(handle: H, from: Uint8Array, offset: number): Eventually<void>;
    truncate(handle: H, size: number): Eventually<void>;
    /** Completes when written data is on the medium. */
    flush(handle: H): Eventually<void>;
    /** Values that the medium cannot store are dropped; `stat` shows what was kept. */
    setInfo(handle: H, change: InfoChange): Eventually<void>;
    /**
     * Moves the node to a new path; its handle stays valid, and so do handles of nodes below a directory.
     * ObjectNameCollision if the path is taken, unless `replace` is set and it is not a directory; the node's current
     * path is allowed. AccessDenied for the root, InvalidParameter for a path below the node itself, ObjectNameNotFound
     * if the name has been removed already. If the node was opened through a symlink, the symlink is moved.
     */
    rename(handle: H, to: Path, replace: boolean): Eventually<void>;
    /**
     * Removes the name: of a file, of an empty directory, or of the symlink that the node was opened through. The handle
     * still supports reading, writing and `stat` (with one link less) and must be closed. AccessDenied for the root,
     * ObjectNameNotFound if the name has been removed already.
     */
    remove(handle: H): Eventually<void>;
    readonly copies?: RangeCopies<H>;
    /** Adds a name for an open file; ObjectNameCollision as with `rename`. */
    hardLink?(node: H, to: Path, replace: boolean): Eventually<void>;
}
/** Any back end, whatever the type of its handles. */
export type Backend = ReadableBackend<unknown> | WritableBackend<unknown>;
export declare function isWritable<H>(backend: ReadableBackend<H>): backend is WritableBackend<H>;
// fs/capabilities.d.ts
import type { Eventually, OpenAccess, Opened, Path, ReadableBackend } from './backend.js';
/**
 * Optional capabilities of a back end beyond plain files, each an object of its own; absent ones are not advertised to
 * clients. A read-only back end offers the reading half and throws MediaWriteProtected for the rest.
 */
/** A named data stream of a node; '' is a file's unnamed stream, which is never listed. */
export interface StreamInfo {
    /** As created: case-preserving, matched case-insensitively. */
    readonly name: string;
    readonly size: number;
    readonly allocationSize: number;
}
/**
 * Named streams ([MS-FSCC] 2.1.5). A stream's handle is an ordinary handle: `read`, `write`, `truncate`, `flush` and
 * the extents act on the stream; `setInfo`, times, attributes, descriptors and extended attributes on its node. `stat`
 * returns the node's metadata with the stream's size and allocation size. Names are case-insensitive. The back end's
 * own `rename` and `remove` are never called with a stream's handle.
 */
export interface Streams<H> {
    /** Opens an existing stream; ObjectNameNotFound if there is none. */
    open(node: H, name: string, access: OpenAccess): Eventually<Opened<H>>;
    /** Creates an empty stream, opened for reading and writing; ObjectNameCollision if it exists. */
    create(node: H, name: string): Eventually<Opened<H>>;
    /** All named streams, in a stable order. */
    list(node: H): Eventually<readonly StreamInfo[]>;
    /** Removes the stream; the handle can still be read and written, and must be closed. */
    remove(stream: H): Eventually<void>;
    /**
     * Renames the stream; ObjectNameCollision if the name is taken, unless `replace`. '' makes it the file's unnamed
     * stream, replacing that one's content.
     */
    rename(stream: H, name: string, replace: boolean): Eventually<void>;
}
/** An extended attribute ([MS-FSCC] 2.4.16). Names are ASCII, up to 255 bytes, and case-insensitive. */
export interface Ea {
    readonly name: string;
    /** FILE_NEED_EA or 0. */
    readonly flags: number;
    readonly value: Uint8Array;
}
export interface ExtendedAttributes<H> {
    list(node: H): Eventually<readonly Ea[]>;
    /** Sets each attribute; an empty value removes it. EaTooLarge if the medium cannot hold that much. */
    set(node: H, changes: readonly Ea[]): Eventually<void>;
}
/** Security descriptors, stored in self-relative form ([MS-DTYP] 2.4.6). */
export interface Descriptors<H> {
    /** Undefined if the node has none of its own. */
    get(node: H): Eventually<Uint8Array | undefined>;
    set(node: H, descriptor: Uint8Array): Eventually<void>;
}
/** A range of bytes. */
export interface Extent {
    readonly offset: number;
    readonly length: number;
}
/** Which parts of a file take space on the medium. */
export interface Extents<H> {
    /** The allocated extents within a range, in order; at most `limit` of them. */
    allocated(handle: H, range: Extent, limit: number): Eventually<readonly Extent[]>;
    /** Makes a range read as zeros, freeing its space if the medium can; the file size stays. */
    zero(handle: H, range: Extent): Eventually<void>;
    /** Allocates space up to a total of `size` bytes; the file size stays. DiskFull if there is not enough. */
    preallocate?(handle: H, size: number): Eventually<void>;
}
/** Server-side copies; both handles belong to this back end, and `to` is writable. */
export interface RangeCopies<H> {
    /** Copies up to the end of the source and returns the number of bytes; ranges within one file do not overlap. */
    copy(from: H, fromOffset: number, to: H, toOffset: number, length: number): Eventually<number>;
    /**
     * Makes both files share the blocks; absent if the medium cannot. Offsets are multiples of the allocation unit, and
     * so is the length unless the range ends at the end of the source. The ranges lie within the files and do not
     * overlap.
     */
    clone?(from: H, fromOffset: number, to: H, toOffset: number, length: number): Eventually<void>;
}
/** A byte range; offset and length may be any value below 2^64. */
export interface LockedRange {
    readonly offset: bigint;
    readonly length: bigint;
    readonly exclusive: boolean;
}
/**
 * Byte-range locks shared with other programs that use the medium. Conflicts between our own clients are handled in the
 * layer above; a handle's own locks never block it.
 */
export interface FileLocks<H> {
    /**
     * Locks a range for a handle, replacing the handle's own locks in it; false if another program's lock conflicts.
     * Ranges that the medium cannot lock (empty ones, or beyond its largest offset) are ignored.
     */
    take(handle: H, range: LockedRange): Eventually<boolean>;
    give(handle: H, range: LockedRange): Eventually<void>;
    /** Whether another program's lock conflicts with reading or writing a range; asked for each READ and WRITE. */
    blocks(handle: H, offset: number, length: number, write: boolean): Eventually<boolean>;
}
/**
 * Symlinks as nodes. `open` with `access.link` opens a symlink in the last component instead of following it. Its kind
 * is `symlink`, and it supports `stat`, `rename`, `remove` and `target`.
 */
export interface Links<H> {
    /** The stored target of a symlink, relative or absolute, with `/` between components. */
    target(link: H): Eventually<string>;
    /** Creates a symlink; ObjectNameCollision if the name is taken. */
    make(path: Path, target: string): Eventually<void>;
}
/** Snapshots of the whole tree, by their `@GMT-YYYY.MM.DD-HH.MM.SS` tokens ([MS-SMB2] 2.2.32.2). */
export interface Snapshots {
    /** Newest first. */
    list(): Eventually<readonly string[]>;
    /** A read-only tree, whose volume has its own serial number; undefined if there is no snapshot of that time. */
    open(token: string): Eventually<ReadableBackend<unknown> | undefined>;
}
/** Ownership of a node in the medium's own permissions. */
export interface PosixFacts {
    readonly uid: number;
    readonly gid: number;
    /** Permission bits: 0o7777. */
    readonly mode: number;
    /** This process has the owner's rights, being the owner or root. */
    readonly owned: boolean;
}
// fs/clock.d.ts
/** The current time as a FILETIME. */
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
/** An open node of a file system with the `fs.promises` interface. */
export interface NodeFsHandle {
    path: Path;
    readonly info: NodeInfo;
    readonly access: OpenAccess;
    /** Directories have none. */
    readonly file: FileHandleLike | undefined;
    /** Inode of the name itself: a symlink's differs from its target's. */
    readonly nameIno: number;
}
/**
 * Serves anything with the interface of `fs.promises`, below `root`. Paths are checked first and used afterwards, which
 * is safe only if nobody else changes the file system meanwhile; use `localDirectory` for directories of this machine.
 * Only the READONLY attribute and the access and write times are stored.
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
    /** -1 if there is none or the handle is closed. */
    fd: number;
    /** Path it was opened by, updated by renames through this back end. */
    path: ByteString;
    readonly kind: NodeKind;
    readonly readable: boolean;
    readonly writable: boolean;
    readonly dev: bigint;
    /** Inode number of the node. */
    readonly ino: bigint;
    /** Device and inode number of the name itself: the symlink, if it is one. */
    readonly nameDev: bigint;
    readonly nameIno: bigint;
    /** Birth time in ns. */
    readonly birth: bigint;
    /** The named stream, if it is a handle of one; `fd` is the node's then. */
    readonly stream: LocalStream | undefined;
    closed: boolean;
    constructor(path: ByteString, found: Found, access: OpenAccess, stream?: LocalStream);
    /** Runs a thread-pool operation on the descriptor, which stays open until then even if the handle is closed. */
    use<T>(operation: (fd: number) => Promise<T>): Promise<T>;
    /** As `use`, but one at a time: concurrent writers of one file would only spin in the kernel, waiting in turn. */
    useAlone<T>(operation: (fd: number) => Promise<T>): Promise<T>;
    /** Closes the descriptor now, or when the last operation on it has ended. */
    close(): void;
    /** Whether the descriptor is open for data, so that functions on descriptors work. */
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
 * Metadata calls are synchronous: an open with all checks takes 15 to 20 µs that way, but 300 µs through Node's thread
 * pool, most of which the event loop spends busy anyhow. Data goes through `DataIo`; flushes, free space and reading
 * directories for lookups go through the thread pool.
 */
export declare function localDirectory(root: string, options?: LocalDirectoryOptions): WritableBackend<LocalHandle>;
// fs/local/options.d.ts
import type { Clock } from '../clock.js';
export interface LocalDirectoryOptions {
    /** The volume's label. Default: the directory's name. */
    readonly label?: string;
    /** Files whose names begin with a dot are HIDDEN unless a client sets otherwise. Default true. */
    readonly hideDotFiles?: boolean;
    /** Permissions of new files, before the process's umask is applied. Default 0o666. */
    readonly fileMode?: number;
    /** Permissions of new directories, before the umask is applied. Default 0o777. */
    readonly directoryMode?: number;
    /**
     * Where to store what the file system cannot: attributes, streams and descriptors if it has no extended attributes,
     * large streams, exact times. A directory (created when first needed; default `.sombrero` in the share, invisible to
     * clients), or false to drop or refuse such data. The data belongs to the node and is lost when files are copied
     * by other means.
     */
    readonly sidecar?: string | false;
    /** Maximum number of nodes that the sidecar remembers. Default 100,000. */
    readonly sidecarLimit?: number;
    /** Maximum number of directories watched for one recursive change notification. Default 4096. */
    readonly watchLimit?: number;
    /**
     * Whether clients' byte-range locks and the fcntl locks of local programs exclude each other, if the system can do so
     * (Linux, with the optional package for native calls). Costs half a microsecond per READ and WRITE; better turned off
     * on network file systems, which ask their server each time. Default true.
     */
    readonly advisoryLocks?: boolean;
    readonly clock?: Clock;
    /** How to keep paths inside the root: 'auto' uses /proc/self/fd if available, else resolves paths. */
    readonly containment?: 'auto' | 'realpath';
    /** Whether to use Linux calls that Node lacks, if the optional package for them is installed. Default true. */
    readonly native?: boolean;
    /**
     * The extended attribute that holds security descriptors, as Samba's `acl_xattr:security_acl_name`. The default,
     * `security.NTACL`, needs root; otherwise descriptors are stored in the sidecar. Attributes in `user.` can also be
     * changed behind our back by anybody who may write the file.
     */
    readonly descriptorName?: string;
    /**
     * Where snapshots of the share are: a directory containing directories `@GMT-YYYY.MM.DD-HH.MM.SS`. Default
     * `.snapshots` in the share, if it exists. If in the root of the share, it is invisible and inaccessible to clients.
     */
    readonly snapshots?: string | false;
}
// fs/local/state-directory.d.ts
import type { StateStore } from '../state-store.js';
/**
 * Stores records as files in a directory, which is created if missing, with access for this user only. A record is
 * written to a temporary file, flushed and renamed into place; then the directory is flushed. Additions are written at
 * the end of the file and flushed. The directory is locked from `load` to `close`.
 */
export declare function stateDirectory(path: string): StateStore;
// fs/local/unix-names.d.ts
import type { UnixNames } from '../unix-names.js';
/** The users and groups of this machine, from /etc/passwd and /etc/group. */
export declare function unixNames(passwd?: string, group?: string): UnixNames;
// fs/memory/handle.d.ts
import type { OpenAccess } from '../backend.js';
import type { Chunks } from './chunks.js';
import type { Entry, MemoryNode, MemoryStream } from './node.js';
/** An open node, or named stream of one, of an in-memory back end. */
export declare class MemoryHandle {
    readonly node: MemoryNode;
    /** The name that it was opened by: the symlink's, if it was opened through one. */
    readonly entry: Entry;
    readonly access: OpenAccess;
    readonly stream: MemoryStream | undefined;
    closed: boolean;
    constructor(node: MemoryNode, entry: Entry, access: OpenAccess, stream?: MemoryStream);
}
export declare function opened(handle: MemoryHandle): MemoryNode;
/** The content that a handle reads and writes. */
export declare function contentOf(handle: MemoryHandle, allowed: boolean): Chunks;
// fs/memory/memory.d.ts
import type { WritableBackend } from '../backend.js';
import { type Clock } from '../clock.js';
import { MemoryHandle } from './handle.js';
export interface MemoryOptions {
    /** Bytes that files and directories may take together; DiskFull beyond that. Default 1 GiB. */
    readonly limit?: number;
    readonly clock?: Clock;
    readonly label?: string;
}
/** A tree of nodes in memory: for tests, scratch shares, and as the simplest example of a back end. */
export declare function memory(options?: MemoryOptions): WritableBackend<MemoryHandle>;
// fs/node-fs-like.d.ts
/** The part of `fs.Stats` that is used. */
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
/** The part of `fs.promises.FileHandle` that is used. */
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
/** The part of `fs.promises` that is used, from Node, memfs or another implementation. */
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
    /** With this and `symlink`, the back end has `links`. */
    readlink?(path: string): Promise<string>;
    symlink?(target: string, path: string): Promise<void>;
    /** With this, the back end has hard links. */
    link?(from: string, to: string): Promise<void>;
}
// fs/read-only.d.ts
import type { ReadableBackend } from './backend.js';
/**
 * The same tree without the methods that write. Opening for writing is MediaWriteProtected, and so are the writing
 * methods of the capabilities.
 */
export declare function readOnly<H>(backend: ReadableBackend<H>): ReadableBackend<H>;
// fs/state-store.d.ts
import type { Eventually } from './backend.js';
/**
 * State that survives a server restart: small records, each under a key of letters, digits and `-`, each replaced as a
 * whole or appended to. Used by one server at a time, from `load` to `close`.
 */
export interface StateStore {
    /**
     * All intact records. Damaged ones are moved aside and reported to `damaged`. SharingViolation if another running
     * server uses the store.
     */
    load(damaged: (what: string) => void): Eventually<ReadonlyMap<string, Uint8Array>>;
    /** Completes when the whole record is durable, so that it survives any crash from then on. */
    put(key: string, record: Uint8Array): Promise<void>;
    /**
     * Appends bytes to a record that has been put since `load`; durable on completion. If interrupted, either all or none
     * of the bytes are there. One call at a time per record. After a failure the record has to be put again.
     */
    append(key: string, addition: Uint8Array): Promise<void>;
    /** Deletes a record, if there is one; durable on completion. */
    delete(key: string): Promise<void>;
    /** The server is done, and another one may use the store. */
    close?(): Promise<void>;
}
// fs/unix-names.d.ts
import type { Eventually } from './backend.js';
/** Maps Unix user and group ids to names and back; undefined if there is no match. */
export interface UnixNames {
    userName(uid: number): Eventually<string | undefined>;
    groupName(gid: number): Eventually<string | undefined>;
    uid(name: string): Eventually<number | undefined>;
    gid(name: string): Eventually<number | undefined>;
}
