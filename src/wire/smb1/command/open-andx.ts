import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { AndXBlock, data, noData, words } from '../block.js';

/** [MS-CIFS] 2.2.4.41.1, [MS-SMB] 2.2.4.1.1 Flags. */
export const OpenFlags = {
  ReqAttrib: 0x0001,
  ReqOplock: 0x0002,
  ReqOpbatch: 0x0004,
  ReqEasize: 0x0008,
  ExtendedResponse: 0x0010,
} as const;

const FLAG_NAMES: NameTable = namesOf(OpenFlags, 'SMB_OPEN_');

/** [MS-CIFS] 2.2.4.41.1 AccessMode, the low three bits. */
export const AccessMode = { Read: 0, Write: 1, ReadWrite: 2, Execute: 3 } as const;

/** [MS-CIFS] 2.2.4.41.1 AccessMode, bits 4 to 6. */
export const SharingMode = { Compatibility: 0, DenyAll: 1, DenyWrite: 2, DenyRead: 3, DenyNone: 4, Fcb: 7 } as const;

/** [MS-CIFS] 2.2.4.41.2 OpenResults, the low two bits; bit 15 is an oplock. */
export const OpenResult = { Opened: 1, Created: 2, Truncated: 3 } as const;

/** [MS-CIFS] 2.2.4.41.1 SMB_COM_OPEN_ANDX Request. */
export class OpenAndXRequest extends AndXBlock {
  flags = 0;
  accessMode = 0;
  searchAttrs = 0;
  fileAttrs = 0;
  /** UTIME: seconds since 1970 in the server's zone. */
  creationTime = 0;
  openMode = 0;
  allocationSize = 0;
  timeout = 0;
  fileName = '';

  layout(io: Layout): void {
    words(io, 15, () => {
      this.andX(io);
      this.flags = io.flags16('Flags', this.flags, FLAG_NAMES);
      this.accessMode = io.u16('AccessMode', this.accessMode);
      this.searchAttrs = io.u16('SearchAttrs', this.searchAttrs);
      this.fileAttrs = io.u16('FileAttrs', this.fileAttrs);
      this.creationTime = io.u32('CreationTime', this.creationTime);
      this.openMode = io.u16('OpenMode', this.openMode);
      this.allocationSize = io.u32('AllocationSize', this.allocationSize);
      this.timeout = io.u32('Timeout', this.timeout);
      io.skip('Reserved', 4);
    });
    data(io, () => {
      this.fileName = io.text('FileName', this.fileName);
    });
  }
}

/** [MS-CIFS] 2.2.4.41.2, [MS-SMB] 2.2.4.1.2 SMB_COM_OPEN_ANDX Response: 15 words, or 19 with access rights. */
export class OpenAndXResponse extends AndXBlock {
  wordCount = 15;
  fid = 0;
  fileAttrs = 0;
  lastWriteTime = 0;
  fileDataSize = 0;
  accessRights = 0;
  resourceType = 0;
  nmPipeStatus = 0;
  openResults = 0;
  serverFid = 0;
  maximalAccessRights = 0;
  guestMaximalAccessRights = 0;

  layout(io: Layout): void {
    this.wordCount = words(io, this.wordCount, (count) => this.#words(io, count), [15, 19]);
    noData(io);
  }

  #words(io: Layout, count: number): void {
    this.andX(io);
    this.fid = io.u16('FID', this.fid);
    this.fileAttrs = io.u16('FileAttrs', this.fileAttrs);
    this.lastWriteTime = io.u32('LastWriteTime', this.lastWriteTime);
    this.fileDataSize = io.u32('FileDataSize', this.fileDataSize);
    this.accessRights = io.u16('AccessRights', this.accessRights);
    this.resourceType = io.u16('ResourceType', this.resourceType);
    this.nmPipeStatus = io.u16('NMPipeStatus', this.nmPipeStatus);
    this.openResults = io.u16('OpenResults', this.openResults);
    this.serverFid = io.u32('ServerFID', this.serverFid);
    io.skip('Reserved', 2);
    if (count < 19) return;
    this.maximalAccessRights = io.u32('MaximalAccessRights', this.maximalAccessRights);
    this.guestMaximalAccessRights = io.u32('GuestMaximalAccessRights', this.guestMaximalAccessRights);
  }
}
