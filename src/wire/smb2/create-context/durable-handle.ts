import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.13.2.3 SMB2_CREATE_DURABLE_HANDLE_REQUEST. */
export class CreateDurableHandleRequest {
  layout(io: Layout): void {
    io.skip('DurableRequest', 16);
  }
}

/** [MS-SMB2] 2.2.14.2.3 SMB2_CREATE_DURABLE_HANDLE_RESPONSE. */
export class CreateDurableHandleResponse {
  layout(io: Layout): void {
    io.skip('Reserved', 8);
  }
}

/** [MS-SMB2] 2.2.13.2.4 SMB2_CREATE_DURABLE_HANDLE_RECONNECT. */
export class CreateDurableHandleReconnect {
  fileId: FileId = FileId.none;

  layout(io: Layout): void {
    this.fileId = io.fileId('Data', this.fileId);
  }
}
