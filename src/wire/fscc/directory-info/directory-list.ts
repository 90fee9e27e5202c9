import type { Layout, Wire } from '../../io/layout.js';
import { type DirectoryEntryWire, directoryInfoClasses } from './classes.js';

/** [MS-FSCC] 2.4: a listing as a chain of entries of one class. An unknown class reads as no entries. */
export class DirectoryList implements Wire {
  entries: DirectoryEntryWire[] = [];
  readonly #make: (() => DirectoryEntryWire) | undefined;

  constructor(infoClass: number) {
    this.#make = directoryInfoClasses[infoClass]?.make;
  }

  layout(io: Layout): void {
    if (this.#make !== undefined) this.entries = io.chain('Entries', this.entries, this.#make, 8);
  }
}
