import type { Layout, Wire } from '../../io/layout.js';
import { noData, words } from '../block.js';

/** [MS-CIFS] 2.2.4.5.1 SMB_COM_CLOSE Request. The response is empty. */
export class CloseRequest implements Wire {
  fid = 0;
  /** UTIME; 0 and all ones leave the time to the server. */
  lastTimeModified = 0;

  layout(io: Layout): void {
    words(io, 3, () => {
      this.fid = io.u16('FID', this.fid);
      this.lastTimeModified = io.u32('LastTimeModified', this.lastTimeModified);
    });
    noData(io);
  }
}
