import { ConnectionLost } from '#client/index.js';
import { Failure, reasonOf } from './failure.js';
import { say } from './terminal.js';

/** Counts failures that do not stop the rest, and reports each in a line on stderr. */
export class Failures {
  readonly #command: string;
  readonly #outcome: string;
  #count = 0;

  constructor(command: string, outcome: string = 'could not be read; the others are told') {
    this.#command = command;
    this.#outcome = outcome;
  }

  readonly add = (path: string, error: unknown): void => {
    // Without a connection nothing goes on.
    if (error instanceof ConnectionLost) throw error;
    this.#count++;
    say(`sombrero ${this.#command}: ${path}: ${reasonOf(error, path)}`);
  };

  /** Fails if there were any, so that the exit status is 1. */
  end(): void {
    if (this.#count > 0) throw new Failure(`${this.#count} ${this.#outcome}`);
  }
}
