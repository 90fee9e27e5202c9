import type { NodeStat, Share } from '#client/index.js';
import { attributeText, baseName, below, entryJson, isPattern, walk } from '../entries.js';
import { Failure } from '../failure.js';
import { Failures } from '../failures.js';
import { type JsonOutput, withJson } from '../json-output.js';
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
          await onShare(url, flags, signal, (share, path) =>
            list(share, path, new Lister(flags, output), flags, signal),
          );
        });
      }),
};

async function list(share: Share, path: string, out: Lister, flags: Flags, signal: AbortSignal): Promise<void> {
  const failures = new Failures('ls');
  let found = 0;
  for await (const [name, stat] of entries(share, path, flags, signal, failures.add)) {
    found++;
    await out.add(name, stat);
  }
  if (found === 0 && isPattern(baseName(path))) throw new Failure(`${path}: nothing matches`);
  await out.end();
  failures.end();
}

async function* entries(
  share: Share,
  path: string,
  flags: Flags,
  signal: AbortSignal,
  onError: (path: string, error: unknown) => void,
): AsyncGenerator<[path: string, stat: NodeStat], void, undefined> {
  const last = baseName(path);
  const several = isPattern(last);
  const directory = several ? path.slice(0, -last.length).replace(/\/$/, '') : path;
  if (!several && path !== '') {
    const stat = await share.stat(path, { signal });
    if (!stat.isDirectory()) {
      yield [path, stat];
      return;
    }
  }
  const found =
    flags.recursive && !several
      ? deep(share, directory, signal, onError)
      : plain(share, directory, several ? last : undefined, signal, onError);
  for await (const [place, entry] of found) if (!entry.hidden || flags.all || flags.json) yield [place, entry];
}

async function* deep(
  share: Share,
  directory: string,
  signal: AbortSignal,
  onError: (path: string, error: unknown) => void,
): AsyncGenerator<[path: string, stat: NodeStat], void, undefined> {
  for await (const { path, entry } of walk(share, directory, signal, { onError })) yield [path, entry.stat];
}

/** What came before a failure is shown all the same. */
async function* plain(
  share: Share,
  directory: string,
  pattern: string | undefined,
  signal: AbortSignal,
  onError: (path: string, error: unknown) => void,
): AsyncGenerator<[path: string, stat: NodeStat], void, undefined> {
  let isFirst = true;
  try {
    for await (const entry of share.readdir(directory, { signal, ...(pattern === undefined ? {} : { pattern }) })) {
      isFirst = false;
      yield [below(directory, entry.name), entry];
    }
  } catch (error) {
    if (isFirst || signal.aborted) throw error;
    onError(directory, error);
  }
}

const byName = new Intl.Collator(undefined, { numeric: true });

/** Prints entries: for people sorted by name, for programs and trees as they come, however many there are. */
class Lister {
  readonly #flags: Flags;
  readonly #sorted: [path: string, stat: NodeStat][] = [];
  readonly #json: JsonOutput;

  constructor(flags: Flags, output: JsonOutput) {
    this.#flags = flags;
    this.#json = output;
  }

  async add(path: string, stat: NodeStat): Promise<void> {
    if (this.#flags.json) await this.#json.add(entryJson(path, stat));
    else if (this.#flags.recursive) await this.#line(path, stat);
    else this.#sorted.push([path, stat]);
  }

  async #line(path: string, stat: NodeStat): Promise<void> {
    const { long, recursive } = this.#flags;
    const name = `${shown(recursive ? path : baseName(path))}${stat.isDirectory() ? '/' : ''}`;
    if (!long) return print(`${name}\n`);
    const size = stat.isDirectory() ? '' : humanSize(stat.size);
    await print(`${attributeText(stat)}  ${size.padStart(10)}  ${humanTime(stat.mtime)}  ${name}\n`);
  }

  async end(): Promise<void> {
    this.#sorted.sort(([a], [b]) => byName.compare(a, b));
    for (const [path, stat] of this.#sorted) await this.#line(path, stat);
  }
}
