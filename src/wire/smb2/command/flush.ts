import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.17 SMB2 FLUSH Request. */
export class FlushRequest {
  fileId: FileId = FileId.none;

  layout(io: Layout): void {
    io.same16('StructureSize', 24);
    io.skip('Reserved1', 2);
    io.skip('Reserved2', 4);
    this.fileId = io.fileId('FileId', this.fileId);
  }
}

/** [MS-SMB2] 2.2.18 SMB2 FLUSH Response. */
export class FlushResponse {
  layout(io: Layout): void {
    io.same16('StructureSize', 4);
    io.skip('Reserved', 2);
  }
}
