import { EMPTY } from '../../io/decoder.js';
import type { Layout, Wire } from '../../io/layout.js';
import { data, noData, words } from '../block.js';

/** [MS-CIFS] 2.2.4.12.1 SMB_COM_WRITE Request. A count of zero truncates the file at the offset. */
export class WriteRequest implements Wire {
  fid = 0;
  countOfBytesToWrite = 0;
  writeOffsetInBytes = 0;
  estimateOfRemainingBytesToBeWritten = 0;
  data: Uint8Array = EMPTY;

  layout(io: Layout): void {
    words(io, 5, () => {
      this.fid = io.u16('FID', this.fid);
      this.countOfBytesToWrite = io.u16('CountOfBytesToWrite', this.countOfBytesToWrite);
      this.writeOffsetInBytes = io.u32('WriteOffsetInBytes', this.writeOffsetInBytes);
      this.estimateOfRemainingBytesToBeWritten = io.u16(
        'EstimateOfRemainingBytesToBeWritten',
        this.estimateOfRemainingBytesToBeWritten,
      );
    });
    data(io, () => {
      io.u8('BufferFormat', 1);
      const slot = io.length16('DataLength');
      this.data = io.bytesAt('Data', slot, this.data);
    });
  }
}

/** [MS-CIFS] 2.2.4.12.2 SMB_COM_WRITE Response. */
export class WriteResponse implements Wire {
  countOfBytesWritten = 0;

  layout(io: Layout): void {
    words(io, 1, () => {
      this.countOfBytesWritten = io.u16('CountOfBytesWritten', this.countOfBytesWritten);
    });
    noData(io);
  }
}
