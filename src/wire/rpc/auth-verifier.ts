import { EMPTY } from '../io/decoder.js';
import type { Layout } from '../io/layout.js';
import { type NameTable, namesOf } from '../io/names.js';

/** Length of the security trailer before the auth value; not counted in auth_length. */
export const SEC_TRAILER = 8;

/** [MS-RPCE] 2.2.1.1.7 Security Providers. */
export const AuthType = {
  None: 0,
  GssNegotiate: 9,
  WinNt: 10,
  GssSchannel: 14,
  GssKerberos: 16,
  Netlogon: 68,
} as const;

export const authTypeNames: NameTable = namesOf(AuthType, 'RPC_C_AUTHN_');

/** [MS-RPCE] 2.2.1.1.8 Authentication Levels. */
export const AuthLevel = {
  None: 1,
  Connect: 2,
  Call: 3,
  Pkt: 4,
  PktIntegrity: 5,
  PktPrivacy: 6,
} as const;

export const authLevelNames: NameTable = namesOf(AuthLevel, 'RPC_C_AUTHN_LEVEL_');

/** [MS-RPCE] 2.2.2.11 sec_trailer, followed by the auth value. */
export class AuthVerifier {
  authType: number = AuthType.None;
  authLevel: number = AuthLevel.None;
  /** Bytes of padding between the stub and the trailer. */
  authPadLength = 0;
  authContextId = 0;
  authValue: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.authType = io.u8('auth_type', this.authType, authTypeNames);
    this.authLevel = io.u8('auth_level', this.authLevel, authLevelNames);
    this.authPadLength = io.u8('auth_pad_length', this.authPadLength);
    io.skip('auth_reserved', 1);
    this.authContextId = io.u32('auth_context_id', this.authContextId);
    this.authValue = io.rest('auth_value', this.authValue);
  }
}
