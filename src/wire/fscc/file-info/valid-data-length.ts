import type { Layout, Wire } from '../../io/layout.js';

/** [MS-FSCC] 2.4.48 FileValidDataLengthInformation. */
export class FileValidDataLengthInformation implements Wire {
  validDataLength = 0;

  layout(io: Layout): void {
    this.validDataLength = io.u64('ValidDataLength', this.validDataLength);
  }
}
