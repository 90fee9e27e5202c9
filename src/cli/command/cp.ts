import { pipeline } from 'node:stream/promises';
import { parseSmbUrl, type Share, type SmbUrl, UsageError } from '#client/index.js';
import { baseName, below, statIfThere, walk } from '../entries.js';
import { Failure } from '../failure.js';
import { type ClientFlags, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { Progress } from '../progress.js';
import { isUrl, onShare } from '../remote.js';

interface Flags extends ClientFlags {
  readonly recursive?: boolean;
}

const EXAMPLES = `
Examples:
  $ sombrero cp smb://ann@nas/docs/a.txt smb://ann@nas/docs/b.txt      on the server, where it can
  $ sombrero cp -r smb://ann@nas/photos smb://ann@other/backup/        from one server to another`;

export const cp: CommandModule = {
  name: 'cp',
  build: (command, { signal }) =>
    withClientFlags(
      command
        .description('copy on a server, or between servers')
        .argument('<from>', 'smb://USER@HOST/SHARE/PATH')
        .argument('<to>', 'smb://USER@HOST/SHARE/PATH')
        .option('-r, --recursive', 'a directory with all that is in it'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (from: string, to: string, flags: Flags) => {
        for (const url of [from, to])
          if (!isUrl(url)) throw new UsageError(`${url} is no SMB URL; see 'get' and 'put'`);
        await onShare(from, flags, signal, async (source, path) => {
          if (sameShare(parseSmbUrl(from), parseSmbUrl(to))) {
            return copy(source, path, source, parseSmbUrl(to).path, flags, signal);
          }
          return onShare(to, flags, signal, (target, place) => copy(source, path, target, place, flags, signal));
        });
      }),
};

/** Whether two URLs are about one share, seen by one user. */
export function sameShare(a: SmbUrl, b: SmbUrl): boolean {
  const same = (x: string | undefined, y: string | undefined): boolean => x?.toLowerCase() === y?.toLowerCase();
  return (
    same(a.host, b.host) &&
    a.port === b.port &&
    same(a.share, b.share) &&
    same(a.user, b.user) &&
    same(a.domain, b.domain)
  );
}

async function copy(
  source: Share,
  path: string,
  target: Share,
  wanted: string,
  flags: Flags,
  signal: AbortSignal,
): Promise<void> {
  const info = await source.stat(path, { signal });
  const into = wanted === '' || (await statIfThere(target, wanted, signal))?.isDirectory() === true;
  const place = into ? below(wanted, baseName(path) || source.name) : wanted;
  if (!info.isDirectory()) return copyFile(source, path, info.size, target, place, signal);
  if (!flags.recursive) throw new Failure(`${path || source.name} is a directory: say -r`);
  if (source === target && `${place.toLowerCase()}/`.startsWith(`${path.toLowerCase()}/`)) {
    throw new Failure(`${place} lies in ${path || 'the share'}, which is to be copied`);
  }
  await target.mkdir(place, { recursive: true, signal });
  for await (const entry of walk(source, path, signal)) {
    const to = below(place, entry.path.slice(path === '' ? 0 : path.length + 1));
    if (entry.isDirectory()) await target.mkdir(to, { recursive: true, signal });
    else await copyFile(source, entry.path, entry.size, target, to, signal);
  }
}

async function copyFile(
  source: Share,
  path: string,
  size: number,
  target: Share,
  place: string,
  signal: AbortSignal,
): Promise<void> {
  if (source === target) {
    if (path.toLowerCase() === place.toLowerCase()) throw new Failure(`${path} cannot be copied onto itself`);
    return source.copy(path, place, { signal });
  }
  const progress = new Progress(path, size);
  try {
    await pipeline(
      source.createReadStream(path, { signal }),
      progress.counter(),
      target.createWriteStream(place, { signal }),
      {
        signal,
      },
    );
  } finally {
    progress.stop();
  }
}
