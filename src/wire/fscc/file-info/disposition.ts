import type { Layout, Wire } from '../../io/layout.js';

/** [MS-FSCC] 2.4.11 FileDispositionInformation. */
export class FileDispositionInformation implements Wire {
  deletePending = false;

  layout(io: Layout): void {
    this.deletePending = io.u8('DeletePending', Number(this.deletePending)) !== 0;
  }
}
