import type { ServerMechanism } from '#auth/mechanism.js';
import type { Session } from '../state/session.js';

/** An SMB1 session from its first SESSION_SETUP_ANDX on ([MS-CIFS] 3.3.1.5, [MS-SMB] 3.3.1.4). */
export class Smb1Session {
  readonly uid: number;
  /** Present while a logon is under way, the first one or a later one. */
  mechanism: ServerMechanism | undefined;
  /** Present once somebody has logged on. */
  session: Session | undefined;
  /** How the server's table of sessions knows it. */
  registered: bigint | undefined;

  constructor(uid: number) {
    this.uid = uid;
  }
}
