import type { Backend } from '#fs/backend.js';
import { FileGeneric } from '#wire/dtyp/access-mask.js';
import { SecurityControl, type SecurityDescriptor } from '#wire/dtyp/security-descriptor.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { ServerCore } from '../core.js';
import type { Tree } from '../state/tree.js';
import { type Access, checkAdding, settle, type Wish } from './decide.js';
import { decodeDescriptor, encodeDescriptor } from './descriptor-bytes.js';
import { createDescriptor } from './inherit.js';
import { lookAt, rightsBy, storedDescriptor } from './node-rights.js';
import { privilegedRights, rightsOf } from './rights.js';
import { requireOwner } from './set-descriptor.js';
import { Privilege, type Token } from './token.js';

/** A node to be created. */
export interface NewNode {
  readonly backend: Backend;
  /** Path of the directory that will hold it. */
  readonly parent: string;
  readonly directory: boolean;
  /** The security descriptor requested by the client, encoded. */
  readonly descriptor: Uint8Array | undefined;
}

export interface NewAccess extends Access {
  /** The descriptor to store; undefined if none was given or inherited. */
  readonly descriptor: Uint8Array | undefined;
}

/**
 * Whether a node may be created, and what its creator may do with it: anything he asks for, since there was no
 * descriptor at the time of the request ([MS-FSA] 2.1.5.1.1).
 */
export async function decideNewAccess(core: ServerCore, tree: Tree, node: NewNode, wish: Wish): Promise<NewAccess> {
  const { backend, parent, directory } = node;
  tree.require('write');
  const token = await core.tokens.of(tree.session.identity);
  const rights = (FileGeneric.All | privilegedRights(token, wish.forBackup === true)) >>> 0;
  const creator = given(core, node, token);
  const granted = settle(tree, wish.desired, rights);
  // Without descriptors, the medium itself decides.
  if (backend.descriptors === undefined) return { ...granted, descriptor: undefined };
  const stored = await lookAt(backend, parent, async (place) => {
    if (place.info.kind !== 'directory') throw new StatusError(NtStatus.ObjectPathNotFound);
    const found = await storedDescriptor(place);
    checkAdding(rightsBy(found, place.info, token, wish.forBackup === true), directory);
    return found;
  });
  if (stored === undefined && (creator === undefined || isEmpty(creator))) return { ...granted, descriptor: undefined };
  const descriptor = createDescriptor({ parent: stored, creator, token, directory });
  const { maximal } = granted;
  const kept = rightsOf(descriptor, token);
  return { ...granted, maximal: (maximal & kept) >>> 0, descriptor: encodeDescriptor(descriptor) };
}

/** The descriptor given by the client, if it may set one like that. */
function given(core: ServerCore, { descriptor }: NewNode, token: Token): SecurityDescriptor | undefined {
  if (descriptor === undefined) return undefined;
  if (descriptor.length > core.limits.securityDescriptor) throw new StatusError(NtStatus.InvalidSecurityDescr);
  const creator = decodeDescriptor(descriptor);
  requireOwner(creator.ownerSid, null, token);
  const audits = creator.sacl !== null && creator.sacl.aces.length > 0;
  if (audits && !token.holds(Privilege.Security)) throw new StatusError(NtStatus.PrivilegeNotHeld);
  return creator;
}

function isEmpty({ ownerSid, groupSid, control }: SecurityDescriptor): boolean {
  const { DaclPresent, SaclPresent } = SecurityControl;
  return ownerSid === null && groupSid === null && (control & (DaclPresent | SaclPresent)) === 0;
}
