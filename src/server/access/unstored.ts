import type { NodeInfo } from '#fs/backend.js';
import type { PosixFacts } from '#fs/capabilities.js';
import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import { Ace, AceType } from '#wire/dtyp/ace.js';
import { Acl } from '#wire/dtyp/acl.js';
import { SecurityControl, SecurityDescriptor } from '#wire/dtyp/security-descriptor.js';
import type { Sid } from '#wire/dtyp/sid.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import { OWNER_RIGHTS } from './rights.js';
import type { Token } from './token.js';

/**
 * Access to nodes without a stored descriptor follows from the medium's permission bits, like Samba's default ACL. All
 * users act through the server's process, so they count as owner of whatever the process owns.
 */

const READ = FileGeneric.Read | FileAccess.Execute;
const STICKY = 0o1000;

/** The owner's rights according to the mode. */
function ownerMask(mode: number): number {
  const reads = (mode & 0o400) !== 0;
  const writes = (mode & 0o200) !== 0;
  if (reads && writes) return FileGeneric.All;
  return (reads ? READ : 0) | (writes ? FileGeneric.Write | FileAccess.Delete : 0);
}

/** Rights of the group or of others, from the lowest three bits. */
function otherMask(bits: number): number {
  return ((bits & 4) !== 0 ? READ : 0) | ((bits & 2) !== 0 ? FileGeneric.Write : 0);
}

/** Rights of any user on a node without a descriptor. */
export function rightsByMode({ kind, posix }: NodeInfo): number {
  if (posix === undefined) return FileGeneric.All;
  const { mode } = posix;
  // An owner can always change times, attributes and the permission bits themselves.
  if (posix.owned) return ownerMask(mode) | OWNER_RIGHTS | FileAccess.ReadAttributes | FileAccess.WriteAttributes;
  // Only the medium knows whether the process is in the group; it has the last word anyway.
  const bits = (mode >> 3) | mode;
  const removes = kind === 'directory' && (bits & 2) !== 0 && (mode & STICKY) === 0 ? FileAccess.DeleteChild : 0;
  return otherMask(bits) | removes | FileAccess.ReadAttributes | FileAccess.ReadControl | FileAccess.Synchronize;
}

/** A descriptor that expresses these rights, for queries. */
export function describeByMode({ posix }: NodeInfo, token: Token): SecurityDescriptor {
  const descriptor = new SecurityDescriptor();
  descriptor.control |= SecurityControl.DaclPresent;
  if (posix === undefined) {
    descriptor.ownerSid = token.user;
    descriptor.groupSid = token.primaryGroup;
    descriptor.dacl = Acl.of(Ace.of(AceType.AccessAllowed, WellKnownSid.everyone, FileGeneric.All));
    return descriptor;
  }
  const owner = posix.owned ? token.user : WellKnownSid.unixUser.child(posix.uid);
  const group = WellKnownSid.unixGroup.child(posix.gid);
  descriptor.ownerSid = owner;
  descriptor.groupSid = group;
  descriptor.dacl = Acl.of(...acesOf(posix, owner, group));
  return descriptor;
}

function acesOf({ mode }: PosixFacts, owner: Sid, group: Sid): Ace[] {
  const rows: [Sid, number][] = [
    [owner, ownerMask(mode)],
    [group, otherMask(mode >> 3)],
    [WellKnownSid.everyone, otherMask(mode)],
    [WellKnownSid.localSystem, FileGeneric.All],
  ];
  const says = rows.filter(([sid, mask]) => mask !== 0 || sid === owner);
  return says.map(([sid, mask]) => Ace.of(AceType.AccessAllowed, sid, mask));
}
