import { EMPTY } from '../io/decoder.js';
import type { Layout } from '../io/layout.js';

/** Bytes that have no structure here: everything up to the end of the window. */
export class Raw {
  bytes: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.bytes = io.rest('Data', this.bytes);
  }
}
