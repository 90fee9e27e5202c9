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
