import type { Clock } from '#engine/transport.js';

/** The longest delay Node's timers support; anything longer fires immediately. */
const MAX_MS = 2 ** 31 - 1;

/** System clock: wall time at start plus a monotonic counter, so it never goes backwards. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (ms, callback, holds = false) => {
    const timer = setTimeout(callback, Math.min(ms, MAX_MS));
    if (!holds) timer.unref();
    return () => clearTimeout(timer);
  },
};
