// transfer/index.d.ts
/**
 * Whole directories between shares and this machine: copied with many files in flight, resumed after an interruption,
 * verified, compared, removed.
 *
 * ```ts
 * import { connect } from 'sombrero/client'
 * import { copyTree, filterOf, localTree, shareTree } from 'sombrero/transfer'
 *
 * const share = await connect('smb://ann:secret@nas/backup')
 * const filter = filterOf(['*.jpg'], ['.git'])
 * const result = await copyTree(localTree('photos'), shareTree(share, 'photos'), { filter, resume: true })
 * ```
 * @packageDocumentation
 */
export { globTest } from '#trees/glob.js';
export { type CompareOptions, compareTrees, type Difference } from './compare-trees.js';
export { copyFile } from './copy-one.js';
export { copyTree } from './copy-tree.js';
export { Crew } from './crew.js';
export { TransferError, type TransferErrorCode } from './errors.js';
export { type Filter, filterOf } from './filter.js';
export { localTree } from './local-tree.js';
export type { TransferEvent, TransferOptions, TransferResult } from './options.js';
export { type RemoveEvent, type RemoveOptions, type RemoveResult, removeTree } from './remove-tree.js';
export { type ShareEntry, type ShareTree, shareTree } from './share-tree.js';
export type { EntryKind, Extent, Facts, FileTree, SourceFile, Taker, TargetFile, TreeControl, TreeEntry, } from './tree.js';
export { type Walkable, type WalkDirectory, type WalkEntry, type WalkOptions, type WalkStep, walk } from './walk.js';
// trees/glob.d.ts
/** A test for names, or for paths with slashes; ignores case, as shares do. */
export declare function globTest(pattern: string): (text: string) => boolean;
/** How far each pattern has matched on the way to a directory: positions in its segments. */
export type GlobState = readonly ReadonlySet<number>[];
/**
 * Path patterns that are matched name by name during a walk, so that directories without possible matches can be
 * skipped. `**` stands for any number of directories, including none, and at the end for everything.
 */
export declare class PathPatterns {
    #private;
    constructor(patterns: readonly string[]);
    /** The state at the top, before any name. */
    get start(): GlobState;
    /** The state after one more name: whether that path matches (`hit`), and whether anything below it may (`more`). */
    step(state: GlobState, name: string): {
        readonly state: GlobState;
        readonly hit: boolean;
        readonly more: boolean;
    };
}
// transfer/compare-trees.d.ts
import { type Filter } from './filter.js';
import { type FileTree, type TreeEntry } from './tree.js';
/** One difference between the two sides. */
export interface Difference {
    readonly path: string;
    readonly what: 'only-left' | 'only-right' | 'kind' | 'size' | 'time' | 'content' | 'error';
    readonly left?: TreeEntry | undefined;
    readonly right?: TreeEntry | undefined;
    readonly error?: unknown;
}
export interface CompareOptions {
    readonly signal?: AbortSignal;
    readonly filter?: Filter;
    /** Compares byte by byte; otherwise by size and time. */
    readonly content?: boolean;
    /** Whether times count; true by default. Ignored with `content`. */
    readonly times?: boolean;
    /** Files compared at a time; 16 by default. */
    readonly parallel?: number;
    /** Called with the number of files compared so far and their total size in bytes. */
    readonly onProgress?: (files: number, bytes: number) => void;
}
/**
 * Reports what differs between two directories: names on one side only, sizes, times, and with `content` the bytes.
 *
 * @example
 * for await (const { path, what } of compareTrees(localTree('photos'), shareTree(share, 'photos'))) console.log(what, path)
 */
export declare function compareTrees(left: FileTree, right: FileTree, options?: CompareOptions): AsyncGenerator<Difference, void, undefined>;
// transfer/copy-one.d.ts
import type { TransferOptions, TransferResult } from './options.js';
import { type FileTree } from './tree.js';
/**
 * Transfers one file; a failure is thrown. It may be skipped, depending on `options.resume` and `options.existing`.
 *
 * @example
 * await copyFile(localTree('.'), 'report.pdf', shareTree(share), 'docs/report.pdf', { verify: true })
 */
export declare function copyFile(source: FileTree, from: string, target: FileTree, to: string, options?: TransferOptions): Promise<TransferResult>;
// transfer/copy-tree.d.ts
import type { TransferOptions, TransferResult } from './options.js';
import { type FileTree } from './tree.js';
/**
 * Transfers everything in a directory into another one: between two shares, or between a share and this machine. A
 * failure of one entry is reported to `onEvent` and counted, and the rest goes on. A failure that would affect every
 * file (lost connection, full disk, aborted signal) is thrown.
 *
 * @example
 * const result = await copyTree(localTree('photos'), shareTree(share, 'backup/photos'), { resume: true, signal })
 * if (result.failed > 0) …
 */
