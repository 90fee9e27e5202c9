import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { globalCapNames, securityModeNames } from './negotiate.js';

/** [MS-SMB2] 2.2.5 Flags. */
export const SessionSetupFlags = { Binding: 0x01 } as const;

const setupFlagNames: NameTable = namesOf(SessionSetupFlags);

/** [MS-SMB2] 2.2.6 SessionFlags. */
export const SessionFlags = { IsGuest: 0x0001, IsNull: 0x0002, EncryptData: 0x0004 } as const;

const sessionFlagNames: NameTable = namesOf(SessionFlags);

/** [MS-SMB2] 2.2.5 SMB2 SESSION_SETUP Request. */
export class SessionSetupRequest {
  flags = 0;
  securityMode = 0;
  capabilities = 0;
  previousSessionId = 0n;
  /** A SPNEGO token. */
  securityBuffer: Uint8Array = EMPTY;

  layout(io: Layout): void {
    io.same16('StructureSize', 25);
    this.flags = io.flags8('Flags', this.flags, setupFlagNames);
    this.securityMode = io.flags8('SecurityMode', this.securityMode, securityModeNames);
    this.capabilities = io.flags32('Capabilities', this.capabilities, globalCapNames);
    io.skip('Channel', 4);
    const buffer = io.offset16('SecurityBufferOffset');
    io.length16('SecurityBufferLength', buffer);
    buffer.keepOffset = true;
    this.previousSessionId = io.x64('PreviousSessionId', this.previousSessionId);
    this.securityBuffer = io.bytesAt('Buffer', buffer, this.securityBuffer);
  }
}

/** [MS-SMB2] 2.2.6 SMB2 SESSION_SETUP Response. */
export class SessionSetupResponse {
  sessionFlags = 0;
  securityBuffer: Uint8Array = EMPTY;

  layout(io: Layout): void {
    io.same16('StructureSize', 9);
    this.sessionFlags = io.flags16('SessionFlags', this.sessionFlags, sessionFlagNames);
    const buffer = io.offset16('SecurityBufferOffset');
    io.length16('SecurityBufferLength', buffer);
    buffer.keepOffset = true;
    this.securityBuffer = io.bytesAt('Buffer', buffer, this.securityBuffer);
  }
}
