import { EMPTY } from '../../io/decoder.js';
import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { emptyBuffer } from './empty-buffer.js';
import { fileClassNames } from './info-type.js';

/** [MS-SMB2] 2.2.33 Flags of the QUERY_DIRECTORY Request. */
export const QueryDirectoryFlags = {
  RestartScans: 0x01,
  ReturnSingleEntry: 0x02,
  IndexSpecified: 0x04,
  Reopen: 0x10,
} as const;

export const queryDirectoryFlagNames: NameTable = namesOf(QueryDirectoryFlags, 'SMB2_');

/** [MS-SMB2] 2.2.33 SMB2 QUERY_DIRECTORY Request. */
export class QueryDirectoryRequest {
  fileInformationClass = 0;
  flags = 0;
  fileIndex = 0;
  fileId: FileId = FileId.none;
  /** The search pattern. */
  fileName = '';
  outputBufferLength = 0;

  layout(io: Layout): void {
    io.same16('StructureSize', 33);
    this.fileInformationClass = io.u8('FileInformationClass', this.fileInformationClass, fileClassNames);
    this.flags = io.flags8('Flags', this.flags, queryDirectoryFlagNames);
    this.fileIndex = io.u32('FileIndex', this.fileIndex);
    this.fileId = io.fileId('FileId', this.fileId);
    const name = io.offset16('FileNameOffset');
    io.length16('FileNameLength', name);
    this.outputBufferLength = io.u32('OutputBufferLength', this.outputBufferLength);
    this.fileName = io.utf16At('FileName', name, this.fileName);
    emptyBuffer(io, this.fileName.length);
  }
}

/** [MS-SMB2] 2.2.34 SMB2 QUERY_DIRECTORY Response. */
export class QueryDirectoryResponse {
  /** Entries of the requested class. */
  output: Uint8Array = EMPTY;

  layout(io: Layout): void {
    io.same16('StructureSize', 9);
    const output = io.offset16('OutputBufferOffset');
    output.keepOffset = true;
    io.length32('OutputBufferLength', output);
    this.output = io.bytesAt('Output', output, this.output);
  }
}
