import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import { EMPTY } from '../../io/decoder.js';
import type { Layout, Wire } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { Slot } from '../../io/slot.js';
import { data, nothing, words } from '../block.js';

/** [MS-CIFS] 2.2.4.52.2, [MS-SMB] 2.2.4.5.2.1 Capabilities. */
export const Capabilities = {
  RawMode: 0x00000001,
  MpxMode: 0x00000002,
  Unicode: 0x00000004,
  LargeFiles: 0x00000008,
  NtSmbs: 0x00000010,
  RpcRemoteApis: 0x00000020,
  Status32: 0x00000040,
  LevelIiOplocks: 0x00000080,
  LockAndRead: 0x00000100,
  NtFind: 0x00000200,
  Dfs: 0x00001000,
  InfolevelPassthru: 0x00002000,
  LargeReadx: 0x00004000,
  LargeWritex: 0x00008000,
  Lwio: 0x00010000,
  Unix: 0x00800000,
  CompressedData: 0x02000000,
  DynamicReauth: 0x20000000,
  PersistentHandles: 0x40000000,
  ExtendedSecurity: 0x80000000,
} as const;

export const CAPABILITIES_NAMES: NameTable = namesOf(Capabilities, 'CAP_');

/** [MS-CIFS] 2.2.4.52.2 SecurityMode. */
export const SecurityMode = {
  UserSecurity: 0x01,
  EncryptPasswords: 0x02,
  SecuritySignaturesEnabled: 0x04,
  SecuritySignaturesRequired: 0x08,
} as const;

export const SECURITY_MODE_NAMES: NameTable = namesOf(SecurityMode, 'NEGOTIATE_');

/** DialectIndex if the server supports none of the dialects. */
export const NO_DIALECT = 0xffff;

function dialect(io: Layout, name: string): string {
  io.same8('BufferFormat', 2);
  return io.oem('DialectString', name);
}

/** [MS-CIFS] 2.2.4.52.1 SMB_COM_NEGOTIATE Request. */
export class NegotiateRequest implements Wire {
  dialects: string[] = [];

  layout(io: Layout): void {
    words(io, 0, nothing);
    data(io, () => {
      if (!io.reading) {
        for (const name of this.dialects) dialect(io, name);
        return;
      }
      this.dialects = [];
      while (io.left > 0) this.dialects.push(dialect(io, ''));
    });
  }
}

/** The names after the challenge. They are not aligned, so they have their own base. */
class Names implements Wire {
  domainName = '';
  serverName = '';
  readonly #unicode: boolean;

  constructor(unicode: boolean) {
    this.#unicode = unicode;
  }

  layout(io: Layout): void {
    this.domainName = this.#text(io, 'DomainName', this.domainName);
    this.serverName = this.#text(io, 'ServerName', this.serverName);
  }

  #text(io: Layout, name: string, v: string): string {
    if (io.reading && io.left === 0) return '';
    return this.#unicode ? io.utf16z(name, v) : io.oem(name, v);
  }
}

/**
 * [MS-CIFS] 2.2.4.52.2 SMB_COM_NEGOTIATE Response, [MS-SMB] 2.2.4.5.2. WordCount determines the form: 1 for the Core
 * dialect or none, 13 for LAN Manager, 17 for NT LM 0.12; with CAP_EXTENDED_SECURITY it ends with a security blob.
 */
export class NegotiateResponse implements Wire {
  wordCount = 17;
  dialectIndex = 0;
  securityMode = 0;
  maxMpxCount = 0;
  maxNumberVcs = 0;
  maxBufferSize = 0;
  maxRawSize = 0;
  sessionKey = 0;
  capabilities = 0;
  systemTime = 0n;
  /** Minutes west of UTC. */
  serverTimeZone = 0;
  /** LAN Manager only. */
  rawMode = 0;
  serverTime = 0;
  serverDate = 0;
  challenge: Uint8Array = EMPTY;
  domainName = '';
  serverName = '';
  serverGuid: Guid = NIL_GUID;
  securityBlob: Uint8Array = EMPTY;

  layout(io: Layout): void {
    const challenge = new Slot();
    this.wordCount = words(
      io,
      this.wordCount,
      (count) => {
        this.dialectIndex = io.u16('DialectIndex', this.dialectIndex);
        if (count === 13) this.#lanManager(io, challenge);
        else if (count === 17) this.#ntLanManager(io, challenge);
      },
      [1, 13, 17],
    );
    data(io, () => this.#bytes(io, challenge));
  }

  get isExtendedSecurity(): boolean {
    return this.wordCount === 17 && (this.capabilities & Capabilities.ExtendedSecurity) !== 0;
  }

  #lanManager(io: Layout, challenge: Slot): void {
    this.securityMode = io.flags16('SecurityMode', this.securityMode, SECURITY_MODE_NAMES);
    this.maxBufferSize = io.u16('MaxBufferSize', this.maxBufferSize);
    this.maxMpxCount = io.u16('MaxMpxCount', this.maxMpxCount);
    this.maxNumberVcs = io.u16('MaxNumberVcs', this.maxNumberVcs);
    this.rawMode = io.u16('RawMode', this.rawMode);
    this.sessionKey = io.u32('SessionKey', this.sessionKey);
    this.serverTime = io.u16('ServerTime', this.serverTime);
    this.serverDate = io.u16('ServerDate', this.serverDate);
    this.serverTimeZone = io.i16('ServerTimeZone', this.serverTimeZone);
    io.length16('ChallengeLength', challenge);
    io.skip('Reserved', 2);
  }

  #ntLanManager(io: Layout, challenge: Slot): void {
    this.securityMode = io.flags8('SecurityMode', this.securityMode, SECURITY_MODE_NAMES);
    this.maxMpxCount = io.u16('MaxMpxCount', this.maxMpxCount);
    this.maxNumberVcs = io.u16('MaxNumberVcs', this.maxNumberVcs);
    this.maxBufferSize = io.u32('MaxBufferSize', this.maxBufferSize);
    this.maxRawSize = io.u32('MaxRawSize', this.maxRawSize);
    this.sessionKey = io.u32('SessionKey', this.sessionKey);
    this.capabilities = io.flags32('Capabilities', this.capabilities, CAPABILITIES_NAMES);
    this.systemTime = io.time('SystemTime', this.systemTime);
    this.serverTimeZone = io.i16('ServerTimeZone', this.serverTimeZone);
    io.length8('ChallengeLength', challenge);
  }

  #bytes(io: Layout, challenge: Slot): void {
    if (this.wordCount === 1) return;
    if (this.isExtendedSecurity) {
      this.serverGuid = io.guid('ServerGUID', this.serverGuid);
      this.securityBlob = io.rest('SecurityBlob', this.securityBlob);
      return;
    }
    this.challenge = io.bytesAt('Challenge', challenge, this.challenge);
    const names = new Names(this.wordCount === 17 && (this.capabilities & Capabilities.Unicode) !== 0);
    names.domainName = this.domainName;
    names.serverName = this.serverName;
    const rest = new Slot();
    rest.length = io.left;
    io.structAt('Names', rest, names);
    this.domainName = names.domainName;
    this.serverName = names.serverName;
  }
}
