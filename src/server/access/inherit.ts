import { FileGeneric, mapGenericAccess } from '#wire/dtyp/access-mask.js';
import { Ace, AceFlags, AceType, isObjectAce } from '#wire/dtyp/ace.js';
import { Acl } from '#wire/dtyp/acl.js';
import { SecurityControl, SecurityDescriptor } from '#wire/dtyp/security-descriptor.js';
import type { Sid } from '#wire/dtyp/sid.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import type { Token } from './token.js';

const { ObjectInherit, ContainerInherit, NoPropagateInherit, InheritOnly, Inherited } = AceFlags;
const AUDIT_FLAGS = AceFlags.SuccessfulAccess | AceFlags.FailedAccess;

export interface NewDescriptor {
  /** Descriptor of the parent directory. */
  readonly parent: SecurityDescriptor | undefined;
  /** Descriptor supplied by the client in its CREATE. */
  readonly creator: SecurityDescriptor | undefined;
  readonly token: Token;
  readonly directory: boolean;
}

/** The descriptor of a new file or directory ([MS-DTYP] 2.5.3.4.1 CreateSecurityDescriptor). */
export function createDescriptor({ parent, creator, token, directory }: NewDescriptor): SecurityDescriptor {
  const made = new SecurityDescriptor();
  const owner = creator?.ownerSid ?? token.user;
  const group = creator?.groupSid ?? token.primaryGroup;
  made.ownerSid = owner;
  made.groupSid = group;
  const heirs = { owner, group, directory };
  const dacl = computeDacl(parent, creator, heirs);
  made.dacl = dacl.acl;
  const sacl = computeSacl(parent, creator, heirs);
  made.sacl = sacl.acl;
  made.control |= SecurityControl.DaclPresent | dacl.control | sacl.control;
  return made;
}

interface Heirs {
  readonly owner: Sid;
  readonly group: Sid;
  readonly directory: boolean;
}

interface Computed {
  readonly acl: Acl | null;
  /** Control bits that belong to the ACL. */
  readonly control: number;
}

function computeDacl(
  parent: SecurityDescriptor | undefined,
  creator: SecurityDescriptor | undefined,
  heirs: Heirs,
): Computed {
  const { DaclPresent, DaclProtected, DaclAutoInherited, DaclAutoInheritReq } = SecurityControl;
  const automatic = ((parent?.control ?? 0) & DaclAutoInherited) !== 0;
  const given = creator !== undefined && (creator.control & DaclPresent) !== 0 ? creator : undefined;
  if (given) {
    const wantsMore = (given.control & DaclAutoInheritReq) !== 0 && (given.control & DaclProtected) === 0;
    const own = explicitAcl(given.dacl, wantsMore);
    if (!wantsMore || own === null) return { acl: own, control: given.control & DaclProtected };
    const more = inheritAces(parent?.dacl ?? null, heirs, true);
    return { acl: aclOf([...own.aces, ...more]), control: DaclAutoInherited };
  }
  const inherited = inheritAces(parent?.dacl ?? null, heirs, automatic);
  if (inherited.length === 0) return { acl: defaultDacl(heirs.owner), control: 0 };
  return { acl: aclOf(inherited), control: automatic ? DaclAutoInherited : 0 };
}

function computeSacl(
  parent: SecurityDescriptor | undefined,
  creator: SecurityDescriptor | undefined,
  heirs: Heirs,
): Computed {
  const { SaclPresent, SaclProtected, SaclAutoInherited } = SecurityControl;
  if (creator !== undefined && (creator.control & SaclPresent) !== 0) {
    return { acl: explicitAcl(creator.sacl, false), control: SaclPresent | (creator.control & SaclProtected) };
  }
  const automatic = ((parent?.control ?? 0) & SaclAutoInherited) !== 0;
  const inherited = inheritAces(parent?.sacl ?? null, heirs, automatic);
  if (inherited.length === 0) return { acl: null, control: 0 };
  return { acl: aclOf(inherited), control: SaclPresent | (automatic ? SaclAutoInherited : 0) };
}

