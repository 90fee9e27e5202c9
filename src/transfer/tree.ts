import type { Dots } from '#client/index.js';

/** The kind of an entry. 'other' stands for devices, pipes and sockets, which have no data of their own. */
export type EntryKind = 'file' | 'directory' | 'link' | 'other';

/** A file or directory of a tree. */
export interface TreeEntry {
  readonly name: string;
  readonly kind: EntryKind;
  /** In bytes; 0 unless it is a file. */
  readonly size: number;
  /** False if parts of it are known to take no space on the medium. */
  readonly dense: boolean;
  readonly mtime: Date;
  readonly atime: Date;
  readonly birthtime: Date;
  /** FILE_ATTRIBUTE_* bits that users set: read-only, hidden, system, archive. */
  readonly attributes: number;
  /** Entries of one tree with the same id are the same file; '' if unknown. */
  readonly id: string;
  /** Of the directory that contains it, where the listing includes that. */
  readonly dots?: Dots | undefined;
}

/** Identifies the state of a file that a transfer is about. */
export interface Version {
  readonly size: number;
  readonly mtime: Date;
}

/** Set on a file or directory when it is complete; the tree decides about what is absent. */
export interface Facts {
  readonly mtime?: Date;
  readonly atime?: Date;
  readonly birthtime?: Date;
  readonly attributes?: number;
}

/** A range of a file that holds data; `end` is exclusive. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** Options common to all calls. */
export interface TreeControl {
  readonly signal?: AbortSignal | undefined;
}

/** Takes the bytes at a position. */
export type Taker = (bytes: Uint8Array, position: number) => Promise<void>;

/** A file to read from. */
export interface SourceFile {
  /** Its current size and time. */
  inspect(control: TreeControl): Promise<Version>;
  /** Returns the number of bytes read: less than requested only at the end of the file. */
  read(into: Uint8Array, position: number, control: TreeControl): Promise<number>;
  /**
   * Reads `length` bytes and passes them to `take` as they arrive, in any order; they are valid until it resolves.
   * Returns the number of bytes read. Saves a copy where the bytes are in memory anyway.
   */
  readEach?(position: number, length: number, take: Taker, control: TreeControl): Promise<number>;
  /** Where the data is, in order; undefined if everywhere, or unknown. */
  extents?(size: number, control: TreeControl): Promise<readonly Extent[] | undefined>;
  close(): Promise<void>;
}

/** A file to write to. */
export interface TargetFile extends SourceFile {
  write(data: Uint8Array, position: number, control: TreeControl): Promise<void>;
  truncate(size: number, control: TreeControl): Promise<void>;
  /** From now on, unwritten ranges take no space, if the medium supports that. */
  makeSparse(control: TreeControl): Promise<unknown>;
  /**
   * Copies a whole file of the same server, holes included, on the server if it can. False if the file is elsewhere.
   */
  copyFrom?(source: SourceFile, onBytes: (count: number) => void, control: TreeControl): Promise<boolean>;
  /** Sets times and attributes and closes the file; with `durable`, it then survives a power failure. */
  finish(facts: Facts, durable: boolean, control: TreeControl): Promise<void>;
}

/** A small file that is written in one call. */
export interface SmallFile {
  readonly path: string;
  /** Its path until it is complete. */
  readonly partial: string;
  readonly data: Uint8Array;
  readonly facts: Facts;
  readonly replace: boolean;
}

/**
 * Files and directories of a share or of this machine. Paths use slashes and are relative to the top of the tree, which
 * is ''. Names from `list` come from the other side and cannot be trusted; see `nameFault`.
 */
export interface FileTree {
  /** A path as it appears in messages. */
  show(path: string): string;
  /** Entries of a directory as they arrive, in no order. */
  list(path: string, control: TreeControl): AsyncIterable<TreeEntry>;
  /** Undefined if nothing is there. `follow`: what a link points to. */
  stat(path: string, options: TreeControl & { readonly follow?: boolean }): Promise<TreeEntry | undefined>;
  /** Opens a file for reading; it should not change meanwhile. */
  open(path: string, options: TreeControl & { readonly follow?: boolean }): Promise<SourceFile>;
  /** Creates a file; fails if the name exists. */
  create(path: string, control: TreeControl): Promise<TargetFile>;
  /** Opens what an earlier transfer left, to resume it. */
  reopen(path: string, control: TreeControl): Promise<TargetFile>;
  /** Reads a small file, which must still be that version; in one step if the tree can. */
  readSmall?(path: string, version: Version, options: TreeControl & { readonly follow?: boolean }): Promise<Uint8Array>;
  /** Writes a small file under its partial name, sets its facts and renames it; in one step if the tree can. */
  writeSmall?(file: SmallFile, control: TreeControl): Promise<void>;
  /** Creates a directory. One that exists is fine; a link to one is an error. */
  mkdir(path: string, control: TreeControl): Promise<void>;
  /** With `replace`, replaces an existing file; without, that is an error. Never replaces a directory. */
  rename(from: string, to: string, replace: boolean, control: TreeControl): Promise<void>;
  /** Marks a file as sparse once it is in place, where a rename loses the mark. */
  markSparse?(path: string, control: TreeControl): Promise<void>;
  /** Removes a file, a link, or an empty directory; with `readOnly`, also one that is read-only. */
  remove(path: string, directory: boolean, options: TreeControl & { readonly readOnly?: boolean }): Promise<void>;
  /** Whether a directory is a link that the server follows by itself and presents as what it points to. */
  isFollowedLink?(path: string, control: TreeControl): Promise<boolean>;
  setFacts(path: string, facts: Facts, control: TreeControl): Promise<void>;
  /** The target of a link, as written. Absent if links cannot be read. */
  readLink?(path: string, control: TreeControl): Promise<string>;
  /** Creates a link. Absent if links cannot be created. */
  makeLink?(path: string, target: string, control: TreeControl): Promise<void>;
  /** Why this tree cannot hold a name, or undefined. */
  nameFault(name: string): string | undefined;
}

/** Whether a file is still at that version. */
export function isVersion(now: Version, { size, mtime }: Version): boolean {
  return now.size === size && now.mtime.getTime() === mtime.getTime();
}

/** Splits a path into its last name and what is before it. */
export function split(path: string): { readonly directory: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return { directory: slash === -1 ? '' : path.slice(0, slash), name: path.slice(slash + 1) };
}

/** Maps names to the same text if they differ only in case or Unicode composition. */
export function folded(name: string): string {
  return name.normalize('NFC').toUpperCase();
}
