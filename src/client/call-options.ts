import { systemClock } from '#net/clock.js';
import { SmbError, UsageError } from '#wire/erref/errors.js';
import type { Control } from './protocol.js';

/** Options that every call on a file or share takes. */
export interface CallOptions {
  /** Aborts the call with the signal's reason; nothing stays open on the server. */
  readonly signal?: AbortSignal | undefined;
  /** Fails the call with `CallTimeout` if it takes longer. */
  readonly timeoutMs?: number | undefined;
}

/** Progress of a transfer. */
export interface Progress {
  /** Bytes transferred so far. */
  readonly bytes: number;
  /** Total number of bytes; undefined if unknown. */
  readonly total: number | undefined;
}

/** Additional options of calls that move data. */
export interface TransferOptions extends CallOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A call took longer than its `timeoutMs`. The connection is not affected. */
export class CallTimeout extends SmbError {
  constructor(timeoutMs: number) {
    super('ETIMEDOUT', `not done within ${timeoutMs} ms`);
  }
}

/** Runs a call with its signal and timeout; no timer is left behind. */
export function bounded<T>({ signal, timeoutMs }: CallOptions, work: (control: Control) => Promise<T>): Promise<T> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (timeoutMs !== undefined) return timed(signal, timeoutMs, work);
  try {
    return work(signal ? { signal } : {});
  } catch (error) {
    // Invalid arguments make `work` throw synchronously, but the caller expects a rejected promise.
    return Promise.reject(error);
  }
}

async function timed<T>(
  signal: AbortSignal | undefined,
  timeoutMs: number,
  work: (control: Control) => Promise<T>,
): Promise<T> {
  const { control, end } = limits({ signal, timeoutMs });
  try {
    return await work(control);
  } finally {
    end();
  }
}

/** Like `bounded`, for a generator: the limits apply to the whole iteration. */
export function boundedEach<T>(
  options: CallOptions,
  work: (control: Control) => AsyncGenerator<T, void, undefined>,
): Steps<T> {
  return disposable(each(options, work));
}

/** An async iteration. Leaving the loop, `return` and `await using` release what it holds open. */
export type Steps<T> = AsyncGenerator<T, void, undefined> & AsyncDisposable;

/** Adds support for `await using`, which generators have natively only from Node 24 on. */
export function disposable<T>(steps: AsyncGenerator<T, void, undefined>): Steps<T> {
  if (Symbol.asyncDispose in steps) return steps as Steps<T>;
  const left = { [Symbol.asyncDispose]: async () => void (await steps.return()) };
  return Object.assign(steps, left);
}

async function* each<T>(
  options: CallOptions,
  work: (control: Control) => AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  options.signal?.throwIfAborted();
  const { control, end } = limits(options);
  try {
    yield* work(control);
  } finally {
    end();
  }
}

/** The control for a call with these options, and a function that ends its timer. */
export function limits({ signal, timeoutMs }: CallOptions): { control: Control; end: () => void } {
  if (timeoutMs === undefined || timeoutMs === Number.POSITIVE_INFINITY)
    return { control: signal ? { signal } : {}, end: () => undefined };
  if (!(timeoutMs > 0)) throw new UsageError(`timeoutMs must be a number above 0, not ${timeoutMs}`);
  const stop = new AbortController();
  const end = systemClock.after(timeoutMs, () => stop.abort(new CallTimeout(timeoutMs)));
  return { control: { signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal }, end };
}
