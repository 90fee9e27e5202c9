import type { Backend, DirectoryEntry } from '#fs/backend.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import type { ServerCore } from '../core.js';
import type { Tree } from '../state/tree.js';
import { maximalAccess } from './decide.js';
import { lookAt, rightsBy, rightsOn } from './node-rights.js';

/** Whether an entry of a directory is shown to whoever lists it. */
export type Shows = (path: string, entry: DirectoryEntry) => Promise<boolean>;

/** What somebody must be given by a file itself to be shown it, where the share hides what cannot be read. */
const READING = FileAccess.ReadData | FileAccess.ReadEa | FileAccess.ReadAttributes | FileAccess.ReadControl;

/** What a share hides of its directories, or of those of a former state of it (access-based enumeration); undefined when it hides nothing. */
export function visibilityOf(core: ServerCore, tree: Tree, backend: Backend): Shows | undefined {
  const { hideUnreadable, hideUnwritable } = tree.share.options;
  if (!hideUnreadable && !hideUnwritable) return undefined;
  return async (path, { info }) => {
    // Directories are shown to those who cannot write them: there may be something to write below.
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
      // It has gone, or the medium does not let us look.
      if (error instanceof StatusError) return false;
      throw error;
    }
  };
}
