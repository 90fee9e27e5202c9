import type { Layout, Wire } from '../../io/layout.js';

/** Three pairs of SMB_DATE and SMB_TIME ([MS-CIFS] 2.2.1.4), as in older structures; zeros mean "no time". */
export class DosTimes implements Wire {
  creationDate = 0;
  creationTime = 0;
  lastAccessDate = 0;
  lastAccessTime = 0;
  lastWriteDate = 0;
  lastWriteTime = 0;

  layout(io: Layout): void {
    this.creationDate = io.u16('CreationDate', this.creationDate);
    this.creationTime = io.u16('CreationTime', this.creationTime);
    this.lastAccessDate = io.u16('LastAccessDate', this.lastAccessDate);
    this.lastAccessTime = io.u16('LastAccessTime', this.lastAccessTime);
    this.lastWriteDate = io.u16('LastWriteDate', this.lastWriteDate);
    this.lastWriteTime = io.u16('LastWriteTime', this.lastWriteTime);
  }
}
