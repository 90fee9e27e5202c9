import { MAX_64, wholeBigint } from './arguments.js';
import type { CallOptions } from './call-options.js';

/** What part of a file to lock, and how. */
export interface LockOptions extends CallOptions {
  /** First byte; 0 by default. Locks may lie beyond the end of the file. */
  readonly offset?: number | bigint | undefined;
  /** Number of bytes; by default, everything up to the largest offset. */
  readonly length?: number | bigint | undefined;
  /** Keeps others from reading as well as from writing; true by default. */
  readonly exclusive?: boolean | undefined;
  /** Waits until the lock is granted; otherwise a conflict fails with STATUS_LOCK_NOT_GRANTED. */
  readonly wait?: boolean | undefined;
}

/** A lock. It ends with `release`, with `await using`, or when the file is closed. */
export interface FileLock extends AsyncDisposable {
  release(options?: CallOptions): Promise<void>;
}

/** The byte range to lock. */
export function rangeOf({ offset = 0n, length }: LockOptions): { offset: bigint; length: bigint } {
  const start = wholeBigint('offset', offset);
  return { offset: start, length: length === undefined ? MAX_64 - start : wholeBigint('length', length) };
}
