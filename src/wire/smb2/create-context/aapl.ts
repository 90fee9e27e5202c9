import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';

/** Commands of Apple's "AAPL" create context. */
export const AaplCommand = { ServerQuery: 1, ResolveId: 2 } as const;

/** What a server query requests, and what its reply contains. */
export const AaplQuery = { ServerCapabilities: 0x01, VolumeCapabilities: 0x02, ModelInfo: 0x04 } as const;

/** Capabilities of client and server. */
export const AaplServerCapabilities = {
  SupportsReadDirAttr: 0x01,
  SupportsOsxCopyfile: 0x02,
  UnixBased: 0x04,
  SupportsNfsAce: 0x08,
} as const;

export const AaplVolumeCapabilities = { SupportResolveId: 0x01, CaseSensitive: 0x02, FullSync: 0x04 } as const;

const commandNames: NameTable = namesOf(AaplCommand);
const queryNames: NameTable = namesOf(AaplQuery);
const serverNames: NameTable = namesOf(AaplServerCapabilities);
const volumeNames: NameTable = namesOf(AaplVolumeCapabilities);

/** A 64-bit set of flags, of which only the low half is in use. */
function bits(io: Layout, name: string, value: number, names: NameTable): number {
  const low = io.flags32(name, value, names);
  io.skip(`${name} (high)`, 4);
  return low;
}

/** Apple's SMB2_CREATE_AAPL request (not in [MS-SMB2]; as sent by macOS). */
export class CreateAaplRequest {
  commandCode: number = AaplCommand.ServerQuery;
  requestBitmap = 0;
  clientCapabilities = 0;
  /** Of other commands. */
  data: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.commandCode = io.u32('CommandCode', this.commandCode, commandNames);
    io.skip('Reserved', 4);
    if (this.commandCode === AaplCommand.ServerQuery) {
      this.requestBitmap = bits(io, 'RequestBitmap', this.requestBitmap, queryNames);
      this.clientCapabilities = bits(io, 'ClientCapabilities', this.clientCapabilities, serverNames);
    } else {
      this.data = io.rest('Data', this.data);
    }
  }
}

/** Apple's SMB2_CREATE_AAPL response, whose fields depend on ReplyBitmap. */
export class CreateAaplResponse {
  commandCode: number = AaplCommand.ServerQuery;
  replyBitmap = 0;
  serverCapabilities = 0;
  volumeCapabilities = 0;
  modelString = '';
  /** Of other commands. */
  data: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.commandCode = io.u32('CommandCode', this.commandCode, commandNames);
    io.skip('Reserved', 4);
    if (this.commandCode === AaplCommand.ServerQuery) this.#query(io);
    else this.data = io.rest('Data', this.data);
  }

  #query(io: Layout): void {
    this.replyBitmap = bits(io, 'ReplyBitmap', this.replyBitmap, queryNames);
    if ((this.replyBitmap & AaplQuery.ServerCapabilities) !== 0) {
      this.serverCapabilities = bits(io, 'ServerCapabilities', this.serverCapabilities, serverNames);
    }
    if ((this.replyBitmap & AaplQuery.VolumeCapabilities) !== 0) {
      this.volumeCapabilities = bits(io, 'VolumeCapabilities', this.volumeCapabilities, volumeNames);
    }
    if ((this.replyBitmap & AaplQuery.ModelInfo) !== 0) {
      io.skip('Reserved2', 4);
      const length = io.length32('ModelStringLength');
      this.modelString = io.utf16At('ModelString', length, this.modelString);
    }
  }
}
