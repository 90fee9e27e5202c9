import { createWriteStream, type Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type NodeStat, type Share, UsageError } from '#client/index.js';
import { copyFile, copyTree, localTree } from '#transfer/index.js';
import { baseName } from '../entries.js';
import { Failure } from '../failure.js';
import { isUrl, noUrl } from '../is-url.js';
import { isPattern, matched } from '../matches.js';
import { writePipe } from '../named-pipe.js';
import type { CommandModule } from '../program.js';
import { OpenShares, parseUrl, treeOf } from '../remote.js';
import { NOTHING, Report, type TransferFlags, transferOptions, withTransferFlags } from '../transfer.js';
import { pour } from './cat.js';

const EXAMPLES = `
Examples:
  $ sombrero get smb://ann@nas/docs/report.pdf
  $ sombrero get smb://ann@nas/docs/report.pdf /tmp/copy.pdf
  $ sombrero get 'smb://ann@nas/docs/*.pdf' '\\\\nas\\docs\\plan.txt' --user ann .
  $ sombrero get smb://ann@nas/backup/shop.sql.gz - | zcat     to standard output; pipes and devices work too
  $ sombrero get -r smb://ann@nas/photos/2024 . --exclude '*.raw' --exclude .git
  $ sombrero get -r --resume smb://ann@nas/photos/2024 .     continue after an interruption
  $ sombrero get -r --verify -p smb://ann@nas/archive .      verified, with all times

A file is fetched under a temporary name next to its target and renamed when it is complete; until then, what was there
stays. If a transfer is interrupted, what has arrived of a large file stays as NAME.….part, and --resume continues it.
The time of the last write is kept, so that --resume knows what is complete. If a file fails, the rest goes on, and the
exit status is 1. Nothing is ever written outside the local directory, whatever names the server sends.`;

export const get: CommandModule = {
  build: (command, { signal }) =>
    withTransferFlags(
      command
        .usage('[options] <url...> [local]')
        .argument(
          '<url...>',
          'smb://USER@HOST/SHARE/PATH, * and ? in the last name; then where to (default: .; - is standard output)',
        ),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (args: string[], flags: TransferFlags) => {
        const { urls, local } = argumentsOf(args);
        if (local === '-' && (flags.json || flags.resume || flags.verify)) {
          throw new UsageError('standard output takes no --json, --resume or --verify');
        }
        const report = new Report('get', flags);
        const several = urls.length > 1;
        const shares = new OpenShares(flags, signal);
        const taken = new Set<string>();
        await report.run(async () => {
          try {
            for (const url of urls) {
              const job = { url, local, several, taken, flags, report, signal };
              const one = (): Promise<void> => shares.on(url, (share, path) => fetch(share, path, job));
              if (several) await report.each(String(parseUrl(url)), signal, one);
              else await one();
            }
          } finally {
            await shares.close();
          }
        });
      }),
};

function argumentsOf(args: readonly string[]): { urls: readonly string[]; local: string } {
  const last = args.at(-1) as string;
  const urls = isUrl(last) ? args : args.slice(0, -1);
  if (urls.length === 0) throw new UsageError(noUrl(last));
  for (const url of urls) if (!isUrl(url)) throw new UsageError(noUrl(url));
  return { urls, local: isUrl(last) ? '.' : last };
}

interface Job {
  readonly url: string;
  readonly local: string;
  /** Several things are fetched, so they go into a directory. */
  readonly several: boolean;
  /** Local paths that are already used. */
  readonly taken: Set<string>;
  readonly flags: TransferFlags;
  readonly report: Report;
  readonly signal: AbortSignal;
}

async function fetch(share: Share, path: string, job: Job): Promise<void> {
  const { url, report, signal } = job;
  if (!isPattern(path)) return fetchOne(share, path, await share.stat(path, { signal }), job);
  const tree = treeOf(share, '', url);
  for (const match of await matched(share, path, url, signal)) {
    const one = (): Promise<void> => fetchOne(share, match.path, match.stat, { ...job, several: true });
    await report.each(tree.show(match.path), signal, one);
  }
}

async function fetchOne(share: Share, path: string, info: NodeStat, job: Job): Promise<void> {
  const { flags, report, signal, url } = job;
  const options = transferOptions(flags, report, signal);
  if (!info.isDirectory()) {
    const bytes = await pourInto(share, path, job);
    if (bytes !== undefined) return report.add({ ...NOTHING, files: 1, bytes });
    const target = await targetOf(job, baseName(path));
    const [source, place] = [treeOf(share, '', url), localTree(dirname(target))];
    await copyFile(source, path, place, basename(target), options);
    return;
  }
  if (!flags.recursive) throw new Failure(`${path || share.name} is a directory: use -r`);
  if (job.local === '-') throw new Failure(`${path || share.name} is a directory, of which standard output makes none`);
  const target = await targetOf(job, baseName(path) || share.name);
  await copyTree(treeOf(share, path, url), localTree(target), options);
}

/** Streams to standard output, a device or a pipe; undefined if a file is to be created instead. */
async function pourInto(share: Share, path: string, { local, signal }: Job): Promise<number | undefined> {
  if (local === '-') return pour(share, path, signal);
  const there = await statHere(local);
  if (!there || there.isFile() || there.isDirectory()) return undefined;
  const into = there.isFIFO() ? await writePipe(local, signal) : createWriteStream(local);
  await pipeline(share.createReadStream(path, { signal }), into, { signal });
  return into.bytesWritten;
}

/** The local path for a file or directory. Two sources must not end up at the same path. */
async function targetOf(job: Job, name: string): Promise<string> {
  const target = await placeFor(job, name);
  if (job.taken.has(target)) throw new Failure(`${target} is there from another URL already`);
  job.taken.add(target);
  return target;
}

/** Inside an existing directory, otherwise the given name. A link stands for what it points to. */
async function placeFor({ local, several, flags }: Job, name: string): Promise<string> {
  const there = await statHere(local);
  if (there?.isDirectory() && !(flags.exact && !several)) return resolve(join(local, name));
  if (several || (local.endsWith('/') && !there?.isDirectory())) throw new Failure(`${local} is not a directory`);
  if (there) return realpath(local);
  if (flags.recursive) return resolve(local);
  const parent = dirname(resolve(local));
  if (!(await statHere(parent))?.isDirectory()) throw new Failure(`${parent} is not a directory`);
  return resolve(local);
}

function statHere(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}
