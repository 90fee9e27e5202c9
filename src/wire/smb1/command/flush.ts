import type { Layout, Wire } from '../../io/layout.js';
import { noData, words } from '../block.js';

/** [MS-CIFS] 2.2.4.6.1 SMB_COM_FLUSH Request. The response is empty. */
export class FlushRequest implements Wire {
  /** 0xFFFF for all files of the process. */
  fid = 0;

  layout(io: Layout): void {
    words(io, 1, () => {
      this.fid = io.u16('FID', this.fid);
    });
    noData(io);
  }
}
