import type { Session } from './state/session.js';

/** A dialect family on one connection, chosen by the first message. */
export interface Protocol {
  /**
   * Handles one frame. Throws when the connection has to end. Calls `release` once the frame's memory is no longer
   * needed; omitting that only prevents its reuse.
   */
  receive(frame: Uint8Array, release: () => void): void;
  /** Number of requests awaiting a response. */
  readonly pending: number;
  /** The sessions logged on over this connection. */
  held(): Iterable<Session>;
  /** Whether no request is being processed; requests waiting for an event do not count. */
  readonly idle: boolean;
  /** Ends all sessions as if their clients had logged off; pending requests are answered. */
  endSessions(): Promise<void>;
  /** The connection was lost: closes everything opened over it. */
  closed(): Promise<void>;
}

/** What a protocol may ask of its connection. */
export interface ConnectionEvents {
  readonly fail: (error: unknown) => void;
  readonly authenticated: () => void;
  /** Authentication failed: calls `answer`, which sends the refusal, now or after a delay. */
  readonly refuseLogon: (answer: () => void) => void;
  /** The peer switches to another protocol (an SMB1 NEGOTIATE that leads to SMB2). */
  readonly replace: (protocol: Protocol) => void;
}
