import { InvalidArgumentError, Option } from 'commander';
import type { Share } from '#client/index.js';
import { globTest, type ShareEntry, shareTree } from '#transfer/index.js';
import { onEach } from '../each.js';
import { attributeText, entryJson, type WalkSettings, walk } from '../entries.js';
import { Failures } from '../failures.js';
import { withJson } from '../json-output.js';
import { type ClientFlags, collect, parseCount, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { treeOf } from '../remote.js';
import { humanSize, humanTime, print, shown } from '../terminal.js';

/** Inclusive bounds of a number; either may be absent. */
export interface Range {
  readonly least?: number;
  readonly most?: number;
}

interface FindFlags extends ClientFlags {
  readonly name?: readonly string[];
  readonly path?: readonly string[];
  readonly type?: 'f' | 'd' | 'l';
  readonly size?: readonly Range[];
  readonly mtime?: readonly Range[];
  readonly newer?: Date;
  readonly older?: Date;
  readonly mindepth?: number;
  readonly maxdepth?: number;
  readonly long?: boolean;
  readonly urls?: boolean;
  readonly print0?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ sombrero find smb://ann@nas/photos --name '*.jpg' --name '*.raw'
  $ sombrero find smb://ann@nas/photos --type f --size +10M --mtime -7     larger than 10 MiB, of the last 7 days
  $ sombrero find smb://ann@nas/docs --maxdepth 2 --type d
  $ sombrero find smb://ann@nas/logs --older 2024-01-01 --urls --print0 | xargs -0 sombrero rm

+N means more than N, -N less, N alone what rounds up to N, as in find(1). Sizes take the units B, K, M, G and T
(multiples of 1024). Times are in days, or such as +36h. Without --urls, paths start at the top of the share.`;

export const find: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .argument('<urls...>', 'smb://USER@HOST/SHARE/PATH; * and ? in the last name')
        .option('--name <glob>', 'name, in upper or lower case (repeatable: any of them)', collect(String))
        .option('--path <glob>', 'the path from the top of the share; ** crosses slashes (repeatable)', collect(String))
        .addOption(new Option('--type <kind>', 'f: files, d: directories, l: links').choices(['f', 'd', 'l']))
        .option('--size <[+-]N[BKMGT]>', 'size; repeatable, for example +1M and -1G', collect(parseSize))
        .option(
          '--mtime <[+-]N[hms]>',
          'time since the last write, in days unless h, m or s is given',
          collect(parseAge),
        )
        .option('--newer <time>', 'written after this', parseTime)
        .option('--older <time>', 'written before this', parseTime)
        .option('--mindepth <n>', 'nothing above this depth; entries of the directory have depth 1', parseCount)
        .option('--maxdepth <n>', 'nothing below this depth', parseCount)
        .option('-l, --long', 'attributes, size, time')
        .option('--urls', 'whole URLs, for use in other commands')
        .option('-0, --print0', 'end each with a NUL instead of a line feed')
        .option('--json', 'an array of entries'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (urls: string[], flags: FindFlags) => {
        const failures = new Failures('find');
        const fits = testOf(flags, Date.now());
        const options = { depth: flags.maxdepth, onError: failures.add };
        await withJson(flags.json ? 'array' : undefined, async ({ kind, add }) => {
          await onEach('find', urls, flags, signal, async (share, path, url) => {
            const root = treeOf(share, '', url).show('');
            for await (const found of search(share, path, signal, options)) {
              if (!fits(found)) continue;
              if (kind) await add(entryJson(found.path, found.entry.stat));
              else await print(lineOf(found, flags, root));
            }
          });
          failures.end();
        });
      }),
};

/** A candidate. Entries of the directory itself have depth 1. */
interface Found {
  readonly path: string;
  readonly entry: ShareEntry;
  readonly depth: number;
}

/** Everything below a directory, or the file itself. */
async function* search(
  share: Share,
  top: string,
  signal: AbortSignal,
  settings: WalkSettings,
): AsyncGenerator<Found, void, undefined> {
  if ((await share.stat(top, { signal })).isDirectory()) {
    for await (const { path, entry, in: directory } of walk(share, top, signal, settings)) {
      yield { path, entry, depth: directory.depth + 1 };
    }
    return;
  }
  const entry = await shareTree(share).stat(top, { signal });
  if (entry) yield { path: top, entry, depth: 0 };
}

function lineOf({ path, entry }: Found, flags: FindFlags, root: string): string {
  // Encode what would mean something else in a URL.
  const name = flags.urls ? `${root}/${path.replace(/[%\s]/g, encodeURIComponent)}` : path;
  const end = flags.print0 ? '\0' : '\n';
  if (!flags.long) return `${flags.print0 ? name : shown(name)}${end}`;
  const size = entry.kind === 'directory' ? '' : humanSize(entry.size);
  return `${attributeText(entry.stat)}  ${size.padStart(10)}  ${humanTime(entry.mtime)}  ${shown(name)}${end}`;
}

/** The test that the flags describe. */
function testOf(flags: FindFlags, now: number): (found: Found) => boolean {
  const names = flags.name?.map(globTest);
  const paths = flags.path?.map(globTest);
  const kind = flags.type && { f: 'file', d: 'directory', l: 'link' }[flags.type];
  const { size, mtime, newer, older, mindepth = 0 } = flags;
  const tests: ((found: Found) => boolean)[] = [];
  if (names) tests.push(({ entry }) => names.some((test) => test(entry.name)));
  if (paths) tests.push(({ path }) => paths.some((test) => test(path)));
  if (kind) tests.push(({ entry }) => entry.kind === kind);
  if (size) tests.push(({ entry }) => size.every((range) => within(entry.size, range)));
  if (mtime) tests.push(({ entry }) => mtime.every((range) => within(now - entry.mtime.getTime(), range)));
  if (newer) tests.push(({ entry }) => entry.mtime > newer);
  if (older) tests.push(({ entry }) => entry.mtime < older);
  tests.push(({ depth }) => depth >= mindepth);
  return (found) => tests.every((test) => test(found));
}

function within(value: number, { least, most }: Range): boolean {
  return (least === undefined || value >= least) && (most === undefined || value <= most);
}

const SIZES: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  C: 1,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
};

/** Parses `+10M`, `-1G`, `0`. */
export function parseSize(text: string): Range {
  const found = /^([+-]?)(\d+(?:\.\d+)?)\s*([BCKMGT]?)(?:iB|B)?$/i.exec(text.trim());
  if (!found) throw new InvalidArgumentError('a size, as +10M, -1G or 4096.');
  const unit = SIZES[(found[3] as string).toUpperCase()] ?? 1;
  const bytes = Number(found[2]) * unit;
  if (found[1] === '+') return { least: bytes + 1 };
  if (found[1] === '-') return { most: bytes - 1 };
  // A size is rounded up to whole units: 1.2 MiB counts as 2M.
  return { least: bytes - unit + 1, most: bytes };
}

const AGES: Readonly<Record<string, number>> = { '': 86_400_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };

/** `-7` is less than seven days ago, `+36h` more than 36 hours, `1` between one and two days. */
export function parseAge(text: string): Range {
  const found = /^([+-]?)(\d+(?:\.\d+)?)([dhms]?)$/i.exec(text.trim());
  if (!found) throw new InvalidArgumentError('an age, as -7 (days) or +36h.');
  const unit = AGES[(found[3] as string).toLowerCase()] ?? 1;
  const age = Number(found[2]) * unit;
  if (found[1] === '+') return { least: age };
  if (found[1] === '-') return { most: age };
  return { least: age, most: age + unit };
}

/** Parses `2024-05-01`, `2024-05-01T12:00:00Z`. */
export function parseTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('a time, as 2024-05-01 or 2024-05-01T12:00:00Z.');
  return time;
}
