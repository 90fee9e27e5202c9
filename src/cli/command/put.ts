import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, opendir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Share, UsageError } from '#client/index.js';
import { below, statIfThere } from '../entries.js';
import { Failure } from '../failure.js';
import { type ClientFlags, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { Progress } from '../progress.js';
import { about, isUrl, onShare } from '../remote.js';
import { json, print, say } from '../terminal.js';

interface Flags extends ClientFlags {
  readonly recursive?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ sombrero put report.pdf smb://ann@nas/docs/
  $ sombrero put report.pdf smb://ann@nas/docs/2024/final.pdf
  $ sombrero put -r photos smb://ann@nas/backup
  $ pg_dump shop | sombrero put - smb://ann@nas/backup/shop.sql

A file is stored under another name beside its place and gets its own when it is complete: what was there before
stays until then, and nothing is left behind when it fails.`;

export const put: CommandModule = {
  name: 'put',
  build: (command, { signal }) =>
    withClientFlags(
      command
        .description('store a file, or with -r a directory')
        .argument('<local>', 'file or directory here; - reads standard input')
        .argument('<url>', 'smb://USER@HOST/SHARE/PATH')
        .option('-r, --recursive', 'a directory with all that is in it')
        .option('--json', 'tell what was stored'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (local: string, url: string, flags: Flags) => {
        if (!isUrl(url)) throw new UsageError(`${url} is no SMB URL: where to store goes last`);
        const info = local === '-' ? undefined : await stat(local);
        if (info?.isDirectory() && !flags.recursive) throw new Failure(`${local} is a directory: say -r`);
        const done = await onShare(url, flags, signal, async (share, path) => {
          const target = await targetOf(share, path, local, url, signal);
          if (info?.isDirectory()) return storeTree(share, local, target, signal);
          const source = info ? createReadStream(local) : process.stdin;
          return storeFile(share, source, { name: local, size: info?.size }, target, signal);
        });
        if (flags.json) await print(`${json(done)}\n`);
      }),
};

interface Stored {
  readonly files: number;
  readonly bytes: number;
}

/** Into a directory that is there, else by that name. */
async function targetOf(share: Share, path: string, local: string, url: string, signal: AbortSignal): Promise<string> {
  const into = path === '' || (await statIfThere(share, path, signal))?.isDirectory() === true;
  if (!into) {
    if (url.endsWith('/')) throw new Failure(`${path} is no directory of the share`);
    return path;
  }
  if (local === '-') throw new UsageError('standard input has no name: give the file one in the URL');
  return below(path, basename(resolve(local)));
}

async function storeTree(share: Share, local: string, target: string, signal: AbortSignal): Promise<Stored> {
  let files = 0;
  let bytes = 0;
  await share.mkdir(target, { recursive: true, signal });
  for await (const entry of await opendir(local)) {
    const from = join(local, entry.name);
    const to = below(target, entry.name);
    const info = await lstat(from);
    if (info.isDirectory() || info.isFile()) {
      const done = info.isDirectory()
        ? await storeTree(share, from, to, signal)
        : await about(from, () =>
            storeFile(share, createReadStream(from), { name: from, size: info.size }, to, signal),
          );
      files += done.files;
      bytes += done.bytes;
    } else {
      say(`sombrero put: ${from}: left out, neither a file nor a directory`);
    }
  }
  return { files, bytes };
}

/** Stores beside the target, then puts it in place. */
async function storeFile(
  share: Share,
  source: Readable,
  about: { readonly name: string; readonly size: number | undefined },
  target: string,
  signal: AbortSignal,
): Promise<Stored> {
  const slash = target.lastIndexOf('/') + 1;
  const partial = `${target.slice(0, slash)}.${target.slice(slash).slice(0, 200)}.${randomBytes(4).toString('hex')}.part`;
  const progress = new Progress(about.name, about.size);
  try {
    await pipeline(source, progress.counter(), share.createWriteStream(partial, { signal }), { signal });
    await share.rename(partial, target, { replace: true, signal });
  } catch (error) {
    await cleanUp(share, partial);
    throw error;
  } finally {
    progress.stop();
  }
  return { files: 1, bytes: progress.bytes };
}

/** Takes away what came of a file. Without the command's signal, which may be the very reason to clean up. */
async function cleanUp(share: Share, partial: string): Promise<void> {
  try {
    if (await share.exists(partial)) await share.rm(partial);
  } catch {
    say(`sombrero put: ${partial} may be left on the share`);
  }
}
