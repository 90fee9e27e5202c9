import { FileAccess, FileGeneric, mapGenericAccess } from '#wire/dtyp/access-mask.js';
import { type Ace, AceFlags, AceType } from '#wire/dtyp/ace.js';
import type { Acl } from '#wire/dtyp/acl.js';
import type { SecurityDescriptor } from '#wire/dtyp/security-descriptor.js';
import type { Sid } from '#wire/dtyp/sid.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import { Privilege, type Token } from './token.js';

/** Rights of an owner regardless of the DACL, unless it has an OWNER RIGHTS ACE. */
export const OWNER_RIGHTS: number = FileAccess.ReadControl | FileAccess.WriteDac;

const BACKUP_RIGHTS = FileGeneric.Read | FileAccess.Execute;
const RESTORE_RIGHTS = FileGeneric.Write | FileAccess.Delete | FileAccess.WriteDac | FileAccess.WriteOwner;

/**
 * All rights that a descriptor grants ([MS-DTYP] 2.5.3.2 with MAXIMUM_ALLOWED); a desired mask is then checked against
 * these bits. For each right, the first ACE that mentions it decides. `forBackup`: the file is opened with backup
 * intent, so backup and restore privileges apply.
 */
export function rightsOf({ ownerSid, dacl }: SecurityDescriptor, token: Token, forBackup = false): number {
  const byPrivilege = privilegedRights(token, forBackup);
  // Without a DACL, everybody has full access.
  if (dacl === null) return (FileGeneric.All | byPrivilege) >>> 0;
  const isOwner = ownerSid !== null && token.has(ownerSid);
  const implied = isOwner && !speaksOfOwner(dacl) ? OWNER_RIGHTS : 0;
  return (walk(dacl, token, isOwner, implied) | byPrivilege) >>> 0;
}

function walk(dacl: Acl, token: Token, isOwner: boolean, implied: number): number {
  let granted = implied;
  let denied = 0;
  for (const ace of dacl.aces) {
    if ((ace.aceFlags & AceFlags.InheritOnly) !== 0 || !concerns(ace.sid, token, isOwner)) continue;
    if (allows(ace)) granted |= mapGenericAccess(ace.mask) & ~denied;
    else if (denies(ace)) denied |= mapGenericAccess(ace.mask) & ~granted;
  }
  // ACEs cannot grant ACCESS_SYSTEM_SECURITY or undefined bits.
  return granted & FileGeneric.All;
}

function concerns(sid: Sid, token: Token, isOwner: boolean): boolean {
  return token.has(sid) || (isOwner && sid.equals(WellKnownSid.ownerRights));
}

function speaksOfOwner(dacl: Acl): boolean {
  return dacl.aces.some(
    ({ aceFlags, sid }) => (aceFlags & AceFlags.InheritOnly) === 0 && sid.equals(WellKnownSid.ownerRights),
  );
}

// Conditional and object ACEs are not evaluated: they never allow, but always deny.
function allows({ aceType }: Ace): boolean {
  return aceType === AceType.AccessAllowed;
}

function denies({ aceType }: Ace): boolean {
  return (
    aceType === AceType.AccessDenied ||
    aceType === AceType.AccessDeniedObject ||
    aceType === AceType.AccessDeniedCallback ||
    aceType === AceType.AccessDeniedCallbackObject
  );
}

/** Rights that privileges give on any file ([MS-DTYP] 2.5.3.2, [MS-FSA] 2.1.5.1). */
export function privilegedRights(token: Token, forBackup: boolean): number {
  if (token.privileges === 0) return 0;
  let rights = 0;
  if (token.holds(Privilege.Security)) rights |= FileAccess.AccessSystemSecurity;
  if (token.holds(Privilege.TakeOwnership)) rights |= FileAccess.WriteOwner;
  if (forBackup && token.holds(Privilege.Backup)) rights |= BACKUP_RIGHTS;
  if (forBackup && token.holds(Privilege.Restore)) rights |= RESTORE_RIGHTS;
  return rights;
}
