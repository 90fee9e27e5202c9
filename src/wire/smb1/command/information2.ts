import type { Layout, Wire } from '../../io/layout.js';
import { noData, words } from '../block.js';
import { DosTimes } from '../info/dos-times.js';

/** [MS-CIFS] 2.2.4.30.1 SMB_COM_SET_INFORMATION2 Request. The response is empty. */
export class SetInformation2Request implements Wire {
  fid = 0;
  times: DosTimes = new DosTimes();

  layout(io: Layout): void {
    words(io, 7, () => {
      this.fid = io.u16('FID', this.fid);
      this.times.layout(io);
    });
    noData(io);
  }
}

/** [MS-CIFS] 2.2.4.31.1 SMB_COM_QUERY_INFORMATION2 Request. */
export class QueryInformation2Request implements Wire {
  fid = 0;

  layout(io: Layout): void {
    words(io, 1, () => {
      this.fid = io.u16('FID', this.fid);
    });
    noData(io);
  }
}

/** [MS-CIFS] 2.2.4.31.2 SMB_COM_QUERY_INFORMATION2 Response. */
export class QueryInformation2Response implements Wire {
  times: DosTimes = new DosTimes();
  fileDataSize = 0;
  fileAllocationSize = 0;
  fileAttributes = 0;

  layout(io: Layout): void {
    words(io, 11, () => {
      this.times.layout(io);
      this.fileDataSize = io.u32('FileDataSize', this.fileDataSize);
      this.fileAllocationSize = io.u32('FileAllocationSize', this.fileAllocationSize);
      this.fileAttributes = io.u16('FileAttributes', this.fileAttributes);
    });
    noData(io);
  }
}
