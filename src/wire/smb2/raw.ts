import { EMPTY } from '../io/decoder.js';
import type { Layout } from '../io/layout.js';

/** Bytes that we have no structure for, or whose structure belongs to others: all up to the end of their place. */
export class Raw {
  bytes: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.bytes = io.rest('Data', this.bytes);
  }
}
