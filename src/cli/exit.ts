import { constants } from 'node:os';

/** Exit status: done, the operation failed, wrong usage. */
export const Exit = { Done: 0, Failed: 1, Usage: 2, Interrupted: 130 } as const;

/** What asks a command to end. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Somebody has asked the command to end: what its signal is aborted with. */
export class Interrupted extends Error {
  override readonly name = 'AbortError';
  readonly signal: EndSignal;

  constructor(signal: EndSignal) {
    super(`ended by ${signal}`);
    this.signal = signal;
  }

  /** As a shell says it of whom a signal has ended: 128 and its number. */
  get status(): number {
    return 128 + constants.signals[this.signal];
  }
}
