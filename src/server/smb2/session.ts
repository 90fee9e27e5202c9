import type { ServerMechanism } from '#auth/mechanism.js';
import type { PreauthHash } from '#crypto/preauth-hash.js';
import type { Opener, Sealer } from '#crypto/sealing.js';
import type { Signer } from '#crypto/signing.js';
import type { SessionSecurity } from '#engine/smb2/security.js';
import type { Session } from '../state/session.js';

/** An SMB2 session from its first SESSION_SETUP on ([MS-SMB2] 3.3.1.8). */
export class Smb2Session implements SessionSecurity {
  readonly id: bigint;
  /** Present while a logon is under way, the first one or a later one. */
  mechanism: ServerMechanism | undefined;
  preauth: PreauthHash | undefined;
  /** Present once somebody has logged on. */
  session: Session | undefined;
  signer: Signer | undefined;
  sealer: Sealer | undefined;
  opener: Opener | undefined;
  signingRequired = false;
  encryptionRequired = false;

  constructor(id: bigint) {
    this.id = id;
  }
}
