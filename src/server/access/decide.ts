import { andThen } from '#auth/mechanism.js';
import type { Backend, Eventually } from '#fs/backend.js';
import { DirectoryAccess, FileAccess, FileGeneric, mapGenericAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { ServerCore } from '../core.js';
import type { Right } from '../state/share.js';
import type { Tree } from '../state/tree.js';
import { parentPath } from '../volume.js';
import { lookAt, type RatedNode, rightsBy, rightsOn, storedDescriptor } from './node-rights.js';
import type { Token } from './token.js';

/** Access rights of an open. */
export interface Access {
  /** The requested rights, with generic bits and MAXIMUM_ALLOWED resolved. */
  readonly granted: number;
  /** The rights that MAXIMUM_ALLOWED would have granted. */
  readonly maximal: number;
}

/** A node to be opened. */
export interface AccessNode extends RatedNode {
  readonly path: string;
}

/** The requested access. */
export interface Wish {
  readonly desired: number;
  /** Use backup and restore privileges (FILE_OPEN_FOR_BACKUP_INTENT). */
  readonly forBackup?: boolean;
  /** Compute `maximal` in full, whatever access is desired. */
  readonly maximal?: boolean;
}

const READ_ONLY_ACCESS = (FileGeneric.Read | FileGeneric.Execute) >>> 0;
/** Rights on a child that the directory's LIST_DIRECTORY and DELETE_CHILD rights give ([MS-FSA] 2.1.5.1.2.1). */
const PARENT_GIVES = FileAccess.Delete | FileAccess.ReadAttributes;

/** The most that a share-level right allows on a file of the share. */
export function maximalAccess(right: Right): number {
  if (right === 'none') return 0;
  return right === 'write' ? FileGeneric.All : READ_ONLY_ACCESS;
}

/** Resolves a desired access mask; AccessDenied if any of its bits cannot be granted. */
export function grantAccess(desired: number, maximal: number): number {
  const wanted = mapGenericAccess(desired);
  const explicit = wanted & ~FileAccess.MaximumAllowed;
  const refused = explicit & ~maximal;
  if ((refused & FileAccess.AccessSystemSecurity) !== 0) throw new StatusError(NtStatus.PrivilegeNotHeld);
  if (wanted === 0 || refused !== 0) throw new StatusError(NtStatus.AccessDenied);
  if ((wanted & FileAccess.MaximumAllowed) === 0) return explicit >>> 0;
  return ((maximal & FileGeneric.All) | explicit) >>> 0;
}

/** Access to an existing node ([MS-FSA] 2.1.5.1.2.1); AccessDenied if the desired access exceeds it. */
export function decideAccess(core: ServerCore, tree: Tree, node: AccessNode, wish: Wish): Eventually<Access> {
  return andThen(core.tokens.of(tree.session.identity), (token) =>
    andThen(ownRights(node, token, wish.forBackup === true), (own) => {
      if (!needsParent(node, wish, own)) return settle(tree, wish.desired, own);
      return rightsGivenByParent(node, token).then((given) => settle(tree, wish.desired, own | given));
    }),
  );
}

// A symlink has no descriptor of its own: whoever may change its directory may change its target.
function ownRights(node: AccessNode, token: Token, forBackup: boolean): Eventually<number> {
  if (node.info.kind !== 'symlink') return rightsOn(node, token, forBackup);
  return lookAt(node.backend, parentPath(node.path), (directory) => rightsOn(directory, token, forBackup));
}

// Looks at the parent directory only where it can make a difference.
function needsParent({ path }: AccessNode, { desired, maximal }: Wish, own: number): boolean {
  const lacking = PARENT_GIVES & ~own;
  if (lacking === 0 || path === '') return false;
  return maximal === true || (mapGenericAccess(desired) & (lacking | FileAccess.MaximumAllowed)) !== 0;
}

async function rightsGivenByParent({ backend, path }: AccessNode, token: Token): Promise<number> {
  const rights = await lookAt(backend, parentPath(path), (parent) => rightsOn(parent, token, false));
  return (
    ((rights & DirectoryAccess.DeleteChild) !== 0 ? FileAccess.Delete : 0) |
    ((rights & DirectoryAccess.ListDirectory) !== 0 ? FileAccess.ReadAttributes : 0)
  );
}

/** The share-level right is the upper bound. A snapshot refuses writes later, when they are attempted. */
export function settle(tree: Tree, desired: number, rights: number): Access {
  const byShare = maximalAccess(tree.right) | FileAccess.AccessSystemSecurity;
  const maximal = (rights & byShare) >>> 0;
  return { granted: grantAccess(desired, maximal), maximal: (maximal & FileGeneric.All) >>> 0 };
}

/** AccessDenied unless a file or directory may be added to this directory. */
export async function requireAdding(
  core: ServerCore,
  tree: Tree,
  backend: Backend,
  parent: string,
  directory: boolean,
): Promise<void> {
  const token = await core.tokens.of(tree.session.identity);
  // Without descriptors, the medium itself decides.
  if (backend.descriptors === undefined) return;
  await lookAt(backend, parent, async (node) => {
    checkAdding(rightsBy(await storedDescriptor(node), node.info, token, false), directory);
  });
}

export function checkAdding(rightsOnParent: number, directory: boolean): void {
  const needed = directory ? DirectoryAccess.AddSubdirectory : DirectoryAccess.AddFile;
  if ((rightsOnParent & needed) === 0) throw new StatusError(NtStatus.AccessDenied);
}
