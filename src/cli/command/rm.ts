import { ConnectionLost, type NodeStat, type Share, UsageError } from '#client/index.js';
import { removeTree } from '#transfer/index.js';
import { isSeveral, onEach } from '../each.js';
import { statIfThere } from '../entries.js';
import { Failure, type FailureJson, isNotFound, isUsage } from '../failure.js';
import { FailureLog } from '../failure-log.js';
import { withResult } from '../json-output.js';
import { type ClientFlags, parseCount, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { Progress } from '../progress.js';
import { treeOf } from '../remote.js';
import { json, print } from '../terminal.js';

interface Flags extends ClientFlags {
  readonly recursive?: boolean;
  readonly force?: boolean;
  readonly parallel?: number;
  readonly verbose?: boolean;
  readonly progress: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ sombrero rm smb://ann@nas/docs/old.txt smb://ann@nas/docs/older.txt
  $ sombrero rm 'smb://ann@nas/docs/*.bak'
  $ sombrero rm -r smb://ann@nas/docs/old

A link is removed, never what it leads to. What cannot be removed is reported, the rest goes, and the status is 1.
What is read-only stays unless -f is given. Use 'ls' with the same pattern to see what it matches: hidden files only if
it begins with a dot.`;

export const rm: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .argument('<urls...>', 'smb://USER@HOST/SHARE/PATH; * and ? in the last name')
        .option('-r, --recursive', 'directories, with everything in them')
        .option('-f, --force', 'remove what is read-only as well; do not fail for what does not exist')
        .option('--parallel <n>', 'files in flight at a time (default: 16)', parseCount)
        .option('-v, --verbose', 'name each file')
        .option('--no-progress', 'no counter on a terminal')
        .option('--json', 'print the result as JSON'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (urls: string[], flags: Flags) => {
        const removal = new Removal(flags, signal, isSeveral(urls));
        const { parallel = PARALLEL, force } = flags;
        await removal.run(() =>
          onEach('rm', urls, flags, signal, (...one) => removal.attempt(...one), { parallel, mayMiss: force }),
        );
      }),
};

const PARALLEL = 16;
const PARALLEL_EACH = 4;

class Removal {
  readonly #flags: Flags;
  readonly #signal: AbortSignal;
  readonly #progress: Progress;
  readonly #failures: FailureLog;
  readonly #several: boolean;
  #files = 0;
  #directories = 0;
  #failed = 0;

  constructor(flags: Flags, signal: AbortSignal, several: boolean) {
    this.#several = several;
    this.#flags = flags;
    this.#signal = signal;
    this.#progress = new Progress({ shown: flags.progress });
    this.#failures = new FailureLog('rm', this.#progress);
  }

  /** Removes one of several things, or the only one: then its failure is that of the command. */
  async attempt(share: Share, path: string, url: string, found?: NodeStat): Promise<void> {
    try {
      await this.#remove(share, path, url, found);
    } catch (error) {
      if (this.#flags.force && isNotFound(error)) return;
      if (!this.#several || this.#signal.aborted || error instanceof ConnectionLost || isUsage(error)) throw error;
      this.#fail(treeOf(share, '', url).show(path), error);
    }
  }

  async #remove(share: Share, path: string, url: string, found?: NodeStat): Promise<void> {
    const { recursive, force = false } = this.#flags;
    const signal = this.#signal;
    if (path === '') throw new UsageError(`${share.name} is the share itself, which cannot be removed`);
    const info = recursive ? (found ?? (await statIfThere(share, path, signal))) : undefined;
    if (!info?.isDirectory() || info.isReparsePoint()) {
      await share.rm(path, { readOnly: force, signal });
      return this.#gone(treeOf(share, '', url).show(path), false);
    }
    // Several matches of a pattern are removed at the same time.
    const parallel = found ? PARALLEL_EACH : this.#flags.parallel;
    await removeTree(treeOf(share, path, url), {
      signal,
      readOnly: force,
      ...(parallel === undefined ? {} : { parallel }),
      onEvent: (event) => {
        if (event.kind === 'failed') this.#fail(event.path, event.error);
        else this.#gone(event.path, event.directory);
      },
    });
  }

  #gone(path: string, directory: boolean): void {
    if (directory) this.#directories++;
    else this.#files++;
    this.#progress.name = path;
    this.#progress.add(0, directory ? 0 : 1);
    if (this.#flags.verbose) this.#progress.say(path);
  }

  #fail(path: string, error: unknown): void {
    this.#failed++;
    this.#failures.add(path, error);
  }

  /** Does all the work and prints the result, even if the work is cut short. Fails if anything could not be removed. */
  async run(work: () => Promise<void>): Promise<void> {
    await withResult(
      () => work().finally(() => this.#progress.stop()),
      (ending) => this.#result(ending),
    );
    if (this.#failed > 0) throw new Failure(`${this.#failed} could not be removed${this.#others()}`);
  }

  #others(): string {
    return this.#files + this.#directories > 0 ? '; the others are gone' : '';
  }

  /** Prints the result for `--json`. */
  async #result(ending: { readonly error?: FailureJson }): Promise<void> {
    if (!this.#flags.json) return;
    const counts = { files: this.#files, directories: this.#directories, failed: this.#failed };
    await print(`${json({ ...counts, failures: this.#failures.kept, ...ending })}\n`);
  }
}
