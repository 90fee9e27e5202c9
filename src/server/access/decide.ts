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

/** What an open may do with a file. */
export interface Access {
  /** What was asked for, with generic bits and MAXIMUM_ALLOWED replaced by what they come to. */
  readonly granted: number;
  /** What MAXIMUM_ALLOWED would have granted. */
  readonly maximal: number;
}

/** A node that somebody wants to open. */
export interface AccessNode extends RatedNode {
  readonly path: string;
}

/** What somebody wants of a node. */
export interface Wish {
  readonly desired: number;
  /** Backup and restore privileges count (FILE_OPEN_FOR_BACKUP_INTENT). */
  readonly forBackup?: boolean;
  /** `maximal` is wanted in full, whatever is desired. */
  readonly maximal?: boolean;
}

const READ_ONLY_ACCESS = (FileGeneric.Read | FileGeneric.Execute) >>> 0;
/** What a directory that may be listed and have children deleted gives on each of them ([MS-FSA] 2.1.5.1.2.1). */
const PARENT_GIVES = FileAccess.Delete | FileAccess.ReadAttributes;

/** Everything that a right on the share allows on a file of it. */
export function maximalAccess(right: Right): number {
  if (right === 'none') return 0;
  return right === 'write' ? FileGeneric.All : READ_ONLY_ACCESS;
}

/** The access mask that is granted for a desired one; AccessDenied if a bit of it is not to be had. */
export function grantAccess(desired: number, maximal: number): number {
  const wanted = mapGenericAccess(desired);
  const explicit = wanted & ~FileAccess.MaximumAllowed;
  const refused = explicit & ~maximal;
  if ((refused & FileAccess.AccessSystemSecurity) !== 0) throw new StatusError(NtStatus.PrivilegeNotHeld);
  if (wanted === 0 || refused !== 0) throw new StatusError(NtStatus.AccessDenied);
  if ((wanted & FileAccess.MaximumAllowed) === 0) return explicit >>> 0;
  return ((maximal & FileGeneric.All) | explicit) >>> 0;
}

/** What somebody may do with a node that is there ([MS-FSA] 2.1.5.1.2.1); AccessDenied if not what he desires. */
export function decideAccess(core: ServerCore, tree: Tree, node: AccessNode, wish: Wish): Eventually<Access> {
  return andThen(core.tokens.of(tree.session.identity), (token) =>
    andThen(ownRights(node, token, wish.forBackup === true), (own) => {
      if (!needsParent(node, wish, own)) return settle(tree, wish.desired, own);
      return rightsGivenByParent(node, token).then((given) => settle(tree, wish.desired, own | given));
    }),
  );
}

// A symlink keeps no descriptor: whoever may change its directory may change where it leads.
function ownRights(node: AccessNode, token: Token, forBackup: boolean): Eventually<number> {
  if (node.info.kind !== 'symlink') return rightsOn(node, token, forBackup);
  return lookAt(node.backend, parentPath(node.path), (directory) => rightsOn(directory, token, forBackup));
}

// The directory is looked at only where it can make a difference.
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

/** The right on the share is the upper bound of what the file gives. A former state of it says no when it is written. */
export function settle(tree: Tree, desired: number, rights: number): Access {
  const byShare = maximalAccess(tree.right) | FileAccess.AccessSystemSecurity;
  const maximal = (rights & byShare) >>> 0;
  return { granted: grantAccess(desired, maximal), maximal: (maximal & FileGeneric.All) >>> 0 };
}

/** AccessDenied unless a file or directory may be added to a directory, which then has a new name in it. */
export async function requireAdding(
  core: ServerCore,
  tree: Tree,
  backend: Backend,
  parent: string,
  directory: boolean,
): Promise<void> {
  const token = await core.tokens.of(tree.session.identity);
  // Without descriptors the medium itself decides.
  if (backend.descriptors === undefined) return;
  await lookAt(backend, parent, async (node) => {
    checkAdding(rightsBy(await storedDescriptor(node), node.info, token, false), directory);
  });
}

export function checkAdding(rightsOnParent: number, directory: boolean): void {
  const needed = directory ? DirectoryAccess.AddSubdirectory : DirectoryAccess.AddFile;
  if ((rightsOnParent & needed) === 0) throw new StatusError(NtStatus.AccessDenied);
}
