// transfer/index.d.ts
/**
 * Whole directories between shares and this machine: copied with many files under way, gone on with after an
 * interruption, verified, compared, removed.
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
/** What is not the same on both sides. */
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
    /** Compares byte by byte; else size and time tell. */
    readonly content?: boolean;
    /** Whether times count; true when absent. With `content` they do not. */
    readonly times?: boolean;
    /** Files that are compared at a time; 16 when absent. */
    readonly parallel?: number;
    /** Told how many files have been looked at, and how many bytes they have. */
    readonly onProgress?: (files: number, bytes: number) => void;
}
/**
 * Tells what is not the same in two directories: names on one side only, sizes, times, and with `content` the bytes.
 *
 * @example
 * for await (const { path, what } of compareTrees(localTree('photos'), shareTree(share, 'photos'))) console.log(what, path)
 */
export declare function compareTrees(left: FileTree, right: FileTree, options?: CompareOptions): AsyncGenerator<Difference, void, undefined>;
// transfer/copy-one.d.ts
import type { TransferOptions, TransferResult } from './options.js';
import { type FileTree } from './tree.js';
/**
 * Transfers one file; a failure is thrown. It may be skipped, as `options.resume` and `options.existing` say.
 *
 * @example
 * await copyFile(localTree('.'), 'report.pdf', shareTree(share), 'docs/report.pdf', { verify: true })
 */
export declare function copyFile(source: FileTree, from: string, target: FileTree, to: string, options?: TransferOptions): Promise<TransferResult>;
// transfer/copy-tree.d.ts
import type { TransferOptions, TransferResult } from './options.js';
import { type FileTree } from './tree.js';
/**
 * Transfers all that is in a directory into another one: between two shares, or a share and this machine. What fails is
 * told to `onEvent` and counted, the rest goes on; what would go wrong with each file (the connection is lost, the disk
 * is full, the signal is aborted) is thrown.
 *
 * @example
 * const result = await copyTree(localTree('photos'), shareTree(share, 'backup/photos'), { resume: true, signal })
 * if (result.failed > 0) …
 */
export declare function copyTree(source: FileTree, target: FileTree, options?: TransferOptions): Promise<TransferResult>;
// transfer/crew.d.ts
import type { Share } from '#client/index.js';
/**
 * Connections among which small files are divided: what takes the time is waiting for the server, and many a server
 * works on one thing at a time for each connection. Opened when there is something to do for them.
 */
