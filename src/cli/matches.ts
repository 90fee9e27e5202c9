import type { NodeStat, Share } from '#client/index.js';
import { baseName, below } from './entries.js';
import { Failure, isNotFound } from './failure.js';
import { parseUrl } from './remote.js';

/** What a server may go on to send of a directory, so that a pattern ends. */
const MOST = 1_000_000;

/** Something that a pattern stands for. */
export interface Match {
  readonly path: string;
  readonly stat: NodeStat;
}

/** Whether the last name of a path stands for several: by `*` and `?`, which no name on a share has. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(baseName(path));
}

/** The directory that something is in. */
export function directoryOf(path: string): string {
  return path.slice(0, -baseName(path).length || undefined).replace(/\/$/, '');
}

const byName = new Intl.Collator(undefined, { numeric: true });

/** In the order in which people look for names. */
export function inOrder<T extends { readonly path: string }>(found: T[]): T[] {
  return found.sort((a, b) => byName.compare(a.path, b.path));
}

/** How a name fits a pattern: as it is, or in another case. */
function testOf(pattern: string): (name: string) => 'as-is' | 'folded' | undefined {
  const source = pattern.replace(/[\\^$.*+?()[\]{}|]/g, (found) =>
    found === '*' ? '.*' : found === '?' ? '.' : `\\${found}`,
  );
  const [exact, folded] = ['su', 'isu'].map((flags) => new RegExp(`^${source}$`, flags)) as [RegExp, RegExp];
  return (name) => (exact.test(name) ? 'as-is' : folded.test(name) ? 'folded' : undefined);
}

/** The name with its letters in the other case. */
function swapped(name: string): string {
  const swap = (letter: string): string => {
    const [upper, lower] = [letter.toUpperCase(), letter.toLowerCase()];
    const other = letter === upper ? lower : upper;
    return other.length === letter.length ? other : letter;
  };
  return Array.from(name, swap).join('');
}

/** Whether something is found by its name in another case, too. */
async function isFoldedHere(share: Share, path: string, id: bigint, signal: AbortSignal): Promise<boolean> {
  const other = below(directoryOf(path), swapped(baseName(path)));
  try {
    return (await share.lstat(other, { signal })).id === id;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** What a pattern stands for, as it comes. As with shells and `ls`, what is hidden is meant by those alone that begin with a dot. */
export async function* matches(
  share: Share,
  path: string,
  { signal, hidden = false }: { readonly signal: AbortSignal; readonly hidden?: boolean | undefined },
): AsyncGenerator<Match, void, undefined> {
  const directory = directoryOf(path);
  const name = baseName(path);
  const fits = testOf(name);
  const all = hidden || name.startsWith('.');
  // Case is the server's business. The rest is not: it would find short names, too, and takes some characters for two.
  const pattern = name.replace(/[*?]+/g, '*');
  let folds: Promise<boolean> | undefined;
  for await (const stat of share.readdir(directory, { signal, pattern })) {
    const how = fits(stat.name);
    if (how === undefined || (stat.hidden && !all)) continue;
    const match = { path: below(directory, stat.name), stat };
    // Short names are in capitals: a server that tells case apart finds some by them all the same.
    if (how === 'folded') folds ??= isFoldedHere(share, match.path, stat.id, signal);
    if (how === 'as-is' || (await folds)) yield match;
  }
}

async function inFull(share: Share, path: string, signal: AbortSignal): Promise<Match[]> {
  const found: Match[] = [];
  for await (const match of matches(share, path, { signal })) {
    found.push(match);
    if (found.length > MOST) throw new Failure(`${path} stands for more than ${MOST} names`);
  }
  return inOrder(found);
}

/** All that the pattern at the end of a URL stands for, in order: something. */
export async function matched(share: Share, path: string, url: string, signal: AbortSignal): Promise<Match[]> {
  const found = await inFull(share, path, signal);
  if (found.length === 0) throw new Failure(`${parseUrl(url)}: nothing matches`);
  return found;
}

/** The same, or nothing. */
export async function matchedIfAny(share: Share, path: string, _url: string, signal: AbortSignal): Promise<Match[]> {
  try {
    return await inFull(share, path, signal);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
