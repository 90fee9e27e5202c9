import { InvalidArgumentError, Option } from 'commander';
import type { Change, Share } from '#client/index.js';
import { globTest } from '#transfer/index.js';
import { baseName } from '../entries.js';
import { Interrupted } from '../exit.js';
import { type ClientFlags, collect, parseCount, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { onShare } from '../remote.js';
import { json, print, shown } from '../terminal.js';

const KINDS = ['added', 'removed', 'modified', 'renamed', 'overflow'];

interface Flags extends ClientFlags {
  readonly recursive?: boolean;
  readonly events?: readonly string[];
  readonly name?: readonly string[];
  readonly count?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ sombrero watch -r smb://ann@nas/inbox
  $ sombrero watch -r --json --events added,renamed smb://ann@nas/inbox | while read -r line; do …
  $ sombrero watch --count 1 --name '*.done' smb://ann@nas/inbox && ./import

Ctrl-C ends it with status 0. 'overflow' means that the server lost track of some changes: list the directory again.`;

export const watch: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .argument('<url>', 'smb://USER@HOST/SHARE/PATH')
        .option('-r, --recursive', 'include everything below')
        .addOption(
          new Option('--events <kinds>', `only these, separated by commas: ${KINDS.join(', ')}`).argParser(parseKinds),
        )
        .option('--name <glob>', 'only names that match (repeatable)', collect(String))
        .option('--count <n>', 'stop after that many changes', parseCount)
        .option('--json', 'one object a line'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (url: string, flags: Flags) => {
        try {
          await onShare(url, flags, signal, (share, path) => tell(share, path, flags, signal));
        } catch (error) {
          // Ctrl-C is the normal way to end it.
          if (!(signal.reason instanceof Interrupted) || signal.reason.signal !== 'SIGINT') throw error;
        }
      }),
};

async function tell(share: Share, path: string, flags: Flags, signal: AbortSignal): Promise<void> {
  const names = flags.name?.map(globTest);
  const fits = (change: Change): boolean =>
    flags.events?.includes(change.kind) !== false && (!names || names.some((test) => test(baseName(change.path))));
  let left = flags.count ?? Number.POSITIVE_INFINITY;
  for await (const change of share.watch(path, { recursive: flags.recursive === true, signal })) {
    if (!fits(change)) continue;
    await print(flags.json ? `${json(change)}\n` : lineOf(change));
    if (--left <= 0) return;
  }
}

function lineOf(change: Change): string {
  const from = 'from' in change ? `${shown(change.from)} -> ` : '';
  return `${change.kind.padEnd(9)} ${from}${shown(change.path)}\n`;
}

function parseKinds(text: string): string[] {
  const kinds = text.split(',').map((kind) => kind.trim());
  for (const kind of kinds) if (!KINDS.includes(kind)) throw new InvalidArgumentError(`there are ${KINDS.join(', ')}.`);
  return kinds;
}
