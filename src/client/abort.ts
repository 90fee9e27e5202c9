import { offAbort, onAbort } from '#engine/on-abort.js';
import type { Clock } from '#engine/transport.js';

/**
 * Settles like `promise`, or rejects with the signal's reason as soon as it is aborted. A result that comes after that
 * goes to `late`, an error to `failed`.
 */
export function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  late: (value: T) => void = nothing,
  failed: (error: unknown) => void = nothing,
): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    let over = signal.aborted;
    const abort = (): void => {
      over = true;
      reject(signal.reason);
    };
    const done = (): boolean => {
      offAbort(signal, abort);
      return over;
    };
    promise.then(
      (value) => (done() ? late(value) : resolve(value)),
      (error) => (done() ? failed(error) : reject(error)),
    );
    if (over) reject(signal.reason);
    else onAbort(signal, abort);
  });
}

function nothing(): void {
  // The result is no longer needed.
}

/** Waits `ms` milliseconds and keeps the process alive meanwhile. Rejects with the signal's reason if it is aborted. */
export function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = (): void => {
      stop();
      reject(signal?.reason);
    };
    const over = (): void => {
      signal?.removeEventListener('abort', abort);
      resolve();
    };
    const stop = clock.after(ms, over, true);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
