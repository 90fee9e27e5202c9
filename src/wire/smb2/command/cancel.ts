import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.30 SMB2 CANCEL Request. */
export class CancelRequest {
  layout(io: Layout): void {
    io.same16('StructureSize', 4);
    io.skip('Reserved', 2);
  }
}
