import type { Share } from '#client/index.js';
import { type ShareEntry, shareTree, type WalkEntry, walk as walkTree } from '#transfer/index.js';
import { isSeveral, onEach } from '../each.js';
import { Failures } from '../failures.js';
import { type JsonOutput, withJson } from '../json-output.js';
import { type ClientFlags, parseCount, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { humanSize, print, shown } from '../terminal.js';

interface Flags extends ClientFlags {
  readonly bytes?: boolean;
  readonly all?: boolean;
  readonly depth?: number;
  readonly summarize?: boolean;
  readonly allocated?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ sombrero du smb://ann@nas/photos                 one line: all of it
  $ sombrero du -d 1 smb://ann@nas/photos            and each directory in it
  $ sombrero du 'smb://ann@nas/photos/*'             a line for each thing in it
  $ sombrero du -a --bytes smb://ann@nas/photos | sort -n

Sizes are those of the contents; --allocated counts the space taken on the server's disk.`;

/** Totals of a directory and everything below it. */
interface Usage {
  files: number;
  directories: number;
  size: number;
  allocationSize: number;
}

export const du: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .argument('<urls...>', 'smb://USER@HOST/SHARE/PATH; * and ? in the last name')
        .option('-b, --bytes', 'exact numbers of bytes')
        .option('-a, --all', 'a line for each file as well')
        .option('-d, --depth <n>', 'a line for each directory down to this depth', parseCount)
        .option('-s, --summarize', 'one line only, the default')
        .option('--allocated', 'space taken on disk instead of sizes of contents')
        .option('--json', 'an object with bytes; with -d, -a or several places an array of them'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (urls: string[], flags: Flags) => {
        const failures = new Failures('du');
        const several = isSeveral(urls);
        const lists = several || (!flags.summarize && (flags.depth !== undefined || flags.all === true));
        await withJson(flags.json ? (lists ? 'array' : 'value') : undefined, async (output) => {
          const lines = new Lines(flags, several, output);
          await onEach('du', urls, flags, signal, (share, path) =>
            measure(share, path, lines, flags, signal, failures),
          );
          failures.end();
        });
      }),
};

async function measure(
  share: Share,
  top: string,
  out: Lines,
  flags: Flags,
  signal: AbortSignal,
  failures: Failures,
): Promise<void> {
  const info = await share.stat(top, { signal });
  if (!info.isDirectory()) {
    const { size, allocationSize } = info;
    await out.total(top, { files: 1, directories: 0, size, allocationSize });
    return;
  }
  const tree = new Tree(flags.summarize ? 0 : (flags.depth ?? 0));
  for await (const step of walkTree(shareTree(share), top, { signal, onError: failures.add })) {
    if (step.kind !== 'entry') continue;
    tree.add(step);
    const { path, entry } = step;
    if (entry.kind === 'directory' || !flags.all || flags.summarize) continue;
    await out.line(path, { files: 1, directories: 0, size: entry.size, allocationSize: entry.stat.allocationSize });
  }
  for (const [path, usage] of tree.below(top)) await out.line(path, usage);
  await out.total(top, tree.of(top));
}

/** The totals of the directories that get a line. */
class Tree {
  readonly #depth: number;
  readonly #usages = new Map<string, Usage>();

  constructor(depth: number) {
    this.#depth = depth;
  }

  of(path: string): Usage {
    const usage = this.#usages.get(path) ?? { files: 0, directories: 0, size: 0, allocationSize: 0 };
    this.#usages.set(path, usage);
    return usage;
  }

  /** Adds an entry to each directory above it, including the top. */
  add({ path, entry, in: directory }: WalkEntry<ShareEntry>): void {
    for (let above: typeof directory | undefined = directory; above !== undefined; above = above.parent) {
      if (above.depth === 0 || above.depth <= this.#depth) count(this.of(above.path), entry);
    }
    // An empty directory gets a line too.
    if (entry.kind === 'directory' && directory.depth < this.#depth) this.of(path);
  }

  below(top: string): [path: string, usage: Usage][] {
    return [...this.#usages].filter(([path]) => path !== top).sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

function count(usage: Usage, entry: ShareEntry): void {
  if (entry.kind === 'directory') {
    usage.directories++;
    return;
  }
  usage.files++;
  usage.size += entry.size;
  usage.allocationSize += entry.stat.allocationSize;
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

class Lines {
  readonly #flags: Flags;
  /** Totals are for several places, so each line names its place. */
  readonly #several: boolean;
  readonly #output: JsonOutput;

  constructor(flags: Flags, several: boolean, output: JsonOutput) {
    this.#flags = flags;
    this.#several = several;
    this.#output = output;
  }

  async line(path: string, usage: Usage): Promise<void> {
    if (this.#output.kind) return this.#output.add({ path, ...usage });
    await print(`${this.#size(usage).padStart(12)}  ${shown(path)}\n`);
  }

  async total(path: string, usage: Usage): Promise<void> {
    if (this.#output.kind) return this.#output.add({ path, ...usage });
    if (this.#flags.bytes || this.#several) return this.line(path || '/', usage);
    const { files, directories } = usage;
    const within = [counted(files, 'file', 'files'), counted(directories, 'directory', 'directories')].join(' and ');
    await print(`${this.#size(usage)} in ${within}\n`);
  }

  #size({ size, allocationSize }: Usage): string {
    const bytes = this.#flags.allocated ? allocationSize : size;
    return this.#flags.bytes ? String(bytes) : humanSize(bytes);
  }
}
