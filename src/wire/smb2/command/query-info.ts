import { EMPTY } from '../../io/decoder.js';
import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { emptyBuffer } from './empty-buffer.js';
import { additionalNames, InfoType, infoClassNames, infoTypeNames } from './info-type.js';

/** [MS-SMB2] 2.2.37 Flags, for extended attributes and quotas. */
export const QueryInfoFlags = {
  RestartScan: 0x00000001,
  ReturnSingleEntry: 0x00000002,
  IndexSpecified: 0x00000004,
} as const;

export const queryInfoFlagNames: NameTable = namesOf(QueryInfoFlags, 'SL_');

/** [MS-SMB2] 2.2.37 SMB2 QUERY_INFO Request. */
export class QueryInfoRequest {
  infoType: number = InfoType.File;
  fileInfoClass = 0;
  outputBufferLength = 0;
  additionalInformation = 0;
  flags = 0;
  fileId: FileId = FileId.none;
  /** A quota query or a list of extended attribute names; otherwise empty. */
  input: Uint8Array = EMPTY;

  layout(io: Layout): void {
    io.same16('StructureSize', 41);
    this.infoType = io.u8('InfoType', this.infoType, infoTypeNames);
    this.fileInfoClass = io.u8('FileInfoClass', this.fileInfoClass, infoClassNames(this.infoType));
    this.outputBufferLength = io.u32('OutputBufferLength', this.outputBufferLength);
    const input = io.offset16('InputBufferOffset');
    io.skip('Reserved', 2);
    io.length32('InputBufferLength', input);
    this.additionalInformation = io.flags32(
      'AdditionalInformation',
      this.additionalInformation,
      additionalNames(this.infoType),
    );
    this.flags = io.flags32('Flags', this.flags, queryInfoFlagNames);
    this.fileId = io.fileId('FileId', this.fileId);
    this.input = io.bytesAt('Input', input, this.input);
    emptyBuffer(io, this.input.length);
  }
}

/** [MS-SMB2] 2.2.38 SMB2 QUERY_INFO Response. */
export class QueryInfoResponse {
  output: Uint8Array = EMPTY;

  layout(io: Layout): void {
    io.same16('StructureSize', 9);
    const output = io.offset16('OutputBufferOffset');
    output.keepOffset = true;
    io.length32('OutputBufferLength', output);
    this.output = io.bytesAt('Output', output, this.output);
  }
}
