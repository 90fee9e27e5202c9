import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-SMB2] 2.2.13.2.11 Flags. */
export const DurableHandleFlags = { Persistent: 0x00000002 } as const;

const flagNames: NameTable = namesOf(DurableHandleFlags);

/** [MS-SMB2] 2.2.13.2.11 SMB2_CREATE_DURABLE_HANDLE_REQUEST_V2. */
export class CreateDurableHandleRequestV2 {
  /** Milliseconds; 0 leaves it to the server. */
  timeout = 0;
  flags = 0;
  createGuid: Guid = NIL_GUID;

  layout(io: Layout): void {
    this.timeout = io.u32('Timeout', this.timeout);
    this.flags = io.flags32('Flags', this.flags, flagNames);
    io.skip('Reserved', 8);
    this.createGuid = io.guid('CreateGuid', this.createGuid);
  }
}

/** [MS-SMB2] 2.2.14.2.12 SMB2_CREATE_DURABLE_HANDLE_RESPONSE_V2. */
export class CreateDurableHandleResponseV2 {
  /** Milliseconds. */
  timeout = 0;
  flags = 0;

  layout(io: Layout): void {
    this.timeout = io.u32('Timeout', this.timeout);
    this.flags = io.flags32('Flags', this.flags, flagNames);
  }
}

/** [MS-SMB2] 2.2.13.2.12 SMB2_CREATE_DURABLE_HANDLE_RECONNECT_V2. */
export class CreateDurableHandleReconnectV2 {
  fileId: FileId = FileId.none;
  createGuid: Guid = NIL_GUID;
  flags = 0;

  layout(io: Layout): void {
    this.fileId = io.fileId('FileId', this.fileId);
    this.createGuid = io.guid('CreateGuid', this.createGuid);
    this.flags = io.flags32('Flags', this.flags, flagNames);
  }
}
