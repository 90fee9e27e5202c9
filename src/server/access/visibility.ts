import type { Backend, DirectoryEntry } from '#fs/backend.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import type { ServerCore } from '../core.js';
import type { Tree } from '../state/tree.js';
import { maximalAccess } from './decide.js';
import { lookAt, rightsBy, rightsOn } from './node-rights.js';

/** Whether a directory entry is shown to the user. */
export type Shows = (path: string, entry: DirectoryEntry) => Promise<boolean>;

/** Rights needed to see a file on a share that hides unreadable ones. */
const READING = FileAccess.ReadData | FileAccess.ReadEa | FileAccess.ReadAttributes | FileAccess.ReadControl;

/**
 * The filter for directory listings (access-based enumeration), also for snapshots; undefined when nothing is hidden.
 */
export function visibilityOf(core: ServerCore, tree: Tree, backend: Backend): Shows | undefined {
  const { hideUnreadable, hideUnwritable } = tree.share.options;
  if (!hideUnreadable && !hideUnwritable) return undefined;
  return async (path, { info }) => {
    // Directories without write access are still shown: there may be something writable below.
    const writing = hideUnwritable && info.kind !== 'directory' ? FileAccess.WriteData : 0;
    const needed = (hideUnreadable ? READING : 0) | writing;
    if (needed === 0) return true;
    const token = await core.tokens.of(tree.session.identity);
    try {
      const rights =
        backend.descriptors === undefined
          ? rightsBy(undefined, info, token, false)
          : await lookAt(backend, path, (node) => rightsOn(node, token, false));
      return (needed & ~(rights & maximalAccess(tree.right))) === 0;
    } catch (error) {
      // The entry is gone, or the medium denies access to it.
      if (error instanceof StatusError) return false;
      throw error;
    }
  };
}
