import { EMPTY } from '../../io/decoder.js';
import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { Channel, channelNames } from './channel.js';

/** [MS-SMB2] 2.2.21 Flags of the WRITE Request. */
export const WriteFlags = {
  WriteThrough: 0x00000001,
  WriteUnbuffered: 0x00000002,
} as const;

export const writeFlagNames: NameTable = namesOf(WriteFlags, 'SMB2_WRITEFLAG_');

/** [MS-SMB2] 2.2.21 SMB2 WRITE Request. */
export class WriteRequest {
  offset = 0;
  fileId: FileId = FileId.none;
  channel: number = Channel.None;
  remainingBytes = 0;
  flags = 0;
  writeChannelInfo: Uint8Array = EMPTY;
  data: Uint8Array = EMPTY;

  layout(io: Layout): void {
    io.same16('StructureSize', 49);
    const data = io.offset16('DataOffset');
    data.keepOffset = true;
    io.length32('Length', data);
    this.offset = io.offset64('Offset', this.offset);
    this.fileId = io.fileId('FileId', this.fileId);
    this.channel = io.u32('Channel', this.channel, channelNames);
    this.remainingBytes = io.u32('RemainingBytes', this.remainingBytes);
    const info = io.offset16('WriteChannelInfoOffset');
    io.length16('WriteChannelInfoLength', info);
    this.flags = io.flags32('Flags', this.flags, writeFlagNames);
    this.writeChannelInfo = io.bytesAt('WriteChannelInfo', info, this.writeChannelInfo);
    this.data = io.payloadAt('Data', data, this.data);
  }
}

/** [MS-SMB2] 2.2.22 SMB2 WRITE Response. */
export class WriteResponse {
  count = 0;
  remaining = 0;

  layout(io: Layout): void {
    io.same16('StructureSize', 17);
    io.skip('Reserved', 2);
    this.count = io.u32('Count', this.count);
    this.remaining = io.u32('Remaining', this.remaining);
    io.skip('WriteChannelInfoOffset', 2);
    io.skip('WriteChannelInfoLength', 2);
  }
}
