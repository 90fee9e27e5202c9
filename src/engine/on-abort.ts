interface Waiters {
  readonly listeners: Set<() => void>;
  readonly abort: () => void;
}

const all = new WeakMap<AbortSignal, Waiters>();

function waitersOf(signal: AbortSignal): Waiters {
  const known = all.get(signal);
  if (known) return known;
  const listeners = new Set<() => void>();
  const abort = (): void => {
    for (const tell of listeners) tell();
    listeners.clear();
  };
  const waiters = { listeners, abort };
  all.set(signal, waiters);
  return waiters;
}

/**
 * Calls `tell` when the signal is aborted. All requests share one listener on the signal: in Node, adding a listener
 * costs as much as making the request, and many of them trigger its leak warning.
 */
export function onAbort(signal: AbortSignal, tell: () => void): void {
  const { listeners, abort } = waitersOf(signal);
  if (listeners.size === 0) signal.addEventListener('abort', abort, { once: true });
  listeners.add(tell);
}

/** Undoes `onAbort`. The last one removes the listener, so that the signal can be collected. */
export function offAbort(signal: AbortSignal, tell: () => void): void {
  const { listeners, abort } = waitersOf(signal);
  if (listeners.delete(tell) && listeners.size === 0) signal.removeEventListener('abort', abort);
}
