import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.13.2.13 SMB2_CREATE_APP_INSTANCE_ID. */
export class CreateAppInstanceId {
  appInstanceId: Guid = NIL_GUID;

  layout(io: Layout): void {
    io.same16('StructureSize', 20);
    io.skip('Reserved', 2);
    this.appInstanceId = io.guid('AppInstanceId', this.appInstanceId);
  }
}
