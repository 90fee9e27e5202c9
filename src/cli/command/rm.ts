import { type Share, UsageError } from '#client/index.js';
import { removeTree } from '#transfer/index.js';
import { statIfThere } from '../entries.js';
import { Failure, type FailureJson } from '../failure.js';
import { FailureLog } from '../failure-log.js';
import { withResult } from '../json-output.js';
import { type ClientFlags, parseCount, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { Progress } from '../progress.js';
import { onEach, treeOf } from '../remote.js';
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
  $ sombrero rm -r smb://ann@nas/docs/old

A link is removed, never what it leads to. What cannot be removed is reported, the rest goes, and the status is 1.`;

export const rm: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .argument('<urls...>', 'smb://USER@HOST/SHARE/PATH')
        .option('-r, --recursive', 'directories, with everything in them')
        .option('-f, --force', 'do not fail for what does not exist')
        .option('--parallel <n>', 'files in flight at a time (default: 16)', parseCount)
        .option('-v, --verbose', 'name each file')
        .option('--no-progress', 'no counter on a terminal')
        .option('--json', 'print the result as JSON'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (urls: string[], flags: Flags) => {
        const removal = new Removal(flags, signal);
        await removal.run(() =>
          onEach('rm', urls, flags, signal, (share, path, url) => removal.remove(share, path, url)),
        );
      }),
};

class Removal {
  readonly #flags: Flags;
  readonly #signal: AbortSignal;
  readonly #progress: Progress;
  readonly #failures: FailureLog;
  #files = 0;
  #directories = 0;
  #failed = 0;

  constructor(flags: Flags, signal: AbortSignal) {
    this.#flags = flags;
    this.#signal = signal;
    this.#progress = new Progress({ shown: flags.progress });
    this.#failures = new FailureLog('rm', this.#progress);
  }

  async remove(share: Share, path: string, url: string): Promise<void> {
    const { recursive, force } = this.#flags;
    const signal = this.#signal;
    if (path === '') throw new UsageError(`${share.name} is the share itself, which cannot be removed`);
    const info = recursive ? await statIfThere(share, path, signal) : undefined;
    if (!info?.isDirectory() || info.isReparsePoint()) {
      await share.rm(path, { force: force === true, signal });
      this.#files++;
      return;
    }
    const { parallel } = this.#flags;
    const tree = treeOf(share, path, url);
    await removeTree(tree, {
      signal,
      ...(parallel === undefined ? {} : { parallel }),
      onEvent: (event) => {
        if (event.kind === 'failed') return this.#fail(event.path, event.error);
        if (event.directory) this.#directories++;
        else this.#files++;
        this.#progress.name = event.path;
        this.#progress.add(0, event.directory ? 0 : 1);
        if (this.#flags.verbose) this.#progress.say(event.path);
      },
    });
  }

  #fail(path: string, error: unknown): void {
    this.#failed++;
    this.#failures.add(path, error);
  }

  /** Does all of it, and tells what came of it, also when it breaks off; fails if something of it did. */
  async run(work: () => Promise<void>): Promise<void> {
    await withResult(
      () => work().finally(() => this.#progress.stop()),
      (ending) => this.#result(ending),
    );
    if (this.#failed > 0) throw new Failure(`${this.#failed} could not be removed; the others are gone`);
  }

  /** For programs. */
  async #result(ending: { readonly error?: FailureJson }): Promise<void> {
    if (!this.#flags.json) return;
    const counts = { files: this.#files, directories: this.#directories, failed: this.#failed };
    await print(`${json({ ...counts, failures: this.#failures.kept, ...ending })}\n`);
  }
}
