/** A dialect family on one connection, once the first message has told which it is. */
export interface Protocol {
  /** Takes one message. Throws when the connection has to end for it. */
  receive(frame: Uint8Array): void;
  /** The connection is gone: closes all that was open on it. */
  closed(): Promise<void>;
}
