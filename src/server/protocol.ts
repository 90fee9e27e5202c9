import type { Session } from './state/session.js';

/** A dialect family on one connection, once the first message has told which it is. */
export interface Protocol {
  /**
   * Takes one frame. Throws when the connection has to end for it. Calls `release` once when nobody looks at the
   * frame any more; not calling it costs memory being used again, nothing else.
   */
  receive(frame: Uint8Array, release: () => void): void;
  /** Requests that wait for their answer. */
  readonly pending: number;
  /** The sessions that somebody has logged on to over this connection. */
  held(): Iterable<Session>;
  /** Whether nothing is worked on; what waits for something to happen does not count. */
  readonly idle: boolean;
  /** Ends all sessions as if their clients had logged off; what still waits in them is answered. */
  endSessions(): Promise<void>;
  /** The connection is gone: closes all that was open on it. */
  closed(): Promise<void>;
}

/** What a protocol may ask of the connection that it speaks over. */
export interface ConnectionEvents {
  readonly fail: (error: unknown) => void;
  readonly authenticated: () => void;
  /** Somebody did not prove who he is: calls `answer`, which tells him so, now or later. */
  readonly refuseLogon: (answer: () => void) => void;
  /** The peer goes on in another protocol (SMB1 NEGOTIATE that leads to SMB2). */
  readonly replace: (protocol: Protocol) => void;
}
