import type { Smb2ClientConnection } from '#engine/smb2/client-connection.js';
import type { Transcript } from '#engine/smb2/session-keys.js';
import type { Link } from '../link.js';
import { Breaks } from './breaks.js';
import type { Agreement } from './negotiate.js';

/** A connection that has negotiated. Sessions of several users may be set up on it. */
export class Line {
  readonly link: Link;
  readonly engine: Smb2ClientConnection;
  readonly agreement: Agreement;
  /** NEGOTIATE and its answer, which sessions grow from. */
  readonly transcript: Transcript;
  /** Who is told when caching ends; channels of one session share it. */
  readonly breaks: Breaks;
  /** When NEGOTIATE was answered: what it says of the server's clock is of then. */
  readonly agreedAt: number;
  /** What NEGOTIATE said was confirmed under a signature. */
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

  /** Why it is gone; undefined while it lives. */
  get lost(): unknown {
    return this.link.lost;
  }
}
