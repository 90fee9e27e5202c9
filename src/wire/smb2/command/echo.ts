import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.28 SMB2 ECHO Request. */
export class EchoRequest {
  layout(io: Layout): void {
    io.same16('StructureSize', 4);
    io.skip('Reserved', 2);
  }
}

/** [MS-SMB2] 2.2.29 SMB2 ECHO Response. */
export class EchoResponse {
  layout(io: Layout): void {
    io.same16('StructureSize', 4);
    io.skip('Reserved', 2);
  }
}
