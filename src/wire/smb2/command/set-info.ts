import { EMPTY } from '../../io/decoder.js';
import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';
import { emptyBuffer } from './empty-buffer.js';
import { additionalNames, InfoType, infoClassNames, infoTypeNames } from './info-type.js';

/** [MS-SMB2] 2.2.39 SMB2 SET_INFO Request. */
export class SetInfoRequest {
  infoType: number = InfoType.File;
  fileInfoClass = 0;
  additionalInformation = 0;
  fileId: FileId = FileId.none;
  buffer: Uint8Array = EMPTY;

  layout(io: Layout): void {
    io.same16('StructureSize', 33);
    this.infoType = io.u8('InfoType', this.infoType, infoTypeNames);
    this.fileInfoClass = io.u8('FileInfoClass', this.fileInfoClass, infoClassNames(this.infoType));
    const buffer = io.length32('BufferLength');
    io.offset16('BufferOffset', buffer);
    io.skip('Reserved', 2);
    this.additionalInformation = io.flags32(
      'AdditionalInformation',
      this.additionalInformation,
      additionalNames(this.infoType),
    );
    this.fileId = io.fileId('FileId', this.fileId);
    this.buffer = io.bytesAt('Buffer', buffer, this.buffer);
    emptyBuffer(io, this.buffer.length);
  }
}

/** [MS-SMB2] 2.2.40 SMB2 SET_INFO Response. */
export class SetInfoResponse {
  layout(io: Layout): void {
    io.same16('StructureSize', 2);
  }
}
