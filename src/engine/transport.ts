/** Both ends of a connection in readable form: `127.0.0.1:445`. */
export interface Endpoints {
  readonly local: string;
  readonly remote: string;
}

/** Events from a transport to the engine above it. */
export interface Receiver {
  /** Delivers received bytes; their memory is reused as soon as this returns. */
  receive(chunk: Uint8Array): void;
  /** Where the transport may put the next bytes instead of calling `receive`; undefined if it must call `receive`. */
  target(): Uint8Array | undefined;
  /** Reports that `n` bytes were put into `target`. */
  placed(n: number): void;
  /** The connection has ended; called once. */
  closed(cause: Error | undefined): void;
}

/** A full-duplex byte stream, as the engine sees it. Never holds bytes back beyond the current turn, never throws. */
export interface Transport {
  readonly endpoints: Endpoints;
  /** Starts delivering to the receiver. */
  start(receiver: Receiver): void;
  /** Sends the parts in order as one piece; `done` is called when their memory may be reused. */
  send(parts: readonly Uint8Array[], done?: () => void): void;
  /** Stops delivering until `resume`, as far as possible, which applies back-pressure to the peer. */
  pause?(): void;
  resume?(): void;
  /** Sends what is queued, then closes the connection. */
  end(): void;
  /** Closes the connection at once. */
  destroy(cause?: Error): void;
}

/** Time as the engine sees it; the real implementation is in net/clock. */
export interface Clock {
  /** Milliseconds since 1970, fractional and monotonic. */
  now(): number;
  /**
   * Calls back once after `ms`, unless the returned function cancels it. `holds` keeps the process alive until then,
   * for waits during which no socket is open.
   */
  after(ms: number, callback: () => void, holds?: boolean): () => void;
}

/** Source of random bytes. */
export type Random = (length: number) => Uint8Array;
