import { MAX_64, wholeBigint } from './arguments.js';
import type { CallOptions } from './call-options.js';

/** What to lock of a file. */
export interface LockOptions extends CallOptions {
  /** First byte; 0 when absent. Locks may lie behind the end of the file. */
  readonly offset?: number | bigint | undefined;
  /** Number of bytes; up to the largest position there is when absent. */
  readonly length?: number | bigint | undefined;
  /** Nobody else may read there, not only not write; true when absent. */
  readonly exclusive?: boolean | undefined;
  /** Waits for others to let go; else fails with STATUS_LOCK_NOT_GRANTED. */
  readonly wait?: boolean | undefined;
}

/** A lock that is held: let go of by `release`, `await using`, or closing the file. */
export interface FileLock extends AsyncDisposable {
  release(options?: CallOptions): Promise<void>;
}

/** What is locked, in bytes. */
export function rangeOf({ offset = 0n, length }: LockOptions): { offset: bigint; length: bigint } {
  const start = wholeBigint('offset', offset);
  return { offset: start, length: length === undefined ? MAX_64 - start : wholeBigint('length', length) };
}
