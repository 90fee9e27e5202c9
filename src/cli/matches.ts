import type { NodeStat, Share } from '#client/index.js';
import { baseName, below } from './entries.js';
import { Failure, isNotFound } from './failure.js';
import { parseUrl } from './remote.js';

/** Limit for the matches of a pattern: a server may send entries without end. */
const MOST = 1_000_000;

/** Something that a pattern matches. */
export interface Match {
  readonly path: string;
  readonly stat: NodeStat;
}

/** Whether the last name of a path is a pattern, that is, contains `*` or `?`, which no name on a share does. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(baseName(path));
}

/** The parent directory of a path. */
export function directoryOf(path: string): string {
  return path.slice(0, -baseName(path).length || undefined).replace(/\/$/, '');
}

/** In the order that people expect. */
export function inOrder<T extends { readonly path: string }>(found: T[]): T[] {
  // Not made when this is loaded: it takes some milliseconds, and most commands need none.
  const byName = new Intl.Collator(undefined, { numeric: true });
  return found.sort((a, b) => byName.compare(a.path, b.path));
}

/** How a name matches a pattern: as written, or only in another case. */
function testOf(pattern: string): (name: string) => 'as-is' | 'folded' | undefined {
  const source = pattern.replace(/[\\^$.*+?()[\]{}|]/g, (found) =>
    found === '*' ? '.*' : found === '?' ? '.' : `\\${found}`,
  );
  const [exact, folded] = ['su', 'isu'].map((flags) => new RegExp(`^${source}$`, flags)) as [RegExp, RegExp];
  return (name) => (exact.test(name) ? 'as-is' : folded.test(name) ? 'folded' : undefined);
}

/** The name with upper and lower case swapped. */
function swapped(name: string): string {
  const swap = (letter: string): string => {
    const [upper, lower] = [letter.toUpperCase(), letter.toLowerCase()];
    const other = letter === upper ? lower : upper;
    return other.length === letter.length ? other : letter;
  };
  return Array.from(name, swap).join('');
}

/** Whether the server finds an entry by its name in another case. */
async function isFoldedHere(share: Share, path: string, id: bigint, signal: AbortSignal): Promise<boolean> {
  const other = below(directoryOf(path), swapped(baseName(path)));
  try {
    return (await share.lstat(other, { signal })).id === id;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/**
 * The matches of a pattern, as they arrive. As in shells and `ls`, hidden entries match only a pattern that begins with
 * a dot.
 */
export async function* matches(
  share: Share,
  path: string,
  { signal, hidden = false }: { readonly signal: AbortSignal; readonly hidden?: boolean | undefined },
): AsyncGenerator<Match, void, undefined> {
  const directory = directoryOf(path);
  const name = baseName(path);
  const fits = testOf(name);
  const all = hidden || name.startsWith('.');
  // The server decides about case. The rest is matched here: servers also match short names, and count some characters
  // as two.
  const pattern = name.replace(/[*?]+/g, '*');
  let folds: Promise<boolean> | undefined;
  for await (const stat of share.readdir(directory, { signal, pattern })) {
    const how = fits(stat.name);
    if (how === undefined || (stat.hidden && !all)) continue;
    const match = { path: below(directory, stat.name), stat };
    // Short names are in upper case: even a case-sensitive server finds some entries by them.
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

/** All matches of the pattern at the end of a URL, sorted. Fails if there are none. */
export async function matched(share: Share, path: string, url: string, signal: AbortSignal): Promise<Match[]> {
  const found = await inFull(share, path, signal);
  if (found.length === 0) throw new Failure(`${parseUrl(url)}: nothing matches`);
  return found;
}

/** The same, but may be empty. */
export async function matchedIfAny(share: Share, path: string, _url: string, signal: AbortSignal): Promise<Match[]> {
  try {
    return await inFull(share, path, signal);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
