import { constants } from 'node:os';

/** Exit status: done, the operation failed, wrong usage. */
export const Exit = { Done: 0, Failed: 1, Usage: 2, Interrupted: 130 } as const;

/** Signals that ask a command to end. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The abort reason of a command's signal when somebody has asked it to end. */
export class Interrupted extends Error {
  override readonly name = 'AbortError';
  readonly signal: EndSignal;

  constructor(signal: EndSignal) {
    super(`ended by ${signal}`);
    this.signal = signal;
  }

  /** The exit status by shell convention: 128 plus the signal number. */
  get status(): number {
    return 128 + constants.signals[this.signal];
  }
}
