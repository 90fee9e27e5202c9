import type { Layout, Wire } from '../../io/layout.js';

/** [MS-FSCC] 2.4.4 FileAllocationInformation. */
export class FileAllocationInformation implements Wire {
  allocationSize = 0;

  layout(io: Layout): void {
    this.allocationSize = io.u64('AllocationSize', this.allocationSize);
  }
}