export declare class Crew implements AsyncDisposable {
    #private;
    /** `dial` opens another connection to the same share. */
    constructor(first: Share, dial: () => Promise<Share>);
    /** Does something over the connection that has the least to do. */
    use<T>(work: (share: Share) => Promise<T>): Promise<T>;
    /** Closes what it has opened. */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
// transfer/errors.d.ts
import { SmbError } from '#client/index.js';
/** Why something was not transferred, by a stable name. */
export type TransferErrorCode = 
/** The file was written to while it was read. */
'TRANSFER_CHANGED'
/** The name cannot be, here or there. */
 | 'TRANSFER_BAD_NAME'
/** Two names that are the same name at the target. */
 | 'TRANSFER_COLLISION'
/** A directory that contains itself. */
 | 'TRANSFER_CYCLE'
/** What was read back is not what was written. */
 | 'TRANSFER_DIFFERS'
/** A directory where a file is to be, or the other way. */
 | 'TRANSFER_KIND';
/** One file or directory that was not transferred; others may have been. */
export declare class TransferError extends SmbError {
    readonly code: TransferErrorCode;
    constructor(code: TransferErrorCode, message: string, options?: ErrorOptions);
}
/** The connection was lost and has come back, and what the server says to the same request may be our own doing. */
export declare function isUnknown(error: unknown): boolean;
/** A server that follows links on its own has shown one as what it leads to. */
export declare function linkedDirectory(): TransferError;
/** What would happen to each of the files that are left, too: the connection is lost, the disk is full. */
export declare function isFatal(error: unknown): boolean;
// transfer/filter.d.ts
/** Which part of a tree is meant. */
export interface Filter {
    /** Whether a directory is looked into. `path` counts from the top of what is transferred. */
    enters(path: string): boolean;
    /** Whether a file or link is taken. */
    takes(path: string): boolean;
    /** Whether directories come with what is in them only. */
    readonly narrows: boolean;
}
/**
 * What matches one of `include` (if there are any) and none of `exclude`. A pattern without a slash is about the name,
 * wherever it is; one with a slash about the path from the top. What is excluded as a directory is not looked into.
 */
export declare function filterOf(include?: readonly string[], exclude?: readonly string[]): Filter;
// transfer/local-tree.d.ts
import { AtOnce } from '#fs/local/at-once.js';
import { type Facts, type FileTree, type SmallFile, type SourceFile, type TargetFile, type TreeControl, type TreeEntry, type Version } from './tree.js';
/** What makes calls at once, as long as they are quick. */
type Calls = Pick<AtOnce, 'next' | 'took'>;
/** What is below a directory of this machine. Nothing is read or written outside of it, whatever names come from a share. */
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
/** A directory of this machine as one side of a transfer. */
export declare function localTree(root: string): FileTree;
export {};
// transfer/options.d.ts
import type { Filter } from './filter.js';
/** What is told while a transfer runs. Paths are those of the source. */
export type TransferEvent = 
/** What has been found so far; `final` when there will be no more. */
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
/** `bytes` more are through; for what was there already too. */
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
/** Not transferred because of what is there: the same, or by the wish of the caller. */
 | {
    readonly kind: 'skipped';
    readonly path: string;
    readonly size: number;
    readonly why: string;
}
/** Nothing that can be transferred: a link, a device. */
 | {
    readonly kind: 'left-out';
    readonly path: string;
    readonly why: string;
}
/** The transfer of others goes on. */
 | {
    readonly kind: 'failed';
    readonly path: string;
    readonly error: unknown;
}
/** That was all: what has come of it. Also told before an error is thrown. */
 | {
    readonly kind: 'ended';
    readonly result: TransferResult;
}
/** An interrupted file: this much of it is at `partial`, for a later transfer with `resume`. */
 | {
    readonly kind: 'kept';
    readonly path: string;
    readonly partial: string;
};
/** How to transfer. */
export interface TransferOptions {
    readonly signal?: AbortSignal;
    /** Which part of a tree; all of it when absent. See `filterOf`. */
    readonly filter?: Filter;
    /** What is complete at the target (same size, same time) is left alone, what is there in part is gone on with. */
    readonly resume?: boolean;
    /** What to do with a file that is there: 'replace' when absent; 'update' replaces what is older. */
    readonly existing?: 'replace' | 'keep' | 'update';
    /** Reads back and compares each file before it gets its place. */
    readonly verify?: boolean;
    /** Files under way at a time; 16 when absent. */
    readonly parallel?: number;
    /** Sets the time of the last write as it was; true when absent. */
    readonly times?: boolean;
    /** Keeps all times, those of directories too, and the attributes. */
    readonly preserve?: boolean;
    /** What to do with symbolic links: 'skip' when absent. */
    readonly links?: 'skip' | 'follow' | 'keep';
    /** Takes files that are written to meanwhile, as they happen to be read. */
    readonly changing?: boolean;
    /** Removes each file and directory of the source when it is in its place. */
    readonly move?: boolean;
    readonly onEvent?: (event: TransferEvent) => void;
}
/** What came of a transfer. */
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
/** What is told while a tree is removed. */
export type RemoveEvent = trees.RemoveEvent;
/** What came of a removal. */
export type RemoveResult = trees.RemoveResult;
export interface RemoveOptions {
    readonly signal?: AbortSignal;
    /** Files under way at a time; 16 when absent. */
    readonly parallel?: number;
    /** What is read-only goes, too. */
    readonly readOnly?: boolean;
    readonly onEvent?: (event: RemoveEvent) => void;
}
/**
 * Removes a directory with all that is in it, links themselves and not what they lead to. What cannot be removed is told
 * to `onEvent` and counted; the rest goes.
 */
export declare function removeTree(tree: FileTree, options?: RemoveOptions): Promise<RemoveResult>;
// transfer/share-tree.d.ts
import { type NodeStat, type Share } from '#client/index.js';
import type { Crew } from './crew.js';
import { type Facts, type FileTree, type SmallFile, type SourceFile, type TargetFile, type TreeControl, type TreeEntry, type Version } from './tree.js';
/** An entry of a share, with all that the server tells of it. */
export interface ShareEntry extends TreeEntry {
    readonly stat: NodeStat;
}
/** What is on a share, from a directory of it on. Made by `shareTree`. */
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
 * A directory of a share as one side of a transfer. `name` is what messages call it; a `crew` takes care of small files.
 */
export declare function shareTree(share: Share, root?: string, name?: string, crew?: Crew): ShareTree;
// transfer/tree.d.ts
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
    stat(path: string, options: TreeControl & {
        readonly follow?: boolean;
    }): Promise<TreeEntry | undefined>;
    /** Opens a file that is to stay as it is while it is read. */
    open(path: string, options: TreeControl & {
        readonly follow?: boolean;
    }): Promise<SourceFile>;
    /** Makes a file; fails when there is something by that name. */
    create(path: string, control: TreeControl): Promise<TargetFile>;
    /** Opens what an earlier transfer has left, to go on with it. */
    reopen(path: string, control: TreeControl): Promise<TargetFile>;
    /** All of a small file, which is to be as it was found; in one step where a tree can do that. */
    readSmall?(path: string, version: Version, options: TreeControl & {
        readonly follow?: boolean;
    }): Promise<Uint8Array>;
    /** Writes a small file under its partial name, with its facts, and puts it in its place; in one step, likewise. */
    writeSmall?(file: SmallFile, control: TreeControl): Promise<void>;
    /** Makes a directory; a directory that is there already is no failure, a link to one is. */
    mkdir(path: string, control: TreeControl): Promise<void>;
    /** Renames. What was there before is gone if `replace`, else that is a failure. Never replaces a directory. */
    rename(from: string, to: string, replace: boolean, control: TreeControl): Promise<void>;
    /** Says of a file in its place that it is sparse: where a rename forgets that. */
    markSparse?(path: string, control: TreeControl): Promise<void>;
    /** Removes a file, a link, or an empty directory. `readOnly`: although it is read-only, where that is in the way. */
    remove(path: string, directory: boolean, options: TreeControl & {
        readonly readOnly?: boolean;
    }): Promise<void>;
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
export declare function isVersion(now: Version, { size, mtime }: Version): boolean;
/** The last name of a path, and what is before it. */
export declare function split(path: string): {
    readonly directory: string;
    readonly name: string;
};
/** Names that are one to a file system that ignores case, or the way accents are written, come out the same. */
export declare function folded(name: string): string;
// transfer/walk.d.ts
import * as trees from '#trees/walk.js';
import { TransferError } from './errors.js';
import type { TreeControl, TreeEntry } from './tree.js';
/** What a walk needs of a tree. */
export interface Walkable<E extends TreeEntry = TreeEntry> {
    show(path: string): string;
    list(path: string, control: TreeControl): AsyncIterable<E>;
    stat(path: string, options: TreeControl & {
        readonly follow?: boolean;
    }): Promise<E | undefined>;
}
/** A directory on the way of a walk. */
export type WalkDirectory<E extends TreeEntry = TreeEntry> = trees.WalkDirectory<E>;
/** Something that is in a directory. */
export type WalkEntry<E extends TreeEntry = TreeEntry> = trees.WalkEntry<E>;
/** What a walk comes by. 'left': all of a directory's own entries have been told; those below may still come. */
export type WalkStep<E extends TreeEntry = TreeEntry> = trees.WalkStep<E>;
/** How to walk. */
export type WalkOptions<E extends TreeEntry = TreeEntry> = Omit<trees.WalkOptions<E>, 'fault'>;
/** What a walk of a transfer comes by that cannot be. */
export declare function walkFault(tree: Pick<Walkable, 'show'>): (fault: trees.WalkFault, path: string, why: string) => TransferError;
/**
 * Everything below a directory. A directory's entries come before those of the directories in it; the next directories
 * are asked for meanwhile. A directory that contains itself is told as an error and not entered again.
 */
export declare function walk<E extends TreeEntry>(tree: Walkable<E>, top?: string, options?: WalkOptions<E>): AsyncGenerator<WalkStep<E>, void, undefined>;
