import type { Layout, Wire } from '../io/layout.js';
import { type NameTable, namesOf } from '../io/names.js';

/** RFC 1002 4.3.1 session packet types. */
export const SessionPacketType = {
  Message: 0x00,
  Request: 0x81,
  PositiveResponse: 0x82,
  NegativeResponse: 0x83,
  RetargetResponse: 0x84,
  KeepAlive: 0x85,
} as const;

export const SESSION_PACKET_NAMES: NameTable = namesOf(SessionPacketType, 'SESSION_');

/** Longest packet: 17 bits over NetBIOS, 24 bits over direct TCP. */
export const NETBIOS_MAX_LENGTH = 0x1ffff;
export const DIRECT_TCP_MAX_LENGTH = 0xffffff;

const FLAG_NAMES: NameTable = { 1: 'LENGTH_EXTENSION' };

/** RFC 1002 4.3.1: the 4-byte header of every session packet. */
export class SessionHeader implements Wire {
  type: number = SessionPacketType.Message;
  /** 17 bits: the lowest bit of FLAGS is the highest bit of the length. */
  length = 0;

  layout(io: Layout): void {
    this.type = io.u8('TYPE', this.type, SESSION_PACKET_NAMES);
    const flags = io.flags8('FLAGS', this.length >>> 16, FLAG_NAMES);
    const low = io.u16be('LENGTH', this.length & 0xffff);
    this.length = ((flags & 1) << 16) | low;
  }
}

/** [MS-SMB] 2.1, [MS-SMB2] 2.1 Direct TCP: a zero byte and a 24-bit length. */
export class DirectTcpHeader implements Wire {
  type: number = SessionPacketType.Message;
  length = 0;

  layout(io: Layout): void {
    this.type = io.u8('Zero', this.type);
    const high = io.u8('StreamProtocolLength[0]', this.length >>> 16);
    const low = io.u16be('StreamProtocolLength[1..2]', this.length & 0xffff);
    this.length = (high << 16) | low;
  }
}
