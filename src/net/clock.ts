import type { Clock } from '#engine/transport.js';

/** The machine's clock: wall time at start plus a monotonic counter, so it never goes back. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (ms, callback, holds = false) => {
    const timer = setTimeout(callback, ms);
    if (!holds) timer.unref();
    return () => clearTimeout(timer);
  },
};
