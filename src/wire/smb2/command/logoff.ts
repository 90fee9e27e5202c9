import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.7 SMB2 LOGOFF Request. */
export class LogoffRequest {
  layout(io: Layout): void {
    io.same16('StructureSize', 4);
    io.skip('Reserved', 2);
  }
}

/** [MS-SMB2] 2.2.8 SMB2 LOGOFF Response. */
export class LogoffResponse {
  layout(io: Layout): void {
    io.same16('StructureSize', 4);
    io.skip('Reserved', 2);
  }
}
