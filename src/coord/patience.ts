/** Willingness to wait for others. Without it, a request is refused or goes on at once. */
export interface Patience {
  /** Aborts the wait. */
  readonly signal: AbortSignal;
  /** Called once when the wait actually begins: the time to send an interim response. Must not throw. */
  waits(): void;
}