export declare function copyTree(source: FileTree, target: FileTree, options?: TransferOptions): Promise<TransferResult>;
// transfer/crew.d.ts
import type { Share } from '#client/index.js';
/**
 * Connections that share the work on small files: most of the time goes into waiting for the server, and many servers
 * handle one request at a time per connection. Further connections are opened when there is enough to do.
 */
export declare class Crew implements AsyncDisposable {
    #private;
    /** `dial` opens another connection to the same share. */
    constructor(first: Share, dial: () => Promise<Share>);
    /** Runs work on the least busy connection. */
    use<T>(work: (share: Share) => Promise<T>): Promise<T>;
    /** Closes the connections it has opened, but not the first one. */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
// transfer/errors.d.ts
import { SmbError } from '#client/index.js';
/** Why something was not transferred, as a stable code. */
export type TransferErrorCode = 
/** The file was modified while it was read. */
'TRANSFER_CHANGED'
/** The name is not possible here or there. */
 | 'TRANSFER_BAD_NAME'
/** Two names are the same name at the target. */
 | 'TRANSFER_COLLISION'
/** A directory that contains itself. */
 | 'TRANSFER_CYCLE'
/** The data read back is not what was written. */
 | 'TRANSFER_DIFFERS'
/** A directory where a file is expected, or the other way round. */
 | 'TRANSFER_KIND';
/** A failure of one file or directory; others may have been transferred. */
export declare class TransferError extends SmbError {
    readonly code: TransferErrorCode;
    constructor(code: TransferErrorCode, message: string, options?: ErrorOptions);
}
/** The connection was lost and re-established: the server's reply may be due to our own first attempt. */
export declare function isUnknown(error: unknown): boolean;
/** A server that follows links by itself has presented one as the directory it points to. */
export declare function linkedDirectory(): TransferError;
/** Whether all remaining files would fail as well: the connection is lost, or the disk is full. */
export declare function isFatal(error: unknown): boolean;
// transfer/filter.d.ts
/** Selects a part of a tree. */
export interface Filter {
    /** Whether to enter a directory. `path` is relative to the top of the transfer. */
    enters(path: string): boolean;
    /** Whether to take a file or link. */
    takes(path: string): boolean;
    /** Whether directories are created only for what is taken from them. */
    readonly narrows: boolean;
}
/**
 * Takes what matches one of `include` (if there are any) and none of `exclude`. A pattern without a slash matches the
 * name at any depth; one with a slash matches the path from the top. Excluded directories are not entered.
 */
export declare function filterOf(include?: readonly string[], exclude?: readonly string[]): Filter;
// transfer/local-tree.d.ts
import { AtOnce } from '#fs/local/at-once.js';
import { type Facts, type FileTree, type SmallFile, type SourceFile, type TargetFile, type TreeControl, type TreeEntry, type Version } from './tree.js';
/** Decides whether calls are made synchronously: only as long as they are quick. */
type Calls = Pick<AtOnce, 'next' | 'took'>;
/** A directory of this machine. Nothing outside of it is read or written, whatever names a share sends. */
export declare class LocalTree implements FileTree {
    #private;
    constructor(root: string, calls?: Calls);
    show(path: string): string;
    list(path: string, { signal }: TreeControl): AsyncGenerator<TreeEntry, void, undefined>;
    stat(path: string, { follow }: {
        follow?: boolean;
    }): Promise<TreeEntry | undefined>;
    open(path: string, options: {
        follow?: boolean;
    }): Promise<SourceFile>;
    create(path: string): Promise<TargetFile>;
    reopen(path: string): Promise<TargetFile>;
    readSmall(path: string, version: Version, options: TreeControl & {
        follow?: boolean;
    }): Promise<Uint8Array>;
    writeSmall(small: SmallFile, control: TreeControl): Promise<void>;
    mkdir(path: string): Promise<void>;
    rename(from: string, to: string, replace: boolean): Promise<void>;
    remove(path: string, directory: boolean): Promise<void>;
    setFacts(path: string, facts: Facts): Promise<void>;
    readLink(path: string): Promise<string>;
    makeLink(path: string, target: string): Promise<void>;
    nameFault(name: string): string | undefined;
}
/** A local directory as one side of a transfer. */
export declare function localTree(root: string): FileTree;
export {};
// transfer/options.d.ts
import type { Filter } from './filter.js';
/** Reported while a transfer runs. Paths are those of the source. */
export type TransferEvent = 
/** What has been found so far; `final` when nothing more will be found. */
{
    readonly kind: 'totals';
    readonly files: number;
    readonly bytes: number;
    readonly final: boolean;
} | {
    readonly kind: 'started';
    readonly path: string;
    readonly size: number;
}
/** `bytes` more are done, or were at the target already. Negative when a file is retried or fails. */
 | {
    readonly kind: 'progress';
    readonly path: string;
    readonly bytes: number;
} | {
    readonly kind: 'done';
    readonly path: string;
    readonly to: string;
    readonly size: number;
}
/** Not transferred because of what is at the target: the same file, or the caller wants to keep it. */
 | {
    readonly kind: 'skipped';
    readonly path: string;
    readonly size: number;
    readonly why: string;
}
/** Not transferable: a link, a device. */
 | {
    readonly kind: 'left-out';
    readonly path: string;
    readonly why: string;
}
/** The rest of the transfer goes on. */
 | {
    readonly kind: 'failed';
    readonly path: string;
    readonly error: unknown;
}
/** The end, with the result. Also reported before an error is thrown. */
 | {
    readonly kind: 'ended';
    readonly result: TransferResult;
}
/** A file was interrupted; what has arrived is kept at `partial` for a later transfer with `resume`. */
 | {
    readonly kind: 'kept';
    readonly path: string;
    readonly partial: string;
};
/** How to transfer. */
export interface TransferOptions {
    readonly signal?: AbortSignal;
    /** Which part of a tree to transfer; everything by default. See `filterOf`. */
    readonly filter?: Filter;
    /** Skips files that are complete at the target (same size and time) and continues partial ones. */
    readonly resume?: boolean;
    /** What to do with a file that exists: 'replace' by default; 'update' replaces older files. */
    readonly existing?: 'replace' | 'keep' | 'update';
    /** Reads back and compares each file before it is put in place. */
    readonly verify?: boolean;
    /** Files in flight at a time; 16 by default. */
    readonly parallel?: number;
    /** Keeps the time of the last write; true by default. */
    readonly times?: boolean;
    /** Keeps all times, including those of directories, and the attributes. */
    readonly preserve?: boolean;
    /** What to do with symbolic links: 'skip' by default. */
    readonly links?: 'skip' | 'follow' | 'keep';
    /** Accepts files that are modified during the transfer, as they happen to be read. */
    readonly changing?: boolean;
    /** Removes each file and directory from the source once it is in place. */
    readonly move?: boolean;
    readonly onEvent?: (event: TransferEvent) => void;
}
/** The result of a transfer. */
export interface TransferResult {
    readonly files: number;
    readonly directories: number;
    readonly links: number;
    readonly bytes: number;
    readonly skipped: number;
    readonly leftOut: number;
    readonly failed: number;
}
// transfer/remove-tree.d.ts
import * as trees from '#trees/remove.js';
import type { FileTree } from './tree.js';
/** Reported while a tree is removed. */
export type RemoveEvent = trees.RemoveEvent;
/** The result of a removal. */
export type RemoveResult = trees.RemoveResult;
export interface RemoveOptions {
    readonly signal?: AbortSignal;
    /** Files in flight at a time; 16 by default. */
    readonly parallel?: number;
    /** Removes read-only files as well. */
    readonly readOnly?: boolean;
    readonly onEvent?: (event: RemoveEvent) => void;
}
/**
 * Removes a directory with everything in it; links are removed, not followed. What cannot be removed is reported to
 * `onEvent` and counted, and the rest is removed.
 */
export declare function removeTree(tree: FileTree, options?: RemoveOptions): Promise<RemoveResult>;
// transfer/share-tree.d.ts
import { type NodeStat, type Share } from '#client/index.js';
import type { Crew } from './crew.js';
import { type Facts, type FileTree, type SmallFile, type SourceFile, type TargetFile, type TreeControl, type TreeEntry, type Version } from './tree.js';
/** An entry of a share, with everything the server reports about it. */
export interface ShareEntry extends TreeEntry {
    readonly stat: NodeStat;
}
/** A directory of a share. Made by `shareTree`. */
export declare class ShareTree implements FileTree {
    #private;
    constructor(share: Share, root: string, name: string, crew?: Crew);
    show(path: string): string;
    list(path: string, control: TreeControl): AsyncGenerator<ShareEntry, void, undefined>;
    stat(path: string, options: TreeControl & {
        follow?: boolean;
    }): Promise<ShareEntry | undefined>;
    open(path: string, control: TreeControl): Promise<SourceFile>;
    create(path: string, control: TreeControl): Promise<TargetFile>;
    reopen(path: string, control: TreeControl): Promise<TargetFile>;
    readSmall(path: string, { size }: Version, control: TreeControl): Promise<Uint8Array>;
    writeSmall(file: SmallFile, control: TreeControl): Promise<void>;
    readLink(path: string, control: TreeControl): Promise<string>;
    makeLink(path: string, target: string, control: TreeControl): Promise<void>;
    mkdir(path: string, control: TreeControl): Promise<void>;
    rename(from: string, to: string, replace: boolean, control: TreeControl): Promise<void>;
    markSparse(path: string, control: TreeControl): Promise<void>;
    remove(path: string, directory: boolean, options: TreeControl & {
        readOnly?: boolean;
    }): Promise<void>;
    isFollowedLink(path: string, control: TreeControl): Promise<boolean>;
    setFacts(path: string, facts: Facts, control: TreeControl): Promise<void>;
    nameFault(name: string): string | undefined;
}
/**
 * A directory of a share as one side of a transfer. `name` stands for it in messages; a `crew` speeds up small files.
 */
export declare function shareTree(share: Share, root?: string, name?: string, crew?: Crew): ShareTree;
// transfer/tree.d.ts
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
    stat(path: string, options: TreeControl & {
        readonly follow?: boolean;
    }): Promise<TreeEntry | undefined>;
    /** Opens a file for reading; it should not change meanwhile. */
    open(path: string, options: TreeControl & {
        readonly follow?: boolean;
    }): Promise<SourceFile>;
    /** Creates a file; fails if the name exists. */
    create(path: string, control: TreeControl): Promise<TargetFile>;
    /** Opens what an earlier transfer left, to resume it. */
    reopen(path: string, control: TreeControl): Promise<TargetFile>;
    /** Reads a small file, which must still be that version; in one step if the tree can. */
    readSmall?(path: string, version: Version, options: TreeControl & {
        readonly follow?: boolean;
    }): Promise<Uint8Array>;
    /** Writes a small file under its partial name, sets its facts and renames it; in one step if the tree can. */
    writeSmall?(file: SmallFile, control: TreeControl): Promise<void>;
    /** Creates a directory. One that exists is fine; a link to one is an error. */
    mkdir(path: string, control: TreeControl): Promise<void>;
    /** With `replace`, replaces an existing file; without, that is an error. Never replaces a directory. */
    rename(from: string, to: string, replace: boolean, control: TreeControl): Promise<void>;
    /** Marks a file as sparse once it is in place, where a rename loses the mark. */
    markSparse?(path: string, control: TreeControl): Promise<void>;
    /** Removes a file, a link, or an empty directory; with `readOnly`, also one that is read-only. */
    remove(path: string, directory: boolean, options: TreeControl & {
        readonly readOnly?: boolean;
    }): Promise<void>;
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
export declare function isVersion(now: Version, { size, mtime }: Version): boolean;
/** Splits a path into its last name and what is before it. */
export declare function split(path: string): {
    readonly directory: string;
    readonly name: string;
};
/** Maps names to the same text if they differ only in case or Unicode composition. */
export declare function folded(name: string): string;
// transfer/walk.d.ts
import * as trees from '#trees/walk.js';
import { TransferError } from './errors.js';
import type { TreeControl, TreeEntry } from './tree.js';
/** What a walk needs from a tree. */
export interface Walkable<E extends TreeEntry = TreeEntry> {
    show(path: string): string;
    list(path: string, control: TreeControl): AsyncIterable<E>;
    stat(path: string, options: TreeControl & {
        readonly follow?: boolean;
    }): Promise<E | undefined>;
}
/** A directory met by a walk. */
export type WalkDirectory<E extends TreeEntry = TreeEntry> = trees.WalkDirectory<E>;
/** An entry of a directory. */
export type WalkEntry<E extends TreeEntry = TreeEntry> = trees.WalkEntry<E>;
/**
 * A step of a walk. 'left': all entries of a directory itself have been reported; those further down may still come.
 */
export type WalkStep<E extends TreeEntry = TreeEntry> = trees.WalkStep<E>;
/** Options of a walk. */
export type WalkOptions<E extends TreeEntry = TreeEntry> = Omit<trees.WalkOptions<E>, 'fault'>;
/** Turns a fault found by a walk into an error. */
export declare function walkFault(tree: Pick<Walkable, 'show'>): (fault: trees.WalkFault, path: string, why: string) => TransferError;
/**
 * Walks everything below a directory. The entries of a directory come before those of its subdirectories, which are
 * listed ahead meanwhile. A directory that contains itself is reported as an error and not entered again.
 */
export declare function walk<E extends TreeEntry>(tree: Walkable<E>, top?: string, options?: WalkOptions<E>): AsyncGenerator<WalkStep<E>, void, undefined>;
