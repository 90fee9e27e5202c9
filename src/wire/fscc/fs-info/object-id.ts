import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import type { Layout, Wire } from '../../io/layout.js';
import type { FsFacts } from '../fs-facts.js';

const EXTENDED = 48;

/** [MS-FSCC] 2.5.6 FileFsObjectIdInformation. */
export class FileFsObjectIdInformation implements Wire {
  objectId: Guid = NIL_GUID;
  extendedInfo: Uint8Array = new Uint8Array(EXTENDED);

  static of(facts: FsFacts): FileFsObjectIdInformation {
    const info = new FileFsObjectIdInformation();
    info.objectId = facts.objectId;
    return info;
  }

  layout(io: Layout): void {
    this.objectId = io.guid('ObjectId', this.objectId);
    this.extendedInfo = io.bytes('ExtendedInfo', EXTENDED, this.extendedInfo);
  }
}
