import type { DirectoryEntry } from '../node-stat.js';
import type { Share } from '../share.js';
import { invalidType } from './arguments.js';
import { FsError, syscallEach } from './errors.js';
import { inShare, type PathLike } from './paths.js';
import { Dirent } from './stats.js';

/** The options of Node's `glob`. */
export interface FsGlobOptions {
  readonly cwd?: PathLike | undefined;
  /** Patterns to exclude, or a predicate on names (on entries with `withFileTypes`). */
  readonly exclude?: readonly string[] | ((name: string) => boolean) | ((entry: Dirent) => boolean) | undefined;
  readonly withFileTypes?: boolean | undefined;
}

/** Yields what matches, as paths relative to `cwd` or as entries. */
export async function* search(
  share: Share,
  pattern: string | readonly string[],
  options: FsGlobOptions,
): AsyncGenerator<string | Dirent, void, undefined> {
  const patterns = [pattern].flat();
  if (patterns.some((one) => typeof one !== 'string')) throw invalidType('patterns', 'of type string', pattern);
  const { cwd = '/', withFileTypes = false } = options;
  const top = inShare(cwd);
  const start = top === '' ? 0 : top.length + 1;
  // In Node, `**` matches the directory itself, too.
  if (!withFileTypes && patterns.some((one) => /^(\*\*\/?)+$/.test(one))) yield '.';
  for await (const entry of found(share, patterns, { ...options, cwd })) {
    yield withFileTypes ? new Dirent(entry, entry.name, String(cwd)) : entry.path.slice(start);
  }
}

async function* found(
  share: Share,
  patterns: readonly string[],
  { cwd, exclude, withFileTypes = false }: FsGlobOptions & { readonly cwd: PathLike },
): AsyncGenerator<DirectoryEntry, void, undefined> {
  const top = inShare(cwd);
  const asked = typeof exclude === 'function';
  const isLeftOut = asked ? leftOut(exclude as never, top, withFileTypes) : () => false;
  const entries = share.glob(patterns, { cwd: top, exclude: asked ? undefined : exclude });
  try {
    for await (const entry of syscallEach({ syscall: 'scandir', path: String(cwd) }, entries)) {
      if (!isLeftOut(entry)) yield entry;
    }
  } catch (error) {
    // If the directory does not exist, nothing matches.
    if (!(error instanceof FsError) || (error.code !== 'ENOENT' && error.code !== 'ENOTDIR')) throw error;
  }
}

/** Excluding a directory excludes its contents, so all parents are checked, too. */
function leftOut(
  exclude: (what: string | Dirent) => boolean,
  top: string,
  withFileTypes: boolean,
): (entry: DirectoryEntry) => boolean {
  const start = top === '' ? 0 : top.length + 1;
  return (entry) => {
    if (withFileTypes) return exclude(new Dirent(entry, entry.name, `/${top}`));
    return entry.path.slice(start).split('/').some(exclude);
  };
}
