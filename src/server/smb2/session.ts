import type { ServerMechanism } from '#auth/mechanism.js';
import type { SessionSecurity } from '#engine/smb2/security.js';
import { type Transcript, unprotected } from '#engine/smb2/session-keys.js';
import type { Session } from '../state/session.js';

/** An SMB2 session from its first SESSION_SETUP on ([MS-SMB2] 3.3.1.8). */
export class Smb2Session {
  readonly id: bigint;
  /** Present while a logon is under way, the first one or a later one. */
  mechanism: ServerMechanism | undefined;
  /** The messages that it grows from. */
  transcript: Transcript;
  /** Present once somebody has logged on. */
  session: Session | undefined;
  /** Its keys, once there are any, and how they have to be used. */
  security: SessionSecurity;

  constructor(id: bigint, transcript: Transcript) {
    this.id = id;
    this.transcript = transcript;
    this.security = unprotected(id);
  }
}
