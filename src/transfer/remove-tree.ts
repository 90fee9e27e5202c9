import { errnoCode } from '#client/index.js';
import * as trees from '#trees/remove.js';
import { isFatal, linkedDirectory } from './errors.js';
import type { FileTree, TreeControl } from './tree.js';
import { walkFault } from './walk.js';

/** What is told while a tree is removed. */
export type RemoveEvent = trees.RemoveEvent;
/** What came of a removal. */
export type RemoveResult = trees.RemoveResult;

export interface RemoveOptions {
  readonly signal?: AbortSignal;
  /** Files under way at a time; 16 when absent. */
  readonly parallel?: number;
  /** What is read-only goes, too. */
  readonly readOnly?: boolean;
  readonly onEvent?: (event: RemoveEvent) => void;
}

function codeOf(error: unknown): string | undefined {
  return errnoCode(error) ?? (error as NodeJS.ErrnoException | undefined)?.code;
}

interface Removable {
  remove(path: string, directory: boolean, control: TreeControl): Promise<void>;
}

/** A directory that goes at once is empty, or a link that the other side leaves to us to follow. */
async function goesAtOnce({ remove }: Removable, control: TreeControl, directory = true): Promise<boolean> {
  try {
    await remove('', directory, control);
    return true;
  } catch (error) {
    if (control.signal?.aborted || isFatal(error)) throw error;
    // There are links to directories that are none themselves.
    return directory && codeOf(error) === 'ENOTDIR' && goesAtOnce({ remove }, control, false);
  }
}

/**
 * Removes a directory with all that is in it, links themselves and not what they lead to. What cannot be removed is told
 * to `onEvent` and counted; the rest goes.
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
