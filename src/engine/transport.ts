/** Both ends of a connection, for people and logs: `127.0.0.1:445`. */
export interface Endpoints {
  readonly local: string;
  readonly remote: string;
}

/** What a transport tells the engine above it. */
export interface Receiver {
  /** Bytes as they came; their memory is used again as soon as this returns. */
  receive(chunk: Uint8Array): void;
  /** Where the transport may put what comes next, instead of calling `receive`; undefined when it has to. */
  target(): Uint8Array | undefined;
  /** Says that `n` bytes were put where `target` said. */
  placed(n: number): void;
  /** Nothing comes any more; said once. */
  closed(cause: Error | undefined): void;
}

/** A full-duplex byte stream, as the engine sees it. It holds no bytes back beyond the turn and never throws. */
export interface Transport {
  readonly endpoints: Endpoints;
  /** Begins to deliver. */
  start(receiver: Receiver): void;
  /** Sends the parts in order as one piece; `done` is called when the memory may be used again. */
  send(parts: readonly Uint8Array[], done?: () => void): void;
  /** Delivers nothing more until `resume`, as far as it can; the peer is held back with it. */
  pause?(): void;
  resume?(): void;
  /** Sends what is queued, then ends the connection. */
  end(): void;
  /** Ends it at once. */
  destroy(cause?: Error): void;
}

/** Time as the engine sees it; the real one lives in net/clock. */
export interface Clock {
  /** Milliseconds since 1970, with fractions, never going back. */
  now(): number;
  /**
   * Calls back once after `ms`, unless the returned function is called before. `holds` keeps the process alive until
   * then: for what somebody waits for while no socket is open.
   */
  after(ms: number, callback: () => void, holds?: boolean): () => void;
}

/** Where random bytes come from. */
export type Random = (length: number) => Uint8Array;
