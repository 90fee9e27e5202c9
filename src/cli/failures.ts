import { ConnectionLost } from '#client/index.js';
import { Failure, reasonOf } from './failure.js';
import { say } from './terminal.js';

/** Counts what fails while the rest goes on, and tells each with a line on stderr. */
export class Failures {
  readonly #command: string;
  readonly #outcome: string;
  #count = 0;

  constructor(command: string, outcome: string = 'could not be read; the others are told') {
    this.#command = command;
    this.#outcome = outcome;
  }

  readonly add = (path: string, error: unknown): void => {
    // After this nothing goes on.
    if (error instanceof ConnectionLost) throw error;
    this.#count++;
    say(`sombrero ${this.#command}: ${path}: ${reasonOf(error, path)}`);
  };

  /** Status 1 if there were any. */
  end(): void {
    if (this.#count > 0) throw new Failure(`${this.#count} ${this.#outcome}`);
  }
}
