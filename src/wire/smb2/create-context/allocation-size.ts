import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.13.2.6 SMB2_CREATE_ALLOCATION_SIZE. */
export class CreateAllocationSize {
  allocationSize = 0;

  layout(io: Layout): void {
    this.allocationSize = io.u64('AllocationSize', this.allocationSize);
  }
}
