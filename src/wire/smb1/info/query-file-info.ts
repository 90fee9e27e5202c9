import type { Layout, Wire } from '../../io/layout.js';

/**
 * [MS-CIFS] 2.2.8.3.6 SMB_QUERY_FILE_BASIC_INFO, 2.2.8.4.3 SMB_SET_FILE_BASIC_INFO. As FileBasicInformation, but Samba
 * omits the reserved bytes at the end.
 */
export class QueryFileBasicInfo implements Wire {
  creationTime = 0n;
  lastAccessTime = 0n;
  lastWriteTime = 0n;
  lastChangeTime = 0n;
  extFileAttributes = 0;

  layout(io: Layout): void {
    this.creationTime = io.time('CreationTime', this.creationTime);
    this.lastAccessTime = io.time('LastAccessTime', this.lastAccessTime);
    this.lastWriteTime = io.time('LastWriteTime', this.lastWriteTime);
    this.lastChangeTime = io.time('LastChangeTime', this.lastChangeTime);
    this.extFileAttributes = io.u32('ExtFileAttributes', this.extFileAttributes);
    io.skip('Reserved', io.reading ? Math.min(io.left, 4) : 4);
  }
}

/** [MS-CIFS] 2.2.8.3.7 SMB_QUERY_FILE_STANDARD_INFO: 22 bytes; Samba sends the 24 of FileStandardInformation. */
export class QueryFileStandardInfo implements Wire {
  allocationSize = 0;
  endOfFile = 0;
  numberOfLinks = 0;
  deletePending = 0;
  directory = 0;

  layout(io: Layout): void {
    this.allocationSize = io.size64('AllocationSize', this.allocationSize);
    this.endOfFile = io.size64('EndOfFile', this.endOfFile);
    this.numberOfLinks = io.u32('NumberOfLinks', this.numberOfLinks);
    this.deletePending = io.u8('DeletePending', this.deletePending);
    this.directory = io.u8('Directory', this.directory);
    io.skip('Reserved', io.reading ? Math.min(io.left, 2) : 2);
  }
}
