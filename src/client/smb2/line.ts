import type { Smb2ClientConnection } from '#engine/smb2/client-connection.js';
import type { Transcript } from '#engine/smb2/session-keys.js';
import type { Link } from '../link.js';
import { Breaks } from './breaks.js';
import type { Agreement } from './negotiate.js';

/** A connection after NEGOTIATE. Sessions of several users can be set up on it. */
export class Line {
  readonly link: Link;
  readonly engine: Smb2ClientConnection;
  readonly agreement: Agreement;
  /** The NEGOTIATE request and response, with which the transcript of each session begins. */
  readonly transcript: Transcript;
  /** Dispatches oplock and lease breaks; shared by the channels of a session. */
  readonly breaks: Breaks;
  /** When the NEGOTIATE response arrived, to which its system time refers. */
  readonly agreedAt: number;
  /** The negotiation has been validated by a signed request. */
  validated = false;

  constructor(link: Link, engine: Smb2ClientConnection, agreement: Agreement, transcript: Transcript, breaks?: Breaks) {
    this.link = link;
    this.engine = engine;
    this.agreement = agreement;
    this.transcript = transcript;
    this.breaks = breaks ?? new Breaks();
    this.agreedAt = link.clock.now();
    engine.onBreak = (message) => this.breaks.take(message);
  }

  /** Why the connection is gone; undefined while it is alive. */
  get lost(): unknown {
    return this.link.lost;
  }
}
