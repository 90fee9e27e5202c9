import { systemClock } from '#net/clock.js';
import { SmbError, UsageError } from '#wire/erref/errors.js';
import type { Control } from './protocol.js';

/** What every call of a file or share takes. */
export interface CallOptions {
  /** Ends the call with its reason; nothing stays open for it. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the call with `CallTimeout` when it takes longer. */
  readonly timeoutMs?: number | undefined;
}

/** How far a transfer has come. */
export interface Progress {
  /** Bytes so far. */
  readonly bytes: number;
  /** Bytes in all; undefined if that is not known. */
  readonly total: number | undefined;
}

/** What calls that move data take in addition. */
export interface TransferOptions extends CallOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A call took longer than its `timeoutMs`. The connection is as it was. */
export class CallTimeout extends SmbError {
  constructor(timeoutMs: number) {
    super('ETIMEDOUT', `not done within ${timeoutMs} ms`);
  }
}

/** Runs a call within its limits; no timer is left behind. */
export function bounded<T>({ signal, timeoutMs }: CallOptions, work: (control: Control) => Promise<T>): Promise<T> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (timeoutMs !== undefined) return timed(signal, timeoutMs, work);
  try {
    return work(signal ? { signal } : {});
  } catch (error) {
    // Of arguments that make no sense: who calls waits for a promise.
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

/** As `bounded`, for what comes bit by bit: the limits are for all of it. */
export function boundedEach<T>(
  options: CallOptions,
  work: (control: Control) => AsyncGenerator<T, void, undefined>,
): Steps<T> {
  return disposable(each(options, work));
}

/** What comes bit by bit. Leaving it, `return` and `await using` close what is open for it. */
export type Steps<T> = AsyncGenerator<T, void, undefined> & AsyncDisposable;

/** Fit for `await using`, as generators are by themselves from Node 24 on. */
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

/** The control of a call with these options, and what ends its timer. */
export function limits({ signal, timeoutMs }: CallOptions): { control: Control; end: () => void } {
  if (timeoutMs === undefined || timeoutMs === Number.POSITIVE_INFINITY)
    return { control: signal ? { signal } : {}, end: () => undefined };
  if (!(timeoutMs > 0)) throw new UsageError(`timeoutMs must be a number above 0, not ${timeoutMs}`);
  const stop = new AbortController();
  const end = systemClock.after(timeoutMs, () => stop.abort(new CallTimeout(timeoutMs)));
  return { control: { signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal }, end };
}
