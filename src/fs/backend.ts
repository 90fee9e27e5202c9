import type {
  Descriptors,
  ExtendedAttributes,
  Extents,
  FileLocks,
  Links,
  PosixFacts,
  RangeCopies,
  Snapshots,
  Streams,
} from './capabilities.js';

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

export function isWritable<H>(backend: ReadableBackend<H>): backend is WritableBackend<H> {
  return 'create' in backend;
}
