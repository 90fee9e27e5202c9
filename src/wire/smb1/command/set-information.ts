import type { Layout, Wire } from '../../io/layout.js';
import { data, path, words } from '../block.js';

/** [MS-CIFS] 2.2.4.10.1 SMB_COM_SET_INFORMATION Request. The response is empty. */
export class SetInformationRequest implements Wire {
  fileAttributes = 0;
  /** UTIME; 0 leaves it unchanged. */
  lastWriteTime = 0;
  fileName = '';

  layout(io: Layout): void {
    words(io, 8, () => {
      this.fileAttributes = io.u16('FileAttributes', this.fileAttributes);
      this.lastWriteTime = io.u32('LastWriteTime', this.lastWriteTime);
      io.skip('Reserved', 10);
    });
    data(io, () => {
      this.fileName = path(io, 'FileName', this.fileName);
    });
  }
}
