import type { Layout, Wire } from '../../io/layout.js';
import { noData, words } from '../block.js';

/** [MS-CIFS] 2.2.4.57.2 SMB_COM_QUERY_INFORMATION_DISK Response. The request is empty. */
export class QueryInformationDiskResponse implements Wire {
  totalUnits = 0;
  blocksPerUnit = 0;
  blockSize = 0;
  freeUnits = 0;

  layout(io: Layout): void {
    words(io, 5, () => {
      this.totalUnits = io.u16('TotalUnits', this.totalUnits);
      this.blocksPerUnit = io.u16('BlocksPerUnit', this.blocksPerUnit);
      this.blockSize = io.u16('BlockSize', this.blockSize);
      this.freeUnits = io.u16('FreeUnits', this.freeUnits);
      io.skip('Reserved', 2);
    });
    noData(io);
  }
}
