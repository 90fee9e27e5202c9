import type { Backend, Eventually, NodeInfo } from '#fs/backend.js';
import { FileAccess, FileGeneric, mapGenericAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Right } from '../state/share.js';
import type { Tree } from '../state/tree.js';

/** What an open may do with a file. */
export interface Access {
  /** What was asked for, with generic bits and MAXIMUM_ALLOWED replaced by what they come to. */
  readonly granted: number;
  /** What MAXIMUM_ALLOWED would have granted. */
  readonly maximal: number;
}

/** A node that somebody wants to open. */
export interface AccessNode {
  readonly backend: Backend;
  /** Of the node itself, never of a stream. */
  readonly handle: unknown;
  readonly info: NodeInfo;
  readonly path: string;
}

/** A node that somebody wants to make. */
export interface NewNode {
  readonly backend: Backend;
  /** The directory it will be in, and its path. */
  readonly path: string;
  readonly parent: string;
  readonly directory: boolean;
}

const READ_ONLY_ACCESS = (FileGeneric.Read | FileGeneric.Execute) >>> 0;

/** Everything that a right on the share allows on a file of it. */
export function maximalAccess(right: Right): number {
  if (right === 'none') return 0;
  return right === 'write' ? FileGeneric.All : READ_ONLY_ACCESS;
}

/** The access mask that is granted for a desired one; AccessDenied if a bit of it is not to be had. */
export function grantAccess(desired: number, maximal: number): number {
  const wanted = mapGenericAccess(desired);
  const explicit = wanted & ~FileAccess.MaximumAllowed;
  if (wanted === 0 || (explicit & ~maximal) !== 0) throw new StatusError(NtStatus.AccessDenied);
  return ((wanted & FileAccess.MaximumAllowed) !== 0 ? maximal | explicit : explicit) >>> 0;
}

/** What somebody may do with a node that is there ([MS-FSA] 2.1.5.1.2.1); AccessDenied if not what he desires. */
export function decideAccess(tree: Tree, _node: AccessNode, desired: number): Eventually<Access> {
  return byShare(tree, desired);
}

/** The same for a node that is to be made ([MS-FSA] 2.1.5.1.1); AccessDenied, too, if it may not be made there. */
export function decideNewAccess(tree: Tree, _node: NewNode, desired: number): Eventually<Access> {
  tree.require('write');
  return byShare(tree, desired);
}

function byShare(tree: Tree, desired: number): Access {
  const maximal = maximalAccess(tree.right);
  return { granted: grantAccess(desired, maximal), maximal };
}
