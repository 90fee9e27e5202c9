import { stat } from 'node:fs/promises';
import { UsageError } from '#client/index.js';
import { compareTrees, type Difference, type FileTree, filterOf, localTree } from '#transfer/index.js';
import { Exit } from '../exit.js';
import { failureJson } from '../failure.js';
import { isUrl } from '../is-url.js';
import { type JsonOutput, withJson } from '../json-output.js';
import { type ClientFlags, collect, parseCount, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { Progress } from '../progress.js';
import { onShare, parseUrl, treeOf } from '../remote.js';
import { print, shown } from '../terminal.js';

interface Flags extends ClientFlags {
  readonly content?: boolean;
  readonly times: boolean;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly parallel?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ sombrero diff photos smb://ann@nas/backup/photos               names, sizes, times
  $ sombrero diff --content smb://ann@nas/photos smb://ann@other/photos

Prints a line for each difference: < only on the left, > only on the right, then kind, size, time or content.
If nothing differs, nothing is printed and the status is 0. It is 1 if something differs or could not be read.`;

const MARKS: Readonly<Record<string, string>> = { 'only-left': '<', 'only-right': '>' };

export const diff: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .argument('<left>', 'directory here, or smb://USER@HOST/SHARE/PATH')
        .argument('<right>', 'the same')
        .option('-c, --content', 'compare byte by byte')
        .option('--no-times', 'ignore differences of time')
        .option('--include <glob>', 'only files that match (repeatable)', collect(String))
        .option('--exclude <glob>', 'leave out files and directories that match (repeatable)', collect(String))
        .option('--parallel <n>', 'files in flight at a time (default: 16)', parseCount)
        .option('--json', 'an array of differences'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (left: string, right: string, flags: Flags) => {
        await withJson(flags.json ? 'array' : undefined, async (output) => {
          const found = await withTree(left, flags, signal, (a) =>
            withTree(right, flags, signal, (b) => compare(a, b, output, flags, signal)),
          );
          if (found > 0) process.exitCode = Exit.Failed;
        });
      }),
};

async function withTree(
  text: string,
  flags: Flags,
  signal: AbortSignal,
  work: (tree: FileTree) => Promise<number>,
): Promise<number> {
  if (isUrl(text)) {
    return onShare(text, flags, signal, async (share, path) => {
      if (!(await share.stat(path, { signal })).isDirectory())
        throw new UsageError(`${parseUrl(text)} is not a directory`);
      return work(treeOf(share, path, text));
    });
  }
  if (!(await stat(text)).isDirectory()) throw new UsageError(`${text} is not a directory`);
  return work(localTree(text));
}

async function compare(
  left: FileTree,
  right: FileTree,
  output: JsonOutput,
  flags: Flags,
  signal: AbortSignal,
): Promise<number> {
  const progress = new Progress();
  let found = 0;
  let looked = 0;
  try {
    const { content, times, include, exclude, parallel } = flags;
    const differences = compareTrees(left, right, {
      signal,
      filter: filterOf(include, exclude),
      content: content === true,
      times,
      ...(parallel === undefined ? {} : { parallel }),
      onProgress: (files, bytes) => {
        progress.add(bytes - progress.bytes, files - looked);
        looked = files;
      },
    });
    for await (const difference of differences) {
      found++;
      if (output.kind) await output.add(differenceJson(difference));
      else await tell(difference, progress);
    }
  } finally {
    progress.stop();
  }
  return found;
}

async function tell({ path, what, error }: Difference, progress: Progress): Promise<void> {
  if (what === 'error') return progress.say(`sombrero diff: ${path}: ${failureJson(error, path).message}`);
  await print(`${MARKS[what] ?? what} ${shown(path)}\n`);
}

function differenceJson({ path, what, left, right, error }: Difference): Record<string, unknown> {
  const side = (entry: Difference['left']): unknown =>
    entry && { kind: entry.kind, size: entry.size, mtime: entry.mtime };
  return {
    path,
    what,
    left: side(left),
    right: side(right),
    ...(what === 'error' ? { error: failureJson(error, path) } : {}),
  };
}
