import { FileAccess } from '#wire/dtyp/access-mask.js';
import { AceType } from '#wire/dtyp/ace.js';
import { Acl } from '#wire/dtyp/acl.js';
import { SecurityControl, SecurityDescriptor, SecurityInformation } from '#wire/dtyp/security-descriptor.js';
import type { Sid } from '#wire/dtyp/sid.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { explicitAcl } from './inherit.js';
import { Privilege, type Token } from './token.js';

const { Owner, Group, Dacl, Sacl, Label, Attribute, Scope, Backup } = SecurityInformation;
/** The parts stored in the SACL. */
const IN_SACL = Sacl | Label | Attribute | Scope;
const EVERYTHING = Owner | Group | Dacl | IN_SACL;

/** The parts named by SECURITY_INFORMATION; BACKUP_SECURITY_INFORMATION means all of them ([MS-DTYP] 2.4.7). */
export function partsOf(information: number): number {
  return (information & Backup) !== 0 ? EVERYTHING : information & EVERYTHING;
}

/** Access rights required to query these parts ([MS-FSA] 2.1.5.14). */
export function rightsToQuery(parts: number): number {
  let rights = 0;
  if ((parts & ~Sacl) !== 0) rights |= FileAccess.ReadControl;
  if ((parts & Sacl) !== 0) rights |= FileAccess.AccessSystemSecurity;
  return rights;
}

/** Access rights required to set these parts ([MS-FSA] 2.1.5.17). */
export function rightsToSet(parts: number): number {
  let rights = 0;
  if ((parts & (Owner | Group | Label)) !== 0) rights |= FileAccess.WriteOwner;
  if ((parts & (Dacl | Attribute)) !== 0) rights |= FileAccess.WriteDac;
  if ((parts & (Sacl | Scope)) !== 0) rights |= FileAccess.AccessSystemSecurity;
  return rights;
}

/** The parts to set; an owner or group that is absent from the descriptor stays as it is. */
export function partsToSet(information: number, given: SecurityDescriptor): number {
  let parts = partsOf(information);
  if (given.ownerSid === null) parts &= ~Owner;
  if (given.groupSid === null) parts &= ~Group;
  return parts;
}

/**
 * Checks a new owner: the user or one of its groups; anybody with SeRestorePrivilege. Keeping the present owner is
 * always allowed.
 */
export function requireOwner(owner: Sid | null, before: Sid | null, token: Token): void {
  if (owner === null || token.has(owner) || token.holds(Privilege.Restore)) return;
  if (before?.equals(owner) !== true) throw new StatusError(NtStatus.InvalidOwner);
}

/** The requested parts. A requested ACL is flagged as present even if there is none ([MS-FSA] 2.1.5.14). */
export function selectParts(descriptor: SecurityDescriptor, parts: number): SecurityDescriptor {
  const selected = new SecurityDescriptor();
  if ((parts & Owner) !== 0) selected.ownerSid = descriptor.ownerSid;
  if ((parts & Group) !== 0) selected.groupSid = descriptor.groupSid;
  if ((parts & Dacl) !== 0) {
    selected.dacl = descriptor.dacl;
    selected.control |= (descriptor.control & DACL_CONTROL) | SecurityControl.DaclPresent;
  }
  selected.sacl = selectSacl(descriptor.sacl, parts);
  if ((parts & Sacl) !== 0 || selected.sacl !== null) {
    selected.control |= (descriptor.control & SACL_CONTROL) | SecurityControl.SaclPresent;
  }
  return selected;
}

const DACL_CONTROL =
  SecurityControl.DaclPresent |
  SecurityControl.DaclDefaulted |
  SecurityControl.DaclAutoInherited |
  SecurityControl.DaclProtected;
const SACL_CONTROL =
  SecurityControl.SaclPresent |
  SecurityControl.SaclDefaulted |
  SecurityControl.SaclAutoInherited |
  SecurityControl.SaclProtected;

/** The part of the SACL that an ACE type belongs to. */
function partOfAce(aceType: number): number {
  switch (aceType) {
    case AceType.SystemMandatoryLabel:
      return Label;
    case AceType.SystemResourceAttribute:
      return Attribute;
    case AceType.SystemScopedPolicyId:
      return Scope;
    default:
      return Sacl;
  }
}

function selectSacl(sacl: Acl | null, parts: number): Acl | null {
  if (sacl === null || (parts & IN_SACL) === 0) return null;
  const aces = sacl.aces.filter(({ aceType }) => (partOfAce(aceType) & parts) !== 0);
  return aces.length === 0 && (parts & Sacl) === 0 ? null : Object.assign(new Acl(), sacl, { aces });
}

/** Replaces some parts of a descriptor by those of another ([MS-FSA] 2.1.5.17). `canonical`: see `daclControl`. */
export function mergeParts(
  current: SecurityDescriptor,
  given: SecurityDescriptor,
  parts: number,
  canonical: boolean,
): SecurityDescriptor {
  const merged = Object.assign(new SecurityDescriptor(), current);
  if ((parts & Owner) !== 0) merged.ownerSid = given.ownerSid;
  if ((parts & Group) !== 0) merged.groupSid = given.groupSid;
  if ((parts & Dacl) !== 0) {
    merged.dacl = explicitAcl(given.dacl, false);
    merged.control = (current.control & ~DACL_CONTROL) | daclControl(given.control, canonical);
  }
  if ((parts & IN_SACL) !== 0) {
    merged.sacl = mergeSacl(current.sacl, explicitAcl(given.sacl, false), parts);
    if ((parts & Sacl) !== 0) {
      merged.control = (merged.control & ~SACL_CONTROL) | saclControl(given.control, canonical);
    } else if (merged.sacl !== null) {
      merged.control |= SecurityControl.SaclPresent;
    }
  }
  merged.control |= SecurityControl.SelfRelative;
  return merged;
}

function mergeSacl(current: Acl | null, given: Acl | null, parts: number): Acl | null {
  const kept = current?.aces.filter(({ aceType }) => (partOfAce(aceType) & parts) === 0) ?? [];
  const added = given?.aces.filter(({ aceType }) => (partOfAce(aceType) & parts) !== 0) ?? [];
  if (kept.length === 0 && given === null) return null;
  return Object.assign(new Acl(), given ?? current, { aces: [...added, ...kept] });
}

/**
 * The resulting control bits. As on Windows, AUTO_INHERITED is only kept together with AUTO_INHERIT_REQ; with
 * `canonical` false it is always kept.
 */
function daclControl(given: number, canonical: boolean): number {
  const { DaclPresent, DaclAutoInherited, DaclAutoInheritReq } = SecurityControl;
  const control = (given & DACL_CONTROL) | DaclPresent;
  return canonical && (given & DaclAutoInheritReq) === 0 ? control & ~DaclAutoInherited : control;
}

function saclControl(given: number, canonical: boolean): number {
  const { SaclPresent, SaclAutoInherited, SaclAutoInheritReq } = SecurityControl;
  const control = (given & SACL_CONTROL) | SaclPresent;
  return canonical && (given & SaclAutoInheritReq) === 0 ? control & ~SaclAutoInherited : control;
}
