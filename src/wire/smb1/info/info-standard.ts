import type { Layout, Wire } from '../../io/layout.js';
import { DosTimes } from './dos-times.js';

/** [MS-CIFS] 2.2.8.3.1 SMB_INFO_STANDARD and 2.2.8.3.2 SMB_INFO_QUERY_EA_SIZE of a query. */
export class InfoStandard implements Wire {
  /** Level SMB_INFO_QUERY_EA_SIZE. */
  readonly hasEaSize: boolean;
  times: DosTimes = new DosTimes();
  fileDataSize = 0;
  allocationSize = 0;
  attributes = 0;
  eaSize = 0;

  constructor(hasEaSize = false) {
    this.hasEaSize = hasEaSize;
  }

  layout(io: Layout): void {
    this.times.layout(io);
    this.fileDataSize = io.u32('FileDataSize', this.fileDataSize);
    this.allocationSize = io.u32('AllocationSize', this.allocationSize);
    this.attributes = io.u16('Attributes', this.attributes);
    if (this.hasEaSize) this.eaSize = io.u32('EaSize', this.eaSize);
  }
}

/** [MS-CIFS] 2.2.8.4.1 SMB_INFO_STANDARD of a set: zero leaves a time unchanged. */
export class SetInfoStandard implements Wire {
  times: DosTimes = new DosTimes();

  layout(io: Layout): void {
    this.times.layout(io);
    // Clients send fewer than the ten reserved bytes of the specification.
    io.skip('Reserved', io.reading ? Math.min(io.left, 10) : 10);
  }
}
