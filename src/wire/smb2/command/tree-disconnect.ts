import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.11 SMB2 TREE_DISCONNECT Request. */
export class TreeDisconnectRequest {
  layout(io: Layout): void {
    io.same16('StructureSize', 4);
    io.skip('Reserved', 2);
  }
}

/** [MS-SMB2] 2.2.12 SMB2 TREE_DISCONNECT Response. */
export class TreeDisconnectResponse {
  layout(io: Layout): void {
    io.same16('StructureSize', 4);
    io.skip('Reserved', 2);
  }
}
