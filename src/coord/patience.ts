/** The readiness to wait for others. Who has none is refused, or goes on, at once. */
export interface Patience {
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Said once when it really has to wait: the time to tell the client so. Must not throw. */
  waits(): void;
}
