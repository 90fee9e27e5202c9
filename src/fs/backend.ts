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

export function isWritable<H>(backend: ReadableBackend<H>): backend is WritableBackend<H> {
  return 'create' in backend;
}
