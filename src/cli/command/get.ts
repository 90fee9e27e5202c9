import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, stat, unlink, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { NodeStat, Share } from '#client/index.js';
import { baseName, walk } from '../entries.js';
import { Failure } from '../failure.js';
import { type ClientFlags, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { Progress } from '../progress.js';
import { about, onShare } from '../remote.js';
import { json, print } from '../terminal.js';

interface Flags extends ClientFlags {
  readonly recursive?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ sombrero get smb://ann@nas/docs/report.pdf
  $ sombrero get smb://ann@nas/docs/report.pdf /tmp/copy.pdf
  $ sombrero get -r smb://ann@nas/photos/2024 .

A file is fetched under another name beside its place and gets its own when it is complete: what was there before
stays until then, and nothing is left behind when it fails.`;

export const get: CommandModule = {
  name: 'get',
  build: (command, { signal }) =>
    withClientFlags(
      command
        .description('fetch a file, or with -r a directory')
        .argument('<url>', 'smb://USER@HOST/SHARE/PATH')
        .argument('[local]', 'file or directory here (default: this directory)', '.')
        .option('-r, --recursive', 'a directory with all that is in it')
        .option('--json', 'tell what was fetched'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (url: string, local: string, flags: Flags) => {
        const done = await onShare(url, flags, signal, async (share, path) => {
          const info = await share.stat(path, { signal });
          const target = await targetOf(local, baseName(path) || share.name);
          if (!info.isDirectory()) return fetchFile(share, path, info, target, signal);
          if (!flags.recursive) throw new Failure(`${path || share.name} is a directory: say -r`);
          return fetchTree(share, path, target, signal);
        });
        if (flags.json) await print(`${json(done)}\n`);
      }),
};

interface Fetched {
  readonly files: number;
  readonly bytes: number;
}

/** Into a directory that is there, else by that name. */
async function targetOf(local: string, name: string): Promise<string> {
  const there = await stat(local).catch(() => undefined);
  if (there?.isDirectory()) return join(local, name);
  if (local.endsWith('/')) throw new Failure(`${local} is no directory`);
  return local;
}

async function fetchTree(share: Share, path: string, target: string, signal: AbortSignal): Promise<Fetched> {
  let files = 0;
  let bytes = 0;
  await mkdir(target, { recursive: true });
  for await (const entry of walk(share, path, signal)) {
    // `walk` has made sure that no name leads elsewhere.
    const place = join(target, ...entry.path.slice(path === '' ? 0 : path.length + 1).split('/'));
    if (entry.isDirectory()) {
      await mkdir(place, { recursive: true });
      continue;
    }
    bytes += (await about(entry.path, () => fetchFile(share, entry.path, entry, place, signal))).bytes;
    files++;
  }
  return { files, bytes };
}

/** Fetches beside the target, then puts it in place. */
async function fetchFile(
  share: Share,
  path: string,
  info: NodeStat,
  target: string,
  signal: AbortSignal,
): Promise<Fetched> {
  const partial = join(dirname(target), `.${basename(target).slice(0, 200)}.${randomBytes(4).toString('hex')}.part`);
  const progress = new Progress(path, info.size);
  try {
    const source = share.createReadStream(path, { signal });
    await pipeline(source, progress.counter(), createWriteStream(partial, { flags: 'wx', flush: true }), { signal });
    await utimes(partial, info.atime, info.mtime).catch(() => undefined);
    await rename(partial, target);
  } catch (error) {
    await unlink(partial).catch(() => undefined);
    throw error;
  } finally {
    progress.stop();
  }
  return { files: 1, bytes: progress.bytes };
}
