import { type NodeStat, type Share, UsageError } from '#client/index.js';
import { copyFile, copyTree, type TransferOptions } from '#transfer/index.js';
import { isSeveral } from '../each.js';
import { baseName, below, statIfThere } from '../entries.js';
import { Failure } from '../failure.js';
import { isUrl } from '../is-url.js';
import { isPattern, matched } from '../matches.js';
import type { CommandModule } from '../program.js';
import { about, OpenShares, parseUrl, sameShare, treeOf } from '../remote.js';
import { Report, type TransferFlags, transferOptions, withTransferFlags } from '../transfer.js';

const EXAMPLES = `
Examples:
  $ sombrero cp smb://ann@nas/docs/a.txt smb://ann@nas/docs/b.txt      on the server if it can
  $ sombrero cp -r smb://ann@nas/photos smb://ann@other/backup/        from one server to another
  $ sombrero cp 'smb://ann@nas/docs/*.pdf' smb://ann@nas/archive/
  $ sombrero cp -r --resume --verify -p smb://ann@nas/photos smb://ann@other/backup/

Within one share, and between two shares of one server named with the same host and user, the server copies the data by
itself if it can. Otherwise, and for small files, the data passes through this machine. Holes stay holes. For everything
else see 'sombrero help put'.`;

export const cp: CommandModule = {
  build: (command, { signal }) =>
    withTransferFlags(command.usage('[options] <from...> <to>').argument('<from...>', FROM_TO))
      .addHelpText('after', EXAMPLES)
      .action(async (args: string[], flags: TransferFlags) => {
        const { from, to } = fromTo(args, "; see 'get' and 'put'");
        const report = new Report('cp', flags);
        const options = transferOptions(flags, report, signal);
        await report.run(() =>
          onEachPair(from, to, flags, { report, signal }, (source, target) => copy(source, target, flags, options)),
        );
      }),
};

export const FROM_TO =
  'smb://USER@HOST/SHARE/PATH, * and ? in the last name; then where to: with several a directory that exists';

/** Splits the arguments into several sources and one target. */
export function fromTo(args: readonly string[], see = ''): { from: readonly string[]; to: string } {
  for (const url of args) if (!isUrl(url)) throw new UsageError(`${url} is not an SMB URL${see}`);
  if (args.length < 2) throw new UsageError('name what to take, then where to');
  return { from: args.slice(0, -1), to: args.at(-1) as string };
}

/** A place on a share. */
export interface Side {
  readonly share: Share;
  readonly path: string;
  readonly url: string;
  /** The path is the final place, even if it is an existing directory. */
  readonly exact?: boolean;
}

interface Means {
  readonly report: Pick<Report, 'each'>;
  readonly signal: AbortSignal;
}

/**
 * Calls `work` for each source, with a connection to its share and to the target's; patterns stand for what they match.
 * Several sources go into a directory, where none may take the name of another.
 */
export async function onEachPair(
  from: readonly string[],
  to: string,
  flags: TransferFlags,
  { report, signal }: Means,
  work: (source: Side, target: Side) => Promise<void>,
): Promise<void> {
  const shares = new OpenShares(flags, signal, { together: true });
  const several = isSeveral(from);
  const taken = new Set<string>();
  const one = async (source: Side, target: Side): Promise<void> => {
    if (!several) return work(source, target);
    const place = below(target.path, baseName(source.path) || source.share.name);
    if (taken.has(fold(place))) throw new Failure(`${place} is there from another URL already`);
    taken.add(fold(place));
    await work(source, { ...target, path: place, exact: true });
  };
  try {
    for (const url of from) {
      const pair = (): Promise<void> => onPair(shares, url, to, several, { report, signal }, one);
      if (from.length === 1) await pair();
      else await report.each(String(parseUrl(url)), signal, pair);
    }
  } finally {
    await shares.close();
  }
}

/** Expands a pattern as a shell would: as if everything it matches had been named. */
function onPair(
  shares: OpenShares,
  from: string,
  to: string,
  several: boolean,
  { report, signal }: Means,
  work: (source: Side, target: Side) => Promise<void>,
): Promise<void> {
  const both = async (source: Side, target: Side): Promise<void> => {
    if (several) await requireDirectory(target, signal);
    if (!isPattern(source.path)) return work(source, target);
    const tree = treeOf(source.share, '', from);
    for (const { path } of await matched(source.share, source.path, from, signal)) {
      await report.each(tree.show(path), signal, () => work({ ...source, path }, target));
    }
  };
  return shares.on(from, (share, path) => {
    const source = { share, path, url: from };
    const there = parseUrl(to);
    if (sameShare(parseUrl(from), there)) return both(source, { share, path: there.path, url: to });
    return shares.on(to, (other, place) => both(source, { share: other, path: place, url: to }));
  });
}

async function requireDirectory({ share, path }: Side, signal: AbortSignal): Promise<void> {
  if (path === '' || (await statIfThere(share, path, signal))?.isDirectory()) return;
  throw new Failure(`${path} is not a directory of the share`);
}

/** Where a source goes: into the target if that is an existing directory, otherwise to that name. */
export async function placeIn(source: Side, target: Side, signal: AbortSignal | undefined): Promise<string> {
  const options = signal ? { signal } : {};
  const into = target.path === '' || (await statIfThere(target.share, target.path, signal))?.isDirectory() === true;
  if (!into && target.url.endsWith('/') && (await source.share.stat(source.path, options)).isFile()) {
    throw new Failure(`${target.path} is not a directory of the share`);
  }
  return into ? below(target.path, baseName(source.path) || source.share.name) : target.path;
}

/** Copies a file, or a directory with everything in it. */
export async function copy(
  source: Side,
  target: Side,
  flags: { readonly recursive?: boolean; readonly exact?: boolean },
  options: TransferOptions,
): Promise<void> {
  const { signal } = options;
  const look = (): Promise<NodeStat> => source.share.stat(source.path, signal ? { signal } : {});
  const info = await about(String(parseUrl(source.url)), look);
  const place = flags.exact || target.exact ? target.path : await placeIn(source, target, signal);
  const [here, there] = [fold(source.path), fold(place)];
  const oneShare = source.share === target.share;
  if (oneShare && here === there) throw new Failure(`${source.path || source.share.name} and ${place} are the same`);
  if (!info.isDirectory()) {
    if (oneShare) await refuseSame(source, place, info.id, signal);
    const [from, to] = [treeOf(source.share, '', source.url), treeOf(target.share, '', target.url)];
    await copyFile(from, source.path, to, place, options);
    return;
  }
  if (!flags.recursive) throw new Failure(`${source.path || source.share.name} is a directory: use -r`);
  if (oneShare && (here === '' || `${there}/`.startsWith(`${here}/`))) {
    throw new Failure(`${place} lies in ${source.path || 'the share'}, which is to be copied`);
  }
  await copyTree(treeOf(source.share, source.path, source.url), treeOf(target.share, place, target.url), options);
}

/** Names in another case, short names and hard links may refer to one file. */
async function refuseSame(source: Side, place: string, id: bigint, signal: AbortSignal | undefined): Promise<void> {
  const there = await statIfThere(source.share, place, signal);
  if (id === 0n || there?.id !== id) return;
  throw new Failure(`${source.path} and ${place} are the same file`);
}

function fold(path: string): string {
  return path.toLowerCase();
}
