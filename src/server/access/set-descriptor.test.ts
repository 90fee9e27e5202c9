import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import { Ace, AceType } from '#wire/dtyp/ace.js';
import { Acl } from '#wire/dtyp/acl.js';
import { SecurityControl, SecurityDescriptor, SecurityInformation } from '#wire/dtyp/security-descriptor.js';
import { Sid } from '#wire/dtyp/sid.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { decodeDescriptor, encodeDescriptor } from './descriptor-bytes.js';
import {
  mergeParts,
  partsOf,
  partsToSet,
  requireOwner,
  rightsToQuery,
  rightsToSet,
  selectParts,
} from './set-descriptor.js';
import { Privilege, Token } from './token.js';

const { Owner, Group, Dacl, Sacl, Label, Attribute, Scope, Backup } = SecurityInformation;
const { SelfRelative, DaclPresent, DaclAutoInherited, DaclAutoInheritReq, DaclProtected, SaclPresent } =
  SecurityControl;
const { ReadControl, WriteDac, WriteOwner, AccessSystemSecurity } = FileAccess;
const ann = Sid.parse('S-1-5-21-1-2-3-1001');
const bob = Sid.parse('S-1-5-21-1-2-3-1002');
const ace = (sid: Sid, mask = 1, type: number = AceType.AccessAllowed): Ace => Ace.of(type, sid, mask);
const refused = (status: number) => (error: unknown) => error instanceof StatusError && error.status === status;

function descriptor(over: Partial<SecurityDescriptor> = {}): SecurityDescriptor {
  const control = SelfRelative | DaclPresent;
  return Object.assign(
    new SecurityDescriptor(),
    { control, ownerSid: ann, groupSid: bob, dacl: Acl.of(ace(ann)) },
    over,
  );
}

test('which rights the parts of a descriptor need', () => {
  const rows: [number, number, number][] = [
    [0, 0, 0],
    [Owner, ReadControl, WriteOwner],
    [Group, ReadControl, WriteOwner],
    [Dacl, ReadControl, WriteDac],
    [Sacl, AccessSystemSecurity, AccessSystemSecurity],
    [Label, ReadControl, WriteOwner],
    [Attribute, ReadControl, WriteDac],
    [Scope, ReadControl, AccessSystemSecurity],
    [Owner | Dacl, ReadControl, WriteOwner | WriteDac],
  ];
  for (const [parts, query, set] of rows) assert.deepEqual([rightsToQuery(parts), rightsToSet(parts)], [query, set]);
  assert.equal(partsOf(Backup), Owner | Group | Dacl | Sacl | Label | Attribute | Scope);
  assert.equal(partsOf(0x80000000), 0);
});

test('who is not named is not set', () => {
  const nobody = descriptor({ ownerSid: null, groupSid: null });
  assert.equal(partsToSet(Owner | Group | Dacl, nobody), Dacl);
  assert.equal(partsToSet(Owner | Group, nobody), 0);
});

test('only what is asked for is told', () => {
  const whole = descriptor({ control: SelfRelative | DaclPresent | DaclProtected | DaclAutoInherited });
  const none = selectParts(whole, 0);
  assert.deepEqual(
    [none.ownerSid, none.groupSid, none.dacl, none.sacl, none.control],
    [null, null, null, null, SelfRelative],
  );
  assert.equal(encodeDescriptor(none).length, 20);
  assert.equal(selectParts(whole, Owner).groupSid, null);
  assert.equal(selectParts(whole, Dacl).control, whole.control);
  assert.equal(selectParts(whole, Sacl).control, SelfRelative | SaclPresent);
});

