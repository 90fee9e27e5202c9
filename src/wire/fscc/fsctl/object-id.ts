import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import type { Layout } from '../../io/layout.js';

/** [MS-FSCC] 2.1.3.1 FILE_OBJECTID_BUFFER Type 1. */
export class FileObjectIdBuffer {
  objectId: Guid = NIL_GUID;
  birthVolumeId: Guid = NIL_GUID;
  birthObjectId: Guid = NIL_GUID;
  domainId: Guid = NIL_GUID;

  layout(io: Layout): void {
    this.objectId = io.guid('ObjectId', this.objectId);
    this.birthVolumeId = io.guid('BirthVolumeId', this.birthVolumeId);
    this.birthObjectId = io.guid('BirthObjectId', this.birthObjectId);
    this.domainId = io.guid('DomainId', this.domainId);
  }
}
