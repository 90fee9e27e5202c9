import type { Layout, Wire } from '../../io/layout.js';
import { data, noData, nothing, path, words } from '../block.js';

/** [MS-CIFS] 2.2.4.9.1 SMB_COM_QUERY_INFORMATION Request. */
export class QueryInformationRequest implements Wire {
  fileName = '';

  layout(io: Layout): void {
    words(io, 0, nothing);
    data(io, () => {
      this.fileName = path(io, 'FileName', this.fileName);
    });
  }
}

/** [MS-CIFS] 2.2.4.9.2 SMB_COM_QUERY_INFORMATION Response. */
export class QueryInformationResponse implements Wire {
  fileAttributes = 0;
  /** UTIME. */
  lastWriteTime = 0;
  fileSize = 0;

  layout(io: Layout): void {
    words(io, 10, () => {
      this.fileAttributes = io.u16('FileAttributes', this.fileAttributes);
      this.lastWriteTime = io.u32('LastWriteTime', this.lastWriteTime);
      this.fileSize = io.u32('FileSize', this.fileSize);
      io.skip('Reserved', 10);
    });
    noData(io);
  }
}
