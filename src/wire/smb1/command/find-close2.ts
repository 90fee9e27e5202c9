import type { Layout, Wire } from '../../io/layout.js';
import { noData, words } from '../block.js';

/** [MS-CIFS] 2.2.4.48.1 SMB_COM_FIND_CLOSE2 Request. The response is empty. */
export class FindClose2Request implements Wire {
  searchHandle = 0;

  layout(io: Layout): void {
    words(io, 1, () => {
      this.searchHandle = io.u16('SearchHandle', this.searchHandle);
    });
    noData(io);
  }
}
