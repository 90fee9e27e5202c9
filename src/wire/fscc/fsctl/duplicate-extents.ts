import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';

/** [MS-FSCC] 2.3.7.2 SMB2_DUPLICATE_EXTENTS_DATA. */
export class DuplicateExtentsData {
  sourceFileId: FileId = FileId.none;
  sourceFileOffset = 0;
  targetFileOffset = 0;
  byteCount = 0;

  layout(io: Layout): void {
    this.sourceFileId = io.fileId('SourceFileID', this.sourceFileId);
    this.sourceFileOffset = io.u64('SourceFileOffset', this.sourceFileOffset);
    this.targetFileOffset = io.u64('TargetFileOffset', this.targetFileOffset);
    this.byteCount = io.u64('ByteCount', this.byteCount);
  }
}

/** [MS-FSCC] 2.3.9.2 Flags: duplicate the whole range or nothing. */
export const DuplicateExtentsFlags = {
  SourceAtomic: 0x00000001,
} as const;

export const duplicateExtentsFlagNames: NameTable = { 1: 'DUPLICATE_EXTENTS_DATA_EX_SOURCE_ATOMIC' };

/** [MS-FSCC] 2.3.9.2 SMB2_DUPLICATE_EXTENTS_DATA_EX. */
export class DuplicateExtentsDataEx {
  structureSize = 0x30;
  sourceFileId: FileId = FileId.none;
  sourceFileOffset = 0;
  targetFileOffset = 0;
  byteCount = 0;
  flags = 0;

  layout(io: Layout): void {
    this.structureSize = io.u64('StructureSize', this.structureSize);
    this.sourceFileId = io.fileId('SourceFileID', this.sourceFileId);
    this.sourceFileOffset = io.u64('SourceFileOffset', this.sourceFileOffset);
    this.targetFileOffset = io.u64('TargetFileOffset', this.targetFileOffset);
    this.byteCount = io.u64('ByteCount', this.byteCount);
    this.flags = io.flags32('Flags', this.flags, duplicateExtentsFlagNames);
    if (!io.reading || io.left >= 4) io.skip('Reserved', 4);
  }
}
