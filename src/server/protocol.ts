/** A dialect family on one connection, once the first message has told which it is. */
export interface Protocol {
  /**
   * Takes one frame. Throws when the connection has to end for it. Calls `release` once when nobody looks at the
   * frame any more; not calling it costs memory being used again, nothing else.
   */
  receive(frame: Uint8Array, release: () => void): void;
  /** The connection is gone: closes all that was open on it. */
  closed(): Promise<void>;
}
