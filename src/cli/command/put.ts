import { randomBytes } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Share, UsageError } from '#client/index.js';
import { copyFile, copyTree, localTree, type TransferOptions, type TransferResult } from '#transfer/index.js';
import { below, statIfThere } from '../entries.js';
import { Failure } from '../failure.js';
import { isUrl } from '../is-url.js';
import { readPipe } from '../named-pipe.js';
import type { CommandModule } from '../program.js';
import { about, onShare, treeOf } from '../remote.js';
import { say } from '../terminal.js';
import { NOTHING, Report, type TransferFlags, transferOptions, withTransferFlags } from '../transfer.js';

const EXAMPLES = `
Examples:
  $ sombrero put report.pdf smb://ann@nas/docs/
  $ sombrero put report.pdf smb://ann@nas/docs/2024/final.pdf
  $ sombrero put *.jpg smb://ann@nas/photos/2024/
  $ sombrero put -r photos smb://ann@nas/backup --exclude node_modules --exclude '*.tmp'
  $ sombrero put -r --resume --verify photos smb://ann@nas/backup    continue, and verify everything
  $ pg_dump shop | sombrero put - smb://ann@nas/backup/shop.sql

A file is stored under a temporary name next to its target and renamed when it is complete; until then, what was there
stays. If a transfer is interrupted, what has arrived of a large file stays as NAME.….part, and --resume continues it.
A file that changes while it is read is tried once more and then fails, unless --changing is given. Symbolic links (see
--links), pipes and devices are skipped, with a line on stderr. Names that a share cannot hold fail, and so do two names
that are the same there. If a file fails, the rest goes on, and the exit status is 1.`;

export const put: CommandModule = {
  build: (command, { signal }) =>
    withTransferFlags(
      command
        .usage('[options] <local...> <url>')
        .argument('<local...>', 'files or directories here, - for standard input; then smb://USER@HOST/SHARE/PATH'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (args: string[], flags: TransferFlags) => {
        const url = args.at(-1) as string;
        const sources = args.slice(0, -1);
        if (!isUrl(url)) throw new UsageError(`${url} is not an SMB URL: where to store goes last`);
        if (sources.length === 0) throw new UsageError('name what to store, then where to');
        checkNames(sources);
        const report = new Report('put', flags);
        await report.run(async () => {
          // Check before asking for a password. With several sources, one that is missing does not stop the others.
          if (sources.length === 1) await checkSource(sources[0] as string, flags);
          await onShare(url, flags, signal, (share, path) =>
            storeAll(share, path, { sources, url, flags, report, signal }),
          );
        });
      }),
};

/** Refuses sources that would get the same name. */
function checkNames(sources: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const source of sources) {
    const name = basename(resolve(source)).toLowerCase();
    const other = seen.get(name);
    if (other !== undefined) throw new UsageError(`${other} and ${source} would have the same name there`);
    seen.set(name, source);
  }
}

/** The status of a source; undefined for standard input. */
async function checkSource(source: string, { recursive }: TransferFlags): Promise<Stats | undefined> {
  if (source === '-') return undefined;
  const info = await stat(source);
  if (info.isDirectory() && !recursive) throw new Failure(`${source} is a directory: use -r`);
  return info;
}

interface Job {
  readonly sources: readonly string[];
  readonly url: string;
  readonly flags: TransferFlags;
  readonly report: Report;
  readonly signal: AbortSignal;
}

async function storeAll(share: Share, path: string, job: Job): Promise<void> {
  const { sources, flags, report, signal } = job;
  const into = await goesInto(share, path, job);
  const options = transferOptions(flags, report, signal);
  for (const source of sources) {
    const target = into ? below(path, basename(resolve(source))) : path;
    const one = (): Promise<void> => storeOne(share, source, target, job, options);
    const called = source === '-' ? 'standard input' : source;
    if (sources.length > 1) await report.each(called, signal, one);
    else await about(called, one);
  }
}

/** Whether the sources keep their names, in an existing directory, instead of taking the name in the URL. */
async function goesInto(share: Share, path: string, { sources, url, flags, signal }: Job): Promise<boolean> {
  const there = path === '' || (await statIfThere(share, path, signal))?.isDirectory() === true;
  if (!there && (url.endsWith('/') || sources.length > 1)) throw new Failure(`${path} is not a directory of the share`);
  const into = there && !(flags.exact && sources.length === 1);
  if (into && sources.includes('-')) {
    throw new UsageError('standard input has no name: give the file one in the URL');
  }
  return into;
}

async function storeOne(
  share: Share,
  source: string,
  target: string,
  job: Job,
  options: TransferOptions,
): Promise<void> {
  const { report, url, flags, signal } = job;
  const info = await checkSource(source, flags);
  if (!info) return report.add(await storeStream(share, process.stdin, target, signal));
  if (info.isFIFO()) return report.add(await storeStream(share, readPipe(source), target, signal));
  if (info.isCharacterDevice()) return report.add(await storeStream(share, createReadStream(source), target, signal));
  if (info.isDirectory()) {
    await copyTree(localTree(source), treeOf(share, target, url), options);
    return;
  }
  const here = resolve(source);
  // A link stands for what it points to.
  const settings = { ...options, links: 'follow' as const };
  await copyFile(localTree(dirname(here)), basename(here), treeOf(share, '', url), target, settings);
}

/** Stores a stream of unknown size: under a temporary name first. */
async function storeStream(
  share: Share,
  input: NodeJS.ReadableStream,
  target: string,
  signal: AbortSignal,
): Promise<TransferResult> {
  const slash = target.lastIndexOf('/') + 1;
  const partial = `${target.slice(0, slash)}${target.slice(slash).slice(0, 200)}.${randomBytes(4).toString('hex')}.part`;
  try {
    await storeIn(share, partial, input, signal);
    const { size } = await share.stat(partial, { signal });
    await share.rename(partial, target, { replace: true, signal });
    return { ...NOTHING, files: 1, bytes: size };
  } catch (error) {
    await cleanUp(share, partial);
    throw error;
  }
}

async function storeIn(share: Share, path: string, input: NodeJS.ReadableStream, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  // Not cancellable: a file that the server creates after the cancellation could not be removed.
  const file = await share.open(path, { access: 'write', create: 'exclusive' });
  try {
    // If the signal is already aborted, pipeline does not handle errors of its streams.
    signal.throwIfAborted();
    await pipeline(input, file.createWriteStream({ signal }), { signal });
  } finally {
    await file.close();
  }
}

/** Removes an incomplete file. Without the command's signal, which may be the reason for the cleanup. */
async function cleanUp(share: Share, partial: string): Promise<void> {
  try {
    if (await share.exists(partial)) await share.rm(partial);
  } catch {
    say(`sombrero put: ${partial} may be left on the share`);
  }
}
