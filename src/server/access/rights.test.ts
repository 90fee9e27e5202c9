import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FileAccess, FileGeneric, mapGenericAccess } from '#wire/dtyp/access-mask.js';
import { Ace, AceFlags, AceType } from '#wire/dtyp/ace.js';
import { Acl } from '#wire/dtyp/acl.js';
import { SecurityDescriptor } from '#wire/dtyp/security-descriptor.js';
import { Sid } from '#wire/dtyp/sid.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import { rightsOf } from './rights.js';
import { Privilege, Token } from './token.js';

const ann = Sid.parse('S-1-5-21-1-2-3-1001');
const bob = Sid.parse('S-1-5-21-1-2-3-1002');
const staff = Sid.parse('S-1-5-21-1-2-3-2001');
const { everyone, ownerRights } = WellKnownSid;
const { ReadData, WriteData, ReadControl, WriteDac, WriteOwner, Delete, Execute } = FileAccess;
const { AccessAllowed, AccessDenied } = AceType;
const token = new Token(ann, [staff, everyone]);

const allow = (sid: Sid, mask: number, flags = 0) => Ace.of(AccessAllowed, sid, mask, flags);
const deny = (sid: Sid, mask: number, flags = 0) => Ace.of(AccessDenied, sid, mask, flags);

function descriptor(owner: Sid | null, ...aces: Ace[]): SecurityDescriptor {
  return Object.assign(new SecurityDescriptor(), { ownerSid: owner, dacl: Acl.of(...aces) });
}

const rows: [string, SecurityDescriptor, number][] = [
  ['an empty DACL gives nothing', descriptor(bob), 0],
  ['an owner reads and changes it all the same', descriptor(ann), ReadControl | WriteDac],
  ['so does a member of an owning group', descriptor(staff), ReadControl | WriteDac],
  ['user, group and everyone add up', descriptor(bob, allow(ann, 1), allow(staff, 2), allow(everyone, 4)), 7],
  ['others get nothing of it', descriptor(bob, allow(bob, FileGeneric.All)), 0],
  ['what was denied before is not allowed after', descriptor(bob, deny(staff, 2), allow(ann, 3)), 1],
  ['what was allowed before is not denied after', descriptor(bob, allow(ann, 3), deny(ann, 2)), 3],
  [
    'a denial takes nothing that an owner has',
    descriptor(ann, deny(everyone, FileGeneric.All)),
    ReadControl | WriteDac,
  ],
  ['inherit-only is for others', descriptor(bob, allow(ann, 3, AceFlags.InheritOnly | AceFlags.ObjectInherit)), 0],
  ['generic rights are those of files', descriptor(bob, allow(ann, FileAccess.GenericRead)), FileGeneric.Read],
  ['OWNER RIGHTS takes the place of the owner’s own', descriptor(ann, allow(ownerRights, ReadData)), ReadData],
  ['and adds to what the owner has by name', descriptor(ann, allow(ann, 2), allow(ownerRights, 1)), 3],
  ['OWNER RIGHTS may deny', descriptor(ann, deny(ownerRights, 1), allow(ann, 3)), 2],
  ['OWNER RIGHTS is nothing to those who do not own', descriptor(bob, allow(ownerRights, 3)), 0],
  [
    'OWNER RIGHTS for children says nothing here',
    descriptor(ann, allow(ownerRights, 1, AceFlags.InheritOnly)),
    ReadControl | WriteDac,
  ],
  ['a SACL’s right is not to be had from a DACL', descriptor(bob, allow(ann, 0x01000001)), 1],
  ['a condition is not judged: it allows nothing', descriptor(bob, Ace.of(AceType.AccessAllowedCallback, ann, 3)), 0],
  ['and denies', descriptor(bob, Ace.of(AceType.AccessDeniedCallback, ann, 2), allow(ann, 3)), 1],
  ['audit ACEs in the wrong place do nothing', descriptor(bob, Ace.of(AceType.SystemAudit, ann, 3)), 0],
  ['nothing protects a file without a DACL', Object.assign(descriptor(bob), { dacl: null }), FileGeneric.All],
  ['CREATOR OWNER is nobody', descriptor(ann, allow(WellKnownSid.creatorOwner, 3)), ReadControl | WriteDac],
];
for (const [name, sd, expected] of rows) {
  test(name, () => assert.equal(rightsOf(sd, token).toString(16), expected.toString(16)));
}

test('privileges add to what a DACL gives, some of them to backups only', () => {
  const rights = (privileges: number, forBackup = false): number =>
    rightsOf(descriptor(bob), new Token(ann, [], privileges), forBackup);
  assert.equal(rights(Privilege.TakeOwnership), WriteOwner);
  assert.equal(rights(Privilege.Security), FileAccess.AccessSystemSecurity);
  assert.equal(rights(Privilege.Backup | Privilege.Restore), 0);
  assert.equal(rights(Privilege.Backup, true), FileGeneric.Read | Execute);
  assert.equal(rights(Privilege.Restore, true), FileGeneric.Write | Delete | WriteDac | WriteOwner);
});

/** [MS-DTYP] 2.5.3.2 taken literally: continues until everything has been granted or something is denied. */
function accessCheck({ ownerSid, dacl }: SecurityDescriptor, desired: number): boolean {
  let remaining = desired;
  const owns = ownerSid !== null && token.has(ownerSid);
  const here = (dacl?.aces ?? []).filter(({ aceFlags }) => (aceFlags & AceFlags.InheritOnly) === 0);
  if (owns && !here.some(({ sid }) => sid.equals(ownerRights))) remaining &= ~(ReadControl | WriteDac);
  for (const ace of here) {
    if (remaining === 0) return true;
    if (!token.has(ace.sid) && !(owns && ace.sid.equals(ownerRights))) continue;
    const mask = mapGenericAccess(ace.mask);
    if (ace.aceType === AccessDenied && (remaining & mask) !== 0) return false;
    if (ace.aceType === AccessAllowed) remaining &= ~mask;
  }
  return remaining === 0;
}

test('a right is there exactly when the check of the specification grants it', () => {
  const bits = [ReadData, WriteData, Execute, Delete, ReadControl, WriteDac, WriteOwner, FileAccess.GenericWrite];
  const mask = fc.subarray(bits).map((chosen) => chosen.reduce((all, bit) => all | bit, 0) >>> 0);
  const sid = fc.constantFrom(ann, bob, staff, everyone, ownerRights);
  const ace = fc
    .tuple(fc.constantFrom(AccessAllowed, AccessDenied), sid, mask, fc.constantFrom(0, 0, AceFlags.InheritOnly))
    .map(([type, who, what, flags]) => Ace.of(type, who, what, flags));
  fc.assert(
    fc.property(fc.array(ace, { maxLength: 6 }), fc.constantFrom(ann, bob, staff), mask, (aces, owner, wanted) => {
      const sd = descriptor(owner, ...aces);
      const desired = mapGenericAccess(wanted);
      assert.equal((desired & ~rightsOf(sd, token)) === 0, accessCheck(sd, desired));
    }),
  );
});
