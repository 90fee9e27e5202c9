import type { ServerMechanism } from '#auth/mechanism.js';
import type { Session } from '../state/session.js';

/** An SMB1 session from its first SESSION_SETUP_ANDX on ([MS-CIFS] 3.3.1.5, [MS-SMB] 3.3.1.4). */
export class Smb1Session {
  readonly uid: number;
  /** Present during a logon, initial or later. */
  mechanism: ServerMechanism | undefined;
  /** Present once a logon has succeeded. */
  session: Session | undefined;
  /** Id in the server's session table. */
  registered: bigint | undefined;

  constructor(uid: number) {
    this.uid = uid;
  }
}
