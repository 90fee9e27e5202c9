import type { Filter } from './filter.js';

/** Reported while a transfer runs. Paths are those of the source. */
export type TransferEvent =
  /** What has been found so far; `final` when nothing more will be found. */
  | { readonly kind: 'totals'; readonly files: number; readonly bytes: number; readonly final: boolean }
  | { readonly kind: 'started'; readonly path: string; readonly size: number }
  /** `bytes` more are done, or were at the target already. Negative when a file is retried or fails. */
  | { readonly kind: 'progress'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'done'; readonly path: string; readonly to: string; readonly size: number }
  /** Not transferred because of what is at the target: the same file, or the caller wants to keep it. */
  | { readonly kind: 'skipped'; readonly path: string; readonly size: number; readonly why: string }
  /** Not transferable: a link, a device. */
  | { readonly kind: 'left-out'; readonly path: string; readonly why: string }
  /** The rest of the transfer goes on. */
  | { readonly kind: 'failed'; readonly path: string; readonly error: unknown }
  /** The end, with the result. Also reported before an error is thrown. */
  | { readonly kind: 'ended'; readonly result: TransferResult }
  /** A file was interrupted; what has arrived is kept at `partial` for a later transfer with `resume`. */
  | { readonly kind: 'kept'; readonly path: string; readonly partial: string };

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
