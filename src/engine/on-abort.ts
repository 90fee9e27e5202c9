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
 * Calls back when the signal is aborted. The signal itself has one listener for any number of requests: a listener of
 * its own takes Node as long as making the request, and many look like a leak to it.
 */
export function onAbort(signal: AbortSignal, tell: () => void): void {
  const { listeners, abort } = waitersOf(signal);
  if (listeners.size === 0) signal.addEventListener('abort', abort, { once: true });
  listeners.add(tell);
}

/** Takes that back. A signal that nobody waits on is free to go. */
export function offAbort(signal: AbortSignal, tell: () => void): void {
  const { listeners, abort } = waitersOf(signal);
  if (listeners.delete(tell) && listeners.size === 0) signal.removeEventListener('abort', abort);
}
