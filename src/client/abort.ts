import { setMaxListeners } from 'node:events';
import type { Clock } from '#engine/transport.js';

const quieted = new WeakMap<AbortSignal, AbortSignal>();

/** Stands for a caller's signal: any number of requests may wait on it without Node taking that for a leak. */
export function quiet(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (!signal) return undefined;
  const known = quieted.get(signal);
  if (known) return known;
  const derived = AbortSignal.any([signal]);
  setMaxListeners(0, derived);
  quieted.set(signal, derived);
  quieted.set(derived, derived);
  return derived;
}

/**
 * The promise, or the signal's reason as soon as it is aborted. What comes of the promise after that goes to `late`, or
 * to `failed`.
 */
export function abortable<T>(
  promise: Promise<T>,
  caller: AbortSignal | undefined,
  late: (value: T) => void = nothing,
  failed: (error: unknown) => void = nothing,
): Promise<T> {
  const signal = quiet(caller);
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    let over = false;
    const abort = (): void => {
      over = true;
      reject(signal.reason);
    };
    const done = (): boolean => {
      signal.removeEventListener('abort', abort);
      return over;
    };
    promise.then(
      (value) => (done() ? late(value) : resolve(value)),
      (error) => (done() ? failed(error) : reject(error)),
    );
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

function nothing(): void {
  // The value is of no use any more.
}

/** Waits, and the process with it; the signal's reason when it is aborted meanwhile. */
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
