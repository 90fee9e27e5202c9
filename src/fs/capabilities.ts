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
