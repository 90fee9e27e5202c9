import type { NodeStat, Share } from '#client/index.js';
import { type ShareEntry, shareTree, type WalkEntry, type WalkOptions, walk as walkTree } from '#transfer/index.js';
import { isNotFound } from './failure.js';

/** A file or directory in the output of `--json`. */
export function entryJson(path: string, stat: NodeStat): Record<string, unknown> {
  return {
    name: baseName(path),
    path,
    kind: stat.isDirectory() ? 'directory' : 'file',
    size: stat.size,
    allocationSize: stat.allocationSize,
    attributes: stat.attributes,
    mtime: stat.mtime,
    atime: stat.atime,
    ctime: stat.ctime,
    birthtime: stat.birthtime,
    id: stat.id,
    links: stat.links,
  };
}

/** The last name of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `directory/name`, or just the name at the root. */
export function below(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

/** The letters `R`, `H`, `S`, `A` and `d`, `l` in a column of fixed width. */
export function attributeText(stat: NodeStat): string {
  const kind = stat.isReparsePoint() ? 'l' : stat.isDirectory() ? 'd' : '-';
  const letters: readonly (readonly [number, string])[] = [
    [0x01, 'R'],
    [0x02, 'H'],
    [0x04, 'S'],
    [0x20, 'A'],
  ];
  return kind + letters.map(([bit, letter]) => (stat.attributes & bit ? letter : '-')).join('');
}

export interface WalkSettings {
  /** Called for directories that cannot be listed; without it, the first one ends the walk. */
  readonly onError?: (path: string, error: unknown) => void;
  /** How deep to look; 1 means only entries of the directory itself. */
  readonly depth?: number | undefined;
}

/** Everything below a directory, parents before their contents. Links are reported but not followed. */
export async function* walk(
  share: Share,
  directory: string,
  signal: AbortSignal,
  { onError, depth }: WalkSettings = {},
): AsyncGenerator<WalkEntry<ShareEntry>, void, undefined> {
  const options: WalkOptions<ShareEntry> = {
    signal,
    ...(onError && { onError }),
    ...(depth !== undefined && { enters: (_path, _entry, parent) => parent.depth + 1 < depth }),
  };
  for await (const step of walkTree(shareTree(share), directory, options)) {
    // After Ctrl-C, do not go through what has already arrived.
    signal.throwIfAborted();
    if (step.kind === 'entry') yield step;
  }
}

/** The status of a path, or undefined if nothing is there. */
export async function statIfThere(
  share: Share,
  path: string,
  signal: AbortSignal | undefined,
): Promise<NodeStat | undefined> {
  try {
    return await share.stat(path, signal ? { signal } : {});
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
