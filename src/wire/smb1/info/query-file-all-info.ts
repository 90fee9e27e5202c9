import type { Layout, Wire } from '../../io/layout.js';
import { counted } from '../block.js';

/** [MS-CIFS] 2.2.8.3.10 SMB_QUERY_FILE_ALL_INFO. Unlike FileAllInformation, it lacks file id, access and position. */
export class QueryFileAllInfo implements Wire {
  creationTime = 0n;
  lastAccessTime = 0n;
  lastWriteTime = 0n;
  lastChangeTime = 0n;
  extFileAttributes = 0;
  allocationSize = 0;
  endOfFile = 0;
  numberOfLinks = 0;
  deletePending = 0;
  directory = 0;
  eaSize = 0;
  fileName = '';

  layout(io: Layout): void {
    this.creationTime = io.time('CreationTime', this.creationTime);
    this.lastAccessTime = io.time('LastAccessTime', this.lastAccessTime);
    this.lastWriteTime = io.time('LastWriteTime', this.lastWriteTime);
    this.lastChangeTime = io.time('LastChangeTime', this.lastChangeTime);
    this.extFileAttributes = io.u32('ExtFileAttributes', this.extFileAttributes);
    io.skip('Reserved1', 4);
    this.allocationSize = io.size64('AllocationSize', this.allocationSize);
    this.endOfFile = io.size64('EndOfFile', this.endOfFile);
    this.numberOfLinks = io.u32('NumberOfLinks', this.numberOfLinks);
    this.deletePending = io.u8('DeletePending', this.deletePending);
    this.directory = io.u8('Directory', this.directory);
    io.skip('Reserved2', 2);
    this.eaSize = io.u32('EaSize', this.eaSize);
    const length = io.length32('FileNameLength');
    this.fileName = counted(io, 'FileName', length, this.fileName);
  }
}
