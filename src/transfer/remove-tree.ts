import { errnoCode } from '#client/index.js';
import * as trees from '#trees/remove.js';
import { isFatal, linkedDirectory } from './errors.js';
import type { FileTree, TreeControl } from './tree.js';
import { walkFault } from './walk.js';

/** Reported while a tree is removed. */
export type RemoveEvent = trees.RemoveEvent;
/** The result of a removal. */
export type RemoveResult = trees.RemoveResult;

export interface RemoveOptions {
  readonly signal?: AbortSignal;
  /** Files in flight at a time; 16 by default. */
  readonly parallel?: number;
  /** Removes read-only files as well. */
  readonly readOnly?: boolean;
  readonly onEvent?: (event: RemoveEvent) => void;
}

function codeOf(error: unknown): string | undefined {
  return errnoCode(error) ?? (error as NodeJS.ErrnoException | undefined)?.code;
}

interface Removable {
  remove(path: string, directory: boolean, control: TreeControl): Promise<void>;
}

/** A directory that can be removed at once is empty, or is a link that the server leaves to the client to follow. */
async function goesAtOnce({ remove }: Removable, control: TreeControl, directory = true): Promise<boolean> {
  try {
    await remove('', directory, control);
    return true;
  } catch (error) {
    if (control.signal?.aborted || isFatal(error)) throw error;
    // On some systems, a link to a directory is not itself a directory.
    return directory && codeOf(error) === 'ENOTDIR' && goesAtOnce({ remove }, control, false);
  }
}

/**
 * Removes a directory with everything in it; links are removed, not followed. What cannot be removed is reported to
 * `onEvent` and counted, and the rest is removed.
 */
export async function removeTree(tree: FileTree, options: RemoveOptions = {}): Promise<RemoveResult> {
  const { signal, parallel, readOnly = false } = options;
  const onEvent = (event: RemoveEvent): void => options.onEvent?.({ ...event, path: tree.show(event.path) });
  const walked = walkFault(tree);
  const remove = (path: string, directory: boolean, control: TreeControl): Promise<void> =>
    tree.remove(path, directory, { ...control, readOnly });
  if (await goesAtOnce({ remove }, { signal })) {
    onEvent({ kind: 'removed', path: '', directory: true });
    return { files: 0, directories: 1, failed: 0 };
  }
  const isFollowedLink = tree.isFollowedLink?.bind(tree);
  const removable = {
    list: tree.list.bind(tree),
    stat: tree.stat.bind(tree),
    remove,
    ...(isFollowedLink && { isFollowedLink }),
  };
  return trees.removeTree(removable, '', {
    signal,
    parallel,
    onEvent,
    codeOf,
    isFatal,
    fault: (fault, path, why) => (fault === 'linked' ? linkedDirectory() : walked(fault, path, why)),
  });
}
