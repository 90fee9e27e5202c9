import { type FailureJson, failureJson } from './failure.js';
import type { Progress } from './progress.js';

/** Failures that are kept for `--json`; all are told. */
const MAX_KEPT = 10_000;

/** Failures after which the rest goes on: each gets a line on stderr, and a place in what `--json` prints at the end. */
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

  /** What is to be said about a path, though nothing failed. */
  line(path: string, text: string): void {
    this.#progress.say(`sombrero ${this.#command}: ${path}: ${text}`);
  }
}
