import { ntStatusNames } from '../erref/nt-status.js';
import type { Layout } from '../io/layout.js';
import { type NameTable, namesOf } from '../io/names.js';

/** Length of the SMB2 header; the body starts after it. */
export const HEADER_LENGTH = 64;

/** 0xFE 'S' 'M' 'B', little-endian. */
export const SMB2_PROTOCOL_ID = 0x424d53fe;

/** [MS-SMB2] 2.2.1.2 Command. */
export const Command = {
  Negotiate: 0x0000,
  SessionSetup: 0x0001,
  Logoff: 0x0002,
  TreeConnect: 0x0003,
  TreeDisconnect: 0x0004,
  Create: 0x0005,
  Close: 0x0006,
  Flush: 0x0007,
  Read: 0x0008,
  Write: 0x0009,
  Lock: 0x000a,
  Ioctl: 0x000b,
  Cancel: 0x000c,
  Echo: 0x000d,
  QueryDirectory: 0x000e,
  ChangeNotify: 0x000f,
  QueryInfo: 0x0010,
  SetInfo: 0x0011,
  OplockBreak: 0x0012,
  ServerToClientNotification: 0x0013,
} as const;

export const commandNames: NameTable = namesOf(Command);

/** [MS-SMB2] 2.2.1.2 Flags. */
export const HeaderFlags = {
  ServerToRedir: 0x00000001,
  AsyncCommand: 0x00000002,
  RelatedOperations: 0x00000004,
  Signed: 0x00000008,
  PriorityMask: 0x00000070,
  DfsOperations: 0x10000000,
  ReplayOperation: 0x20000000,
} as const;

/** The three priority bits are a number, but each is shown as a flag. */
const headerFlagNames: NameTable = {
  [HeaderFlags.ServerToRedir]: 'SERVER_TO_REDIR',
  [HeaderFlags.AsyncCommand]: 'ASYNC_COMMAND',
  [HeaderFlags.RelatedOperations]: 'RELATED_OPERATIONS',
  [HeaderFlags.Signed]: 'SIGNED',
  16: 'PRIORITY_1',
  32: 'PRIORITY_2',
  64: 'PRIORITY_4',
  [HeaderFlags.DfsOperations]: 'DFS_OPERATIONS',
  [HeaderFlags.ReplayOperation]: 'REPLAY_OPERATION',
};

/** An empty Signature field. Shared: replace it, never write into it. */
export const NO_SIGNATURE: Uint8Array = new Uint8Array(16);

/** [MS-SMB2] 2.2.1 SMB2 Packet Header, both forms: with AsyncCommand, AsyncId replaces Reserved and TreeId. */
export class Smb2Header {
  creditCharge = 0;
  /** In requests of 3.x: ChannelSequence in the low 16 bits. */
  status = 0;
  command = 0;
  /** CreditRequest or CreditResponse. */
  credits = 0;
  flags = 0;
  nextCommand = 0;
  /** -1 for unsolicited server messages. */
  messageId = 0;
  asyncId = 0;
  treeId = 0;
  sessionId = 0n;
  signature: Uint8Array = NO_SIGNATURE;

  layout(io: Layout): void {
    io.same32('ProtocolId', SMB2_PROTOCOL_ID);
    io.same16('StructureSize', 64);
    this.creditCharge = io.u16('CreditCharge', this.creditCharge);
    this.status = io.u32('Status', this.status, ntStatusNames);
    this.command = io.u16('Command', this.command, commandNames);
    this.credits = io.u16('CreditRequest/CreditResponse', this.credits);
    this.flags = io.flags32('Flags', this.flags, headerFlagNames);
    this.nextCommand = io.u32('NextCommand', this.nextCommand);
    this.messageId = io.u64('MessageId', this.messageId);
    if ((this.flags & HeaderFlags.AsyncCommand) !== 0) {
      this.asyncId = io.u64('AsyncId', this.asyncId);
    } else {
      // Windows sends 0xFEFF here, but nobody may rely on it.
      io.skip('Reserved', 4);
      this.treeId = io.u32('TreeId', this.treeId);
    }
    this.sessionId = io.x64('SessionId', this.sessionId);
    this.signature = io.bytes('Signature', 16, this.signature);
  }

  get isResponse(): boolean {
    return (this.flags & HeaderFlags.ServerToRedir) !== 0;
  }

  get isAsync(): boolean {
    return (this.flags & HeaderFlags.AsyncCommand) !== 0;
  }

  get isCancel(): boolean {
    return this.command === Command.Cancel;
  }

  /** [MS-SMB2] 2.2.1.2 ChannelSequence, in requests of 3.x. */
  get channelSequence(): number {
    return this.status & 0xffff;
  }
}