test('a part that is set takes its control bits along, and leaves the rest', () => {
  const current = descriptor({ control: SelfRelative | DaclPresent | DaclProtected });
  const given = descriptor({
    ownerSid: bob,
    groupSid: null,
    control: DaclPresent,
    dacl: Acl.of(ace(bob, FileAccess.GenericRead)),
  });
  const owner = mergeParts(current, given, Owner, true);
  assert.equal(owner.ownerSid, bob);
  assert.equal(owner.control, current.control);
  assert.equal(owner.dacl, current.dacl);
  const dacl = mergeParts(current, given, Dacl, true);
  assert.equal(dacl.ownerSid, ann);
  assert.equal(dacl.control, SelfRelative | DaclPresent);
  assert.equal(dacl.dacl?.aces[0]?.mask, FileGeneric.Read);
  const without = mergeParts(current, descriptor({ control: SelfRelative, dacl: null }), Dacl, true);
  assert.deepEqual([without.dacl, without.control], [null, SelfRelative | DaclPresent]);
});

test('inherited automatically is who asks for it', () => {
  const control = (given: number, canonical: boolean): number =>
    mergeParts(descriptor(), descriptor({ control: given }), Dacl, canonical).control & ~(SelfRelative | DaclPresent);
  assert.equal(control(DaclAutoInherited, true), 0);
  assert.equal(control(DaclAutoInheritReq, true), 0);
  assert.equal(control(DaclAutoInherited | DaclAutoInheritReq, true), DaclAutoInherited);
  assert.equal(control(DaclAutoInherited, false), DaclAutoInherited);
  assert.equal(control(DaclAutoInheritReq, false), 0);
});

test('a label lives in the SACL and is set apart from it', () => {
  const label = ace(WellKnownSid.everyone, 1, AceType.SystemMandatoryLabel);
  const audit = ace(WellKnownSid.everyone, 2, AceType.SystemAudit);
  const labelled = mergeParts(descriptor(), descriptor({ sacl: Acl.of(label, audit) }), Label, true);
  assert.deepEqual(
    labelled.sacl?.aces.map(({ aceType }) => aceType),
    [AceType.SystemMandatoryLabel],
  );
  const both = mergeParts(labelled, descriptor({ sacl: Acl.of(label, audit) }), Sacl, true);
  assert.equal(both.sacl?.aces.length, 2);
  assert.equal(selectParts(both, Label).sacl?.aces.length, 1);
  assert.equal(mergeParts(labelled, descriptor({ sacl: null }), Label, true).sacl, null);
});

test('a file is given to oneself or one’s groups, with the privilege to anybody', () => {
  const token = new Token(ann, [WellKnownSid.everyone]);
  requireOwner(ann, bob, token);
  requireOwner(WellKnownSid.everyone, bob, token);
  requireOwner(bob, bob, token);
  assert.throws(() => requireOwner(bob, ann, token), refused(NtStatus.InvalidOwner));
  requireOwner(bob, ann, new Token(ann, [], Privilege.Restore));
});

test('what is no descriptor is refused', () => {
  const good = encodeDescriptor(descriptor());
  assert.deepEqual(encodeDescriptor(decodeDescriptor(good)), good);
  const but = (at: number, byte: number): Uint8Array => Object.assign(good.slice(), { [at]: byte });
  const dacl = new DataView(good.buffer).getUint32(16, true);
  const owner = new DataView(good.buffer).getUint32(4, true);
  const rows: [Uint8Array, number][] = [
    [new Uint8Array(0), NtStatus.InvalidParameter],
    [good.subarray(0, 19), NtStatus.InvalidSecurityDescr],
    [good.subarray(0, good.length - 1), NtStatus.InvalidSecurityDescr],
    [but(0, 2), NtStatus.UnknownRevision],
    [but(4, 255), NtStatus.InvalidSecurityDescr],
    [but(owner, 2), NtStatus.InvalidSid],
    [but(dacl, 5), NtStatus.InvalidAcl],
    [but(dacl + 4, 9), NtStatus.InvalidSecurityDescr],
  ];
  for (const [bytes, status] of rows) assert.throws(() => decodeDescriptor(bytes), refused(status), String(status));
  const huge = descriptor({ dacl: Acl.of(...Array.from({ length: 2000 }, () => ace(ann))) });
  assert.throws(() => encodeDescriptor(huge), refused(NtStatus.InvalidAcl));
});
