import type { Filter } from './filter.js';

/** What is told while a transfer runs. Paths are those of the source. */
export type TransferEvent =
  /** What has been found so far; `final` when there will be no more. */
  | { readonly kind: 'totals'; readonly files: number; readonly bytes: number; readonly final: boolean }
  | { readonly kind: 'started'; readonly path: string; readonly size: number }
  /** `bytes` more are through; for what was there already too. */
  | { readonly kind: 'progress'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'done'; readonly path: string; readonly to: string; readonly size: number }
  /** Not transferred because of what is there: the same, or by the wish of the caller. */
  | { readonly kind: 'skipped'; readonly path: string; readonly size: number; readonly why: string }
  /** Nothing that can be transferred: a link, a device. */
  | { readonly kind: 'left-out'; readonly path: string; readonly why: string }
  /** The transfer of others goes on. */
  | { readonly kind: 'failed'; readonly path: string; readonly error: unknown }
  /** That was all: what has come of it. Also told before an error is thrown. */
  | { readonly kind: 'ended'; readonly result: TransferResult }
  /** An interrupted file: this much of it is at `partial`, for a later transfer with `resume`. */
  | { readonly kind: 'kept'; readonly path: string; readonly partial: string };

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
