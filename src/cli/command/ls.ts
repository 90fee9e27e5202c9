import type { Share } from '#client/index.js';
import { attributeText, baseName, below, entryJson, walk } from '../entries.js';
import { Failure } from '../failure.js';
import { Failures } from '../failures.js';
import { type JsonOutput, withJson } from '../json-output.js';
import { inOrder, isPattern, type Match, matches } from '../matches.js';
import { type ClientFlags, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { onShare, parseUrl } from '../remote.js';
import { humanSize, humanTime, print, shown } from '../terminal.js';
import { printShares } from './shares.js';

interface Flags extends ClientFlags {
  readonly long?: boolean;
  readonly all?: boolean;
  readonly recursive?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ sombrero ls smb://ann@nas/                    the shares of the server
  $ sombrero ls smb://ann@nas/photos
  $ sombrero ls -l 'smb://ann@nas/photos/2024/*.jpg'
  $ sombrero ls -r --json smb://ann@nas/photos`;

export const ls: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .argument('<url>', 'smb://USER@HOST/SHARE/PATH; * and ? in the last name')
        .option('-l, --long', 'attributes, size, time')
        .option('-a, --all', 'include hidden entries')
        .option('-r, --recursive', 'include everything below')
        .option('--json', 'an array of entries'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (url: string, flags: Flags) => {
        if (parseUrl(url).share === undefined) return printShares(url, flags, signal);
        await withJson(flags.json ? 'array' : undefined, async (output) => {
          await onShare(url, flags, signal, async (share, path) => {
            const found = await list(share, path, new Lister(flags, output), flags, signal);
            if (found === 0 && isPattern(path)) throw new Failure(`${parseUrl(url)}: nothing matches`);
          });
        });
      }),
};

type OnError = (path: string, error: unknown) => void;

/** Returns the number of entries. */
async function list(share: Share, path: string, out: Lister, flags: Flags, signal: AbortSignal): Promise<number> {
  const failures = new Failures('ls');
  let found = 0;
  for await (const match of entries(share, path, flags, signal, failures.add)) {
    found++;
    await out.add(match);
  }
  await out.end();
  failures.end();
  return found;
}

async function* entries(
  share: Share,
  path: string,
  flags: Flags,
  signal: AbortSignal,
  onError: OnError,
): AsyncGenerator<Match, void, undefined> {
  const hidden = flags.all || flags.json;
  if (isPattern(path)) {
    for await (const match of survivors(matches(share, path, { signal, hidden }), path, signal, onError)) {
      yield match;
      if (flags.recursive && match.stat.isDirectory()) yield* within(share, match.path, flags, signal, onError);
    }
    return;
  }
  const stat = path === '' ? undefined : await share.stat(path, { signal });
  if (stat && !stat.isDirectory()) yield { path, stat };
  else yield* within(share, path, flags, signal, onError);
}

async function* within(
  share: Share,
  directory: string,
  flags: Flags,
  signal: AbortSignal,
  onError: OnError,
): AsyncGenerator<Match, void, undefined> {
  const found = flags.recursive
    ? deep(share, directory, signal, onError)
    : survivors(matches(share, below(directory, '*'), { signal, hidden: true }), directory, signal, onError);
  for await (const match of found) if (!match.stat.hidden || flags.all || flags.json) yield match;
}

async function* deep(
  share: Share,
  directory: string,
  signal: AbortSignal,
  onError: OnError,
): AsyncGenerator<Match, void, undefined> {
  for await (const { path, entry } of walk(share, directory, signal, { onError })) yield { path, stat: entry.stat };
}

/** Entries that came before a failure are still shown. */
async function* survivors(
  found: AsyncIterable<Match>,
  place: string,
  signal: AbortSignal,
  onError: OnError,
): AsyncGenerator<Match, void, undefined> {
  let isFirst = true;
  try {
    for await (const match of found) {
      isFirst = false;
      yield match;
    }
  } catch (error) {
    if (isFirst || signal.aborted) throw error;
    onError(place, error);
  }
}

/** Prints entries: sorted by name for people; as they arrive for JSON and recursive lists, which may be long. */
class Lister {
  readonly #flags: Flags;
  readonly #sorted: Match[] = [];
  readonly #json: JsonOutput;

  constructor(flags: Flags, output: JsonOutput) {
    this.#flags = flags;
    this.#json = output;
  }

  async add(match: Match): Promise<void> {
    if (this.#flags.json) await this.#json.add(entryJson(match.path, match.stat));
    else if (this.#flags.recursive) await this.#line(match);
    else this.#sorted.push(match);
  }

  async #line({ path, stat }: Match): Promise<void> {
    const { long, recursive } = this.#flags;
    const name = `${shown(recursive ? path : baseName(path))}${stat.isDirectory() ? '/' : ''}`;
    if (!long) return print(`${name}\n`);
    const size = stat.isDirectory() ? '' : humanSize(stat.size);
    await print(`${attributeText(stat)}  ${size.padStart(10)}  ${humanTime(stat.mtime)}  ${name}\n`);
  }

  async end(): Promise<void> {
    for (const match of inOrder(this.#sorted)) await this.#line(match);
  }
}
