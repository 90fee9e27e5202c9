import { EMPTY } from '../../io/decoder.js';
import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { Channel, channelNames } from './channel.js';
import { emptyBuffer } from './empty-buffer.js';

/** [MS-SMB2] 2.2.19 Flags of the READ Request. */
export const ReadFlags = {
  ReadUnbuffered: 0x01,
  RequestCompressed: 0x02,
} as const;

export const readFlagNames: NameTable = namesOf(ReadFlags, 'SMB2_READFLAG_');

/** [MS-SMB2] 2.2.20 Flags of the READ Response, from 3.1.1 on. */
export const ReadResponseFlags = {
  RdmaTransform: 0x00000001,
} as const;

export const readResponseFlagNames: NameTable = namesOf(ReadResponseFlags, 'SMB2_READFLAG_RESPONSE_');

/** [MS-SMB2] 2.2.19 SMB2 READ Request. */
export class ReadRequest {
  /** Preferred offset of the data in the response, from the start of the SMB2 header. */
  padding = 0;
  flags = 0;
  length = 0;
  offset = 0;
  fileId: FileId = FileId.none;
  minimumCount = 0;
  channel: number = Channel.None;
  remainingBytes = 0;
  readChannelInfo: Uint8Array = EMPTY;

  layout(io: Layout): void {
    io.same16('StructureSize', 49);
    this.padding = io.u8('Padding', this.padding);
    this.flags = io.flags8('Flags', this.flags, readFlagNames);
    this.length = io.u32('Length', this.length);
    this.offset = io.offset64('Offset', this.offset);
    this.fileId = io.fileId('FileId', this.fileId);
    this.minimumCount = io.u32('MinimumCount', this.minimumCount);
    this.channel = io.u32('Channel', this.channel, channelNames);
    this.remainingBytes = io.u32('RemainingBytes', this.remainingBytes);
    const info = io.offset16('ReadChannelInfoOffset');
    io.length16('ReadChannelInfoLength', info);
    this.readChannelInfo = io.bytesAt('ReadChannelInfo', info, this.readChannelInfo);
    emptyBuffer(io, this.readChannelInfo.length);
  }
}

/** [MS-SMB2] 2.2.20 SMB2 READ Response. */
export class ReadResponse {
  dataRemaining = 0;
  /** Zero before 3.1.1, where it is Reserved2. */
  flags = 0;
  data: Uint8Array = EMPTY;
  /** Bytes to leave free before Data. */
  padding = 0;

  layout(io: Layout): void {
    io.same16('StructureSize', 17);
    const data = io.offset8('DataOffset');
    data.keepOffset = true;
    io.skip('Reserved', 1);
    io.length32('DataLength', data);
    this.dataRemaining = io.u32('DataRemaining', this.dataRemaining);
    this.flags = io.flags32('Flags', this.flags, readResponseFlagNames);
    if (!io.reading && this.padding > 0) io.skip('Padding', this.padding);
    this.data = io.payloadAt('Data', data, this.data);
  }
}
