import { fileAttributeNames } from '../../fscc/attributes.js';
import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-SMB2] 2.2.15 Flags. */
export const CloseFlags = { PostqueryAttrib: 0x0001 } as const;

const closeFlagNames: NameTable = namesOf(CloseFlags);

/** [MS-SMB2] 2.2.15 SMB2 CLOSE Request. */
export class CloseRequest {
  flags = 0;
  fileId: FileId = FileId.none;

  layout(io: Layout): void {
    io.same16('StructureSize', 24);
    this.flags = io.flags16('Flags', this.flags, closeFlagNames);
    io.skip('Reserved', 4);
    this.fileId = io.fileId('FileId', this.fileId);
  }
}

/** [MS-SMB2] 2.2.16 SMB2 CLOSE Response. All zero unless PostqueryAttrib is set. */
export class CloseResponse {
  flags = 0;
  creationTime = 0n;
  lastAccessTime = 0n;
  lastWriteTime = 0n;
  changeTime = 0n;
  allocationSize = 0;
  endofFile = 0;
  fileAttributes = 0;

  layout(io: Layout): void {
    io.same16('StructureSize', 60);
    this.flags = io.flags16('Flags', this.flags, closeFlagNames);
    io.skip('Reserved', 4);
    this.creationTime = io.time('CreationTime', this.creationTime);
    this.lastAccessTime = io.time('LastAccessTime', this.lastAccessTime);
    this.lastWriteTime = io.time('LastWriteTime', this.lastWriteTime);
    this.changeTime = io.time('ChangeTime', this.changeTime);
    this.allocationSize = io.size64('AllocationSize', this.allocationSize);
    this.endofFile = io.size64('EndofFile', this.endofFile);
    this.fileAttributes = io.flags32('FileAttributes', this.fileAttributes, fileAttributeNames);
  }
}
