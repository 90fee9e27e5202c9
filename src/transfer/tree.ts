import type { Dots } from '#client/index.js';

/** What something is to a transfer. 'other' are devices, pipes, sockets: nothing that has bytes of its own. */
export type EntryKind = 'file' | 'directory' | 'link' | 'other';

/** One file or directory of a tree, with what is known of it. */
export interface TreeEntry {
  readonly name: string;
  readonly kind: EntryKind;
  /** Bytes; 0 for what is no file. */
  readonly size: number;
  /** False where it is known that stretches of it take no room on the medium. */
  readonly dense: boolean;
  readonly mtime: Date;
  readonly atime: Date;
  readonly birthtime: Date;
  /** FILE_ATTRIBUTE_* bits that people set: read only, hidden, system, archive. */
  readonly attributes: number;
  /** Two entries of a tree with the same text are the same file; '' where that cannot be told. */
  readonly id: string;
  /** Of the directory that it is in, where that tells. */
  readonly dots?: Dots | undefined;
}

/** What a file was like: that which a transfer is about. */
export interface Version {
  readonly size: number;
  readonly mtime: Date;
}

/** What is set on a file or directory when it is complete; what is absent is left to the tree. */
export interface Facts {
  readonly mtime?: Date;
  readonly atime?: Date;
  readonly birthtime?: Date;
  readonly attributes?: number;
}

/** A stretch of a file that holds data; `end` is not included. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** What a call may be given. */
export interface TreeControl {
  readonly signal?: AbortSignal | undefined;
}

/** Takes bytes of a position. */
export type Taker = (bytes: Uint8Array, position: number) => Promise<void>;

/** A file that is read. */
export interface SourceFile {
  /** As it is now. */
  inspect(control: TreeControl): Promise<Version>;
  /** Returns how much there was: less than the buffer holds only at the end of the file. */
  read(into: Uint8Array, position: number, control: TreeControl): Promise<number>;
  /**
   * Reads so many bytes and lends them to `take` as they come, in no order, with their positions, until it is done.
   * Returns how much there was. What has its bytes in memory anyway saves a copy so.
   */
  readEach?(position: number, length: number, take: Taker, control: TreeControl): Promise<number>;
  /** Where the data is, in order; undefined when all of it is, or nobody knows. */
  extents?(size: number, control: TreeControl): Promise<readonly Extent[] | undefined>;
  close(): Promise<void>;
}

/** A file that is made. */
export interface TargetFile extends SourceFile {
  write(data: Uint8Array, position: number, control: TreeControl): Promise<void>;
  truncate(size: number, control: TreeControl): Promise<void>;
  /** From now on, what is not written takes no room, where the medium can do that. */
  makeSparse(control: TreeControl): Promise<unknown>;
  /** Copies all of a file of the same server, by the server if it can, with its holes; false where the other is of elsewhere. */
  copyFrom?(source: SourceFile, onBytes: (count: number) => void, control: TreeControl): Promise<boolean>;
  /** Closes it with these times and attributes; with `durable` it survives a loss of power then. */
  finish(facts: Facts, durable: boolean, control: TreeControl): Promise<void>;
}

/** A small file that gets its place at once. */
export interface SmallFile {
  readonly path: string;
  /** Where it is until it is complete. */
  readonly partial: string;
  readonly data: Uint8Array;
  readonly facts: Facts;
  readonly replace: boolean;
}

/**
 * Files and directories somewhere: of a share, of this machine. Paths have slashes and start at the tree's top, which is
 * ''. Names that come out of `list` are what the other side says and nothing to trust; see `nameFault`.
 */
export interface FileTree {
  /** A path for people: what stands in messages. */
  show(path: string): string;
  /** Entries of a directory as they come, in no order. */
  list(path: string, control: TreeControl): AsyncIterable<TreeEntry>;
  /** Undefined when nothing is there. `follow`: what a link leads to. */
  stat(path: string, options: TreeControl & { readonly follow?: boolean }): Promise<TreeEntry | undefined>;
  /** Opens a file that is to stay as it is while it is read. */
  open(path: string, options: TreeControl & { readonly follow?: boolean }): Promise<SourceFile>;
  /** Makes a file; fails when there is something by that name. */
  create(path: string, control: TreeControl): Promise<TargetFile>;
  /** Opens what an earlier transfer has left, to go on with it. */
  reopen(path: string, control: TreeControl): Promise<TargetFile>;
  /** All of a small file, which is to be as it was found; in one step where a tree can do that. */
  readSmall?(path: string, version: Version, options: TreeControl & { readonly follow?: boolean }): Promise<Uint8Array>;
  /** Writes a small file under its partial name, with its facts, and puts it in its place; in one step, likewise. */
  writeSmall?(file: SmallFile, control: TreeControl): Promise<void>;
  /** Makes a directory; a directory that is there already is no failure, a link to one is. */
  mkdir(path: string, control: TreeControl): Promise<void>;
  /** Renames. What was there before is gone if `replace`, else that is a failure. Never replaces a directory. */
  rename(from: string, to: string, replace: boolean, control: TreeControl): Promise<void>;
  /** Says of a file in its place that it is sparse: where a rename forgets that. */
  markSparse?(path: string, control: TreeControl): Promise<void>;
  /** Removes a file, a link, or an empty directory. `readOnly`: although it is read-only, where that is in the way. */
  remove(path: string, directory: boolean, options: TreeControl & { readonly readOnly?: boolean }): Promise<void>;
  /** Whether a directory is a link, which the server follows on its own and shows as what it leads to. */
  isFollowedLink?(path: string, control: TreeControl): Promise<boolean>;
  setFacts(path: string, facts: Facts, control: TreeControl): Promise<void>;
  /** Where a link leads to, as it was written. Absent where links cannot be read. */
  readLink?(path: string, control: TreeControl): Promise<string>;
  /** Makes a link. Absent where links cannot be made. */
  makeLink?(path: string, target: string, control: TreeControl): Promise<void>;
  /** Why nothing in this tree can be called so, or undefined. */
  nameFault(name: string): string | undefined;
}

/** Whether a file is still the one that was found. */
export function isVersion(now: Version, { size, mtime }: Version): boolean {
  return now.size === size && now.mtime.getTime() === mtime.getTime();
}

/** The last name of a path, and what is before it. */
export function split(path: string): { readonly directory: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return { directory: slash === -1 ? '' : path.slice(0, slash), name: path.slice(slash + 1) };
}

/** Names that are one to a file system that ignores case, or the way accents are written, come out the same. */
export function folded(name: string): string {
  return name.normalize('NFC').toUpperCase();
}
