import { type Command, Option } from 'commander';
import { ConnectionLost } from '#client/index.js';
import { filterOf, type TransferEvent, type TransferOptions, type TransferResult } from '#transfer/index.js';
import { Failure, type FailureJson, failuresOf, isUsage } from './failure.js';
import { FailureLog } from './failure-log.js';
import { withResult } from './json-output.js';
import { type ClientFlags, collect, parseCount, withClientFlags } from './options.js';
import { Progress } from './progress.js';
import { json, print } from './terminal.js';

/** The flags of `get`, `put` and `cp`. */
export interface TransferFlags extends ClientFlags {
  readonly recursive?: boolean;
  readonly exact?: boolean;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly resume?: boolean;
  readonly verify?: boolean;
  readonly parallel?: number;
  readonly preserve?: boolean;
  readonly times: boolean;
  readonly links?: 'skip' | 'follow' | 'keep';
  readonly clobber: boolean;
  readonly update?: boolean;
  readonly changing?: boolean;
  readonly verbose?: boolean;
  readonly progress: boolean;
  readonly json?: boolean;
}

/** Adds these flags to a command. */
export function withTransferFlags(command: Command): Command {
  return withClientFlags(
    command
      .option('-r, --recursive', 'directories, with everything in them')
      .option('-T, --exact', 'the target is the exact place, even if it is an existing directory')
      .option('--include <glob>', 'only files that match (repeatable); with a slash it matches paths', collect(String))
      .option('--exclude <glob>', 'leave out files and directories that match (repeatable)', collect(String))
      .option('--resume', 'skip what is complete (same size and time), continue what is there in part')
      .option('--verify', 'read each file back and compare it before it takes its place')
      .option('--parallel <n>', 'files in flight at a time (default: 16)', parseCount)
      .option('-p, --preserve', 'keep all times, of directories too, and attributes')
      .option('--no-times', 'do not keep the time of the last write')
      .addOption(
        new Option('--links <how>', 'symbolic links: skip and report them, follow them, or recreate them')
          .choices(['skip', 'follow', 'keep'])
          .default('skip'),
      )
      .option('-n, --no-clobber', 'never replace a file')
      .option('-u, --update', 'replace only files that are older')
      .option('--changing', 'accept files that are written to meanwhile, as they are read')
      .option('-v, --verbose', 'name each file')
      .option('--no-progress', 'no progress bar on a terminal')
      .option('--json', 'print the result as JSON'),
  );
}

/** Turns the flags into options of the library. */
export function transferOptions(flags: TransferFlags, report: Report, signal: AbortSignal): TransferOptions {
  return {
    signal,
    filter: filterOf(flags.include, flags.exclude),
    existing: flags.clobber ? (flags.update ? 'update' : 'replace') : 'keep',
    ...(flags.resume && { resume: true }),
    ...(flags.verify && { verify: true }),
    ...(flags.parallel !== undefined && { parallel: flags.parallel }),
    ...(flags.preserve && { preserve: true }),
    times: flags.times,
    ...(flags.links && { links: flags.links }),
    ...(flags.changing && { changing: true }),
    onEvent: (event) => report.event(event),
  };
}

export const NOTHING: TransferResult = {
  files: 0,
  directories: 0,
  links: 0,
  bytes: 0,
  skipped: 0,
  leftOut: 0,
  failed: 0,
};

/** Reports on transfers: a bar on a terminal, a line on stderr for each failure, and the result at the end. */
export class Report {
  readonly #flags: Pick<TransferFlags, 'verbose' | 'progress' | 'json'>;
  readonly #progress: Progress;
  readonly #failures: FailureLog;
  readonly #before = { files: 0, bytes: 0 };
  #total: TransferResult = NOTHING;

  constructor(command: string, flags: Pick<TransferFlags, 'verbose' | 'progress' | 'json'>, progress?: Progress) {
    this.#flags = flags;
    this.#progress = progress ?? new Progress({ shown: flags.progress });
    this.#failures = new FailureLog(command, this.#progress);
  }

  event(event: TransferEvent): void {
    const progress = this.#progress;
    switch (event.kind) {
      case 'totals':
        return progress.total(this.#before.files + event.files, this.#before.bytes + event.bytes, event.final);
      case 'started':
        progress.name = event.path;
        return;
      case 'progress':
        return progress.add(event.bytes);
      case 'done':
        progress.add(0, 1);
        return this.#verbose(event.to);
      case 'skipped':
        progress.add(0, 1);
        return this.#verbose(`${event.path}: ${event.why}`);
      case 'left-out':
        return this.#failures.line(event.path, `left out: ${event.why}`);
      case 'kept':
        return this.#failures.line(event.path, `interrupted; ${event.partial} is kept: --resume goes on with it`);
      case 'failed':
        return this.fail(event.path, event.error);
      case 'ended':
        return this.add(event.result);
    }
  }

  /** Reports a failure after which the rest goes on. */
  fail(path: string, error: unknown): void {
    this.#progress.add(0, 1);
    this.#failures.add(path, error);
  }

  #verbose(text: string): void {
    if (this.#flags.verbose) this.#progress.say(text);
  }

  /** Adds the result of one of several transfers. */
  add(result: TransferResult): void {
    const keys = Object.keys(NOTHING) as (keyof TransferResult)[];
    this.#total = Object.fromEntries(
      keys.map((key) => [key, this.#total[key] + result[key]]),
    ) as unknown as TransferResult;
    this.#before.files = this.#progress.files;
    this.#before.bytes = this.#progress.bytes;
  }

  /**
   * Does one of several things. A failure is reported and counted and the rest goes on, unless it would fail as well.
   */
  async each(path: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (signal.aborted || error instanceof ConnectionLost || isUsage(error)) throw error;
      this.fail(path, error instanceof Failure ? (error.cause ?? error) : error);
      this.add({ ...NOTHING, failed: 1 });
    }
  }

  /** Does all the work and reports the result, even if the work is cut short. Fails if anything in it failed. */
  async run(work: () => Promise<void>): Promise<void> {
    await withResult(
      () => work().finally(() => this.#progress.stop()),
      (ending) => this.#result(ending),
    );
    const { failed, files, skipped } = this.#total;
    if (failed > 0) throw new Failure(failuresOf(failed, failed + files + skipped));
  }

  /** Prints the result for `--json`. */
  async #result(ending: { readonly error?: FailureJson }): Promise<void> {
    if (!this.#flags.json) return;
    const { seconds } = this.#progress;
    await print(`${json({ ...this.#total, seconds, failures: this.#failures.kept, ...ending })}\n`);
  }
}
