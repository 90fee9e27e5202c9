import type { Clock } from '#engine/transport.js';

/** The longest that Node's timers can wait; they fire at once where they are to wait longer. */
const MAX_MS = 2 ** 31 - 1;

/** The machine's clock: wall time at start plus a monotonic counter, so it never goes back. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (ms, callback, holds = false) => {
    const timer = setTimeout(callback, Math.min(ms, MAX_MS));
    if (!holds) timer.unref();
    return () => clearTimeout(timer);
  },
};
