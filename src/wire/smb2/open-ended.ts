import type { Layout } from '../io/layout.js';
import type { Slot } from '../io/slot.js';

/** For an offset without a length: when reading, its part extends to the end of the window. */
export function openEnded(io: Layout, slot: Slot): Slot {
  if (io.reading) slot.length = io.at + io.left - slot.offset;
  return slot;
}