/** Default DACL when neither parent nor creator supplies one: full access for the owner and the system. */
function defaultDacl(owner: Sid): Acl {
  return Acl.of(
    Ace.of(AceType.AccessAllowed, owner, FileGeneric.All),
    Ace.of(AceType.AccessAllowed, WellKnownSid.localSystem, FileGeneric.All),
  );
}

/** A supplied ACL with generic rights mapped to file rights; `without`: inherited ACEs are left out. */
export function explicitAcl(acl: Acl | null, without: boolean): Acl | null {
  if (acl === null) return null;
  const kept = without ? acl.aces.filter(({ aceFlags }) => (aceFlags & Inherited) === 0) : acl.aces;
  const aces = kept.map((ace) => changed(ace, { mask: mapGenericAccess(ace.mask) }));
  return Object.assign(new Acl(), { aclRevision: acl.aclRevision, aces });
}

// Object ACEs need revision 4 ([MS-DTYP] 2.4.5).
function aclOf(aces: Ace[]): Acl {
  const aclRevision = aces.some(({ aceType }) => isObjectAce(aceType)) ? 4 : 2;
  return Object.assign(new Acl(), { aclRevision, aces });
}

/**
 * The ACEs that a child inherits from its parent's ACL ([MS-DTYP] 2.5.3.4.6 ComputeInheritedACLfromParent). For a
 * directory, an inheritable CREATOR OWNER or CREATOR GROUP ACE is split in two: one for the actual owner or group, one
 * kept for further inheritance. `automatic`: the parent uses automatic inheritance, so the ACEs are marked as
 * inherited.
 */
function inheritAces(acl: Acl | null, heirs: Heirs, automatic: boolean): Ace[] {
  const inherited = new Map<string, Ace>();
  for (const parents of acl?.aces ?? []) {
    for (const ace of inheritAce(parents, heirs, automatic ? Inherited : 0)) {
      const key = keyOf(ace);
      if (!inherited.has(key)) inherited.set(key, ace);
    }
  }
  return [...inherited.values()];
}

function inheritAce(ace: Ace, heirs: Heirs, mark: number): Ace[] {
  const { aceFlags } = ace;
  const mask = mapGenericAccess(ace.mask);
  const heir = heirOf(ace.sid, heirs);
  const kept = (aceFlags & AUDIT_FLAGS) | mark;
  const passesOn = aceFlags & (ObjectInherit | ContainerInherit);
  const applies = (aceFlags & (heirs.directory ? ContainerInherit : ObjectInherit)) !== 0;
  const own = changed(ace, { sid: heir, mask, aceFlags: kept });
  const ends = !heirs.directory || (aceFlags & NoPropagateInherit) !== 0;
  if (ends) return applies ? [own] : [];
  if (!applies) return passesOn === 0 ? [] : [changed(ace, { mask, aceFlags: kept | passesOn | InheritOnly })];
  if (heir === ace.sid) return [changed(ace, { mask, aceFlags: kept | passesOn })];
  return [own, changed(ace, { mask, aceFlags: kept | passesOn | InheritOnly })];
}

function heirOf(sid: Sid, { owner, group }: Heirs): Sid {
  if (sid.equals(WellKnownSid.creatorOwner)) return owner;
  return sid.equals(WellKnownSid.creatorGroup) ? group : sid;
}

function changed(ace: Ace, change: Partial<Ace>): Ace {
  return Object.assign(new Ace(), ace, change);
}

/** Equal keys mean equivalent ACEs. */
function keyOf(ace: Ace): string {
  const { aceType, aceFlags, mask, sid, flags, objectType, inheritedObjectType, applicationData } = ace;
  return [aceType, aceFlags, mask, sid, flags, objectType, inheritedObjectType, applicationData].join();
}
