import { type NodeStat, type Share, UsageError } from '#client/index.js';
import { copyFile, copyTree, type TransferOptions } from '#transfer/index.js';
import { baseName, below, statIfThere } from '../entries.js';
import { Failure } from '../failure.js';
import { isUrl } from '../is-url.js';
import type { CommandModule } from '../program.js';
import { about, OpenShares, parseUrl, sameShare, treeOf } from '../remote.js';
import { Report, type TransferFlags, transferOptions, withTransferFlags } from '../transfer.js';

const EXAMPLES = `
Examples:
  $ sombrero cp smb://ann@nas/docs/a.txt smb://ann@nas/docs/b.txt      on the server if it can
  $ sombrero cp -r smb://ann@nas/photos smb://ann@other/backup/        from one server to another
  $ sombrero cp -r --resume --verify -p smb://ann@nas/photos smb://ann@other/backup/

Within one share, and between two shares of one server named with the same host and user, the server copies the data by
itself if it can. Otherwise, and for small files, the data passes through this machine. Holes stay holes. For everything
else see 'sombrero help put'.`;

export const cp: CommandModule = {
  build: (command, { signal }) =>
    withTransferFlags(
      command.argument('<from>', 'smb://USER@HOST/SHARE/PATH').argument('<to>', 'smb://USER@HOST/SHARE/PATH'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (from: string, to: string, flags: TransferFlags) => {
        for (const url of [from, to])
          if (!isUrl(url)) throw new UsageError(`${url} is not an SMB URL; see 'get' and 'put'`);
        const report = new Report('cp', flags);
        const options = transferOptions(flags, report, signal);
        await report.run(() =>
          onBoth(from, to, flags, signal, (source, target) => copy(source, target, flags, options)),
        );
      }),
};

/** A place on a share. */
export interface Side {
  readonly share: Share;
  readonly path: string;
  readonly url: string;
}

/** Connects to two places; once, where they are on one share. */
export async function onBoth<T>(
  from: string,
  to: string,
  flags: TransferFlags,
  signal: AbortSignal,
  work: (source: Side, target: Side) => Promise<T>,
): Promise<T> {
  const shares = new OpenShares(flags, signal, { together: true });
  try {
    return await shares.on(from, (share, path) => {
      const source = { share, path, url: from };
      const there = parseUrl(to);
      if (sameShare(parseUrl(from), there)) return work(source, { share, path: there.path, url: to });
      return shares.on(to, (other, place) => work(source, { share: other, path: place, url: to }));
    });
  } finally {
    await shares.close();
  }
}

/** Where a thing goes: into a directory that is there, else by that name. */
export async function placeIn(source: Side, target: Side, signal: AbortSignal | undefined): Promise<string> {
  const options = signal ? { signal } : {};
  const into = target.path === '' || (await statIfThere(target.share, target.path, signal))?.isDirectory() === true;
  if (!into && target.url.endsWith('/') && (await source.share.stat(source.path, options)).isFile()) {
    throw new Failure(`${target.path} is not a directory of the share`);
  }
  return into ? below(target.path, baseName(source.path) || source.share.name) : target.path;
}

/** Copies a file, or a directory with all that is in it. */
export async function copy(
  source: Side,
  target: Side,
  flags: { readonly recursive?: boolean; readonly exact?: boolean },
  options: TransferOptions,
): Promise<void> {
  const { signal } = options;
  const look = (): Promise<NodeStat> => source.share.stat(source.path, signal ? { signal } : {});
  const info = await about(String(parseUrl(source.url)), look);
  const place = flags.exact ? target.path : await placeIn(source, target, signal);
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

/** Names of another case, short names and hard links may be one file. */
async function refuseSame(source: Side, place: string, id: bigint, signal: AbortSignal | undefined): Promise<void> {
  const there = await statIfThere(source.share, place, signal);
  if (id === 0n || there?.id !== id) return;
  throw new Failure(`${source.path} and ${place} are the same file`);
}

function fold(path: string): string {
  return path.toLowerCase();
}
