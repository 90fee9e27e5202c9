import type { NodeStat, Share } from '#client/index.js';
import { type ShareEntry, shareTree, type WalkEntry, type WalkOptions, walk as walkTree } from '#transfer/index.js';
import { isNotFound } from './failure.js';

/** A file or directory as `--json` tells it. */
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

/** `directory/name`, or the name alone below the root. */
export function below(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

/** `R`, `H`, `S`, `A` and `d`, `l` as a column of fixed width. */
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
  /** Told of what cannot be listed; without it, that ends the walk. */
  readonly onError?: (path: string, error: unknown) => void;
  /** How deep to look; 1 is what is in the directory itself. */
  readonly depth?: number | undefined;
}

/** Everything below a directory, parents before what is in them. Links are told but not followed. */
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
    // What has come already is not gone through after Ctrl-C.
    signal.throwIfAborted();
    if (step.kind === 'entry') yield step;
  }
}

/** What is at a path, or undefined. */
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
