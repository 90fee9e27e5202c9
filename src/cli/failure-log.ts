import { type FailureJson, failureJson } from './failure.js';
import type { Progress } from './progress.js';

/** Failures that are kept for `--json`; all are reported on stderr. */
const MAX_KEPT = 10_000;

/** Logs failures that do not stop the rest: a line on stderr for each, and a list for `--json` to print at the end. */
export class FailureLog {
  readonly kept: FailureJson[] = [];
  readonly #command: string;
  readonly #progress: Progress;

  constructor(command: string, progress: Progress) {
    this.#command = command;
    this.#progress = progress;
  }

  add(path: string, error: unknown): void {
    const failure = failureJson(error, path);
    if (this.kept.length < MAX_KEPT) this.kept.push(failure);
    this.line(path, failure.message);
  }

  /** Reports something about a path that is not a failure. */
  line(path: string, text: string): void {
    this.#progress.say(`sombrero ${this.#command}: ${path}: ${text}`);
  }
}
