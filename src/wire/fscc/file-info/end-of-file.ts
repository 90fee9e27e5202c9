import type { Layout, Wire } from '../../io/layout.js';

/** [MS-FSCC] 2.4.13 FileEndOfFileInformation. */
export class FileEndOfFileInformation implements Wire {
  endOfFile = 0;

  layout(io: Layout): void {
    this.endOfFile = io.u64('EndOfFile', this.endOfFile);
  }
}
