import { UsageError } from '#wire/erref/errors.js';
import type { DirectoryEntry } from '../node-stat.js';
import type { Control, FileProtocol } from '../protocol.js';
import { entries } from './read-directory.js';

/** What to leave out of a search. */
export interface GlobOptions {
  /** Where to search; the share's root when absent. */
  readonly cwd?: string | undefined;
  /** Patterns of what is left out, with all that is below it. */
  readonly exclude?: readonly string[] | undefined;
}

type Segment = RegExp | '**';

/** `*`, `?`, `[abc]` and `{a,b}` within a name; without regard to case, as servers have it. */
function segmentOf(text: string): Segment {
  if (text === '**') return '**';
  let source = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    const close = char === '[' ? text.indexOf(']', i + 2) : -1;
    if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (close > 0) {
      const set = text
        .slice(i + 1, close)
        .replace(/^!/, '^')
        .replace(/[\\[\]]/g, '\\$&');
      source += `[${set}]`;
      i = close;
    } else source += char.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  }
  try {
    return new RegExp(`^${source}$`, 'iu');
  } catch (cause) {
    throw new UsageError(`'${text}' is no pattern`, { cause });
  }
}

/** `{a,b}` written out. */
function expanded(pattern: string): string[] {
  const found = /\{([^{}]*)\}/.exec(pattern);
  if (!found) return [pattern];
  const [before, behind] = [pattern.slice(0, found.index), pattern.slice(found.index + found[0].length)];
  return (found[1] as string).split(',').flatMap((part) => expanded(before + part + behind));
}

function compiled(pattern: string): Segment[][] {
  return expanded(pattern).map((one) =>
    one
      .split('/')
      .filter((name) => name !== '' && name !== '.')
      .map(segmentOf),
  );
}

/** The patterns that go on below a name, and whether one of them ends with it. */
function step(patterns: readonly Segment[][], name: string): { rest: Segment[][]; hit: boolean } {
  const rest: Segment[][] = [];
  let hit = false;
  const take = (pattern: readonly Segment[]): void => {
    const [first, ...behind] = pattern;
    if (first === undefined) return;
    if (first === '**') {
      rest.push([...pattern]);
      if (behind.length === 0) hit = true;
      else take(behind);
      return;
    }
    if (!first.test(name)) return;
    if (behind.length === 0 || behind.every((segment) => segment === '**')) hit = true;
    if (behind.length > 0) rest.push(behind);
  };
  for (const pattern of patterns) take(pattern);
  return { rest, hit };
}

/** What matches a pattern of names with slashes between them; `**` stands for any directories. */
export async function* glob(
  protocol: FileProtocol,
  pattern: string | readonly string[],
  { cwd = '', exclude = [] }: GlobOptions,
  control: Control,
): AsyncGenerator<DirectoryEntry, void, undefined> {
  const wanted = [pattern].flat().flatMap(compiled);
  yield* search(protocol, cwd, wanted, exclude.flatMap(compiled), control);
}

async function* search(
  protocol: FileProtocol,
  directory: string,
  wanted: readonly Segment[][],
  unwanted: readonly Segment[][],
  control: Control,
): AsyncGenerator<DirectoryEntry, void, undefined> {
  const below: [string, Segment[][], Segment[][]][] = [];
  for await (const entry of entries(protocol, directory, {}, control)) {
    const out = step(unwanted, entry.name);
    if (out.hit) continue;
    const { rest, hit } = step(wanted, entry.name);
    if (hit) yield entry;
    if (rest.length > 0 && entry.isDirectory() && !entry.isReparsePoint()) below.push([entry.path, rest, out.rest]);
  }
  for (const [path, rest, out] of below) yield* search(protocol, path, rest, out, control);
}
