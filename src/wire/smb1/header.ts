import { NtStatus } from '../erref/nt-status.js';
import { EMPTY } from '../io/decoder.js';
import type { Layout, Wire } from '../io/layout.js';
import { type NameTable, namesOf } from '../io/names.js';
import { DOS_ERROR_NAMES, dosErrorOf, statusOfDos } from './dos-errors.js';
import { SMB1_COMMAND_NAMES } from './smb1-command.js';

/** `\xFFSMB`, read as a little-endian number. */
export const SMB1_PROTOCOL_ID = 0x424d53ff;

/** [MS-CIFS] 2.2.3.1 Flags. */
export const Smb1Flags = {
  LockAndReadOk: 0x01,
  BufAvail: 0x02,
  CaseInsensitive: 0x08,
  CanonicalizedPaths: 0x10,
  Oplock: 0x20,
  Opbatch: 0x40,
  Reply: 0x80,
} as const;

/** [MS-CIFS] 2.2.3.1, [MS-SMB] 2.2.3.1 Flags2. */
export const Smb1Flags2 = {
  LongNames: 0x0001,
  Eas: 0x0002,
  SecuritySignature: 0x0004,
  Compressed: 0x0008,
  SecuritySignatureRequired: 0x0010,
  IsLongName: 0x0040,
  ReparsePath: 0x0400,
  ExtendedSecurity: 0x0800,
  Dfs: 0x1000,
  PagingIo: 0x2000,
  NtStatus: 0x4000,
  Unicode: 0x8000,
} as const;

export const SMB1_FLAGS_NAMES: NameTable = namesOf(Smb1Flags, 'SMB_FLAGS_');
export const SMB1_FLAGS2_NAMES: NameTable = namesOf(Smb1Flags2, 'SMB_FLAGS2_');

const STATUS_NAMES: NameTable = { ...DOS_ERROR_NAMES, ...namesOf(NtStatus, 'STATUS_') };

/** [MS-CIFS] 2.2.3.1 The SMB Header. */
export class Smb1Header implements Wire {
  command = 0;
  /** As on the wire: an NT status or a DOS error, depending on Flags2. See `ntStatus`. */
  status = 0;
  flags = 0;
  flags2 = 0;
  pidHigh = 0;
  securityFeatures: Uint8Array = EMPTY;
  tid = 0;
  pidLow = 0;
  uid = 0;
  mid = 0;

  layout(io: Layout): void {
    io.same32('Protocol', SMB1_PROTOCOL_ID);
    this.command = io.u8('Command', this.command, SMB1_COMMAND_NAMES);
    this.status = io.u32('Status', this.status, STATUS_NAMES);
    this.flags = io.flags8('Flags', this.flags, SMB1_FLAGS_NAMES);
    this.flags2 = io.flags16('Flags2', this.flags2, SMB1_FLAGS2_NAMES);
    this.pidHigh = io.u16('PIDHigh', this.pidHigh);
    if (!io.reading && this.securityFeatures.length === 0) io.skip('SecurityFeatures', 8);
    else this.securityFeatures = io.bytes('SecurityFeatures', 8, this.securityFeatures);
    io.skip('Reserved', 2);
    this.tid = io.u16('TID', this.tid);
    this.pidLow = io.u16('PIDLow', this.pidLow);
    this.uid = io.u16('UID', this.uid);
    this.mid = io.u16('MID', this.mid);
  }

  /** Whether it is a response. The request of an oplock break comes from a server too, but is not one. */
  get isReply(): boolean {
    return (this.flags & Smb1Flags.Reply) !== 0;
  }

  get isUnicode(): boolean {
    return (this.flags2 & Smb1Flags2.Unicode) !== 0;
  }

  /** The status field holds an NT status, not a DOS error. */
  get isNtStatus(): boolean {
    return (this.flags2 & Smb1Flags2.NtStatus) !== 0;
  }

  /** PIDHigh and PIDLow. */
  get pid(): number {
    return this.pidHigh * 65536 + this.pidLow;
  }
  set pid(pid: number) {
    this.pidHigh = pid >>> 16;
    this.pidLow = pid & 0xffff;
  }

  /** The status as an NT status, whatever its form on the wire. Set Flags2 before setting this. */
  get ntStatus(): number {
    return this.isNtStatus ? this.status : statusOfDos(this.status);
  }
  set ntStatus(status: number) {
    this.status = this.isNtStatus ? status : dosErrorOf(status);
  }

  /** The header of the response: same command, ids and form; not signed yet. */
  reply(status: number = NtStatus.Success): Smb1Header {
    const header = new Smb1Header();
    header.command = this.command;
    header.flags = Smb1Flags.Reply | (this.flags & (Smb1Flags.CaseInsensitive | Smb1Flags.CanonicalizedPaths));
    header.flags2 = this.flags2;
    header.pidHigh = this.pidHigh;
    header.pidLow = this.pidLow;
    header.tid = this.tid;
    header.uid = this.uid;
    header.mid = this.mid;
    header.ntStatus = status;
    return header;
  }
}

/** Whether a frame starts like an SMB1 message. */
export function isSmb1(frame: Uint8Array): boolean {
  return frame[0] === 0xff && frame[1] === 0x53 && frame[2] === 0x4d && frame[3] === 0x42;
}
