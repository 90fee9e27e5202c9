import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden, toHex } from '#testing/golden.js';
import { Decoder } from '../io/decoder.js';
import { Encoder } from '../io/encoder.js';
import { Malformed } from '../io/malformed.js';
import { FileAccess, FileGeneric, mapGenericAccess } from './access-mask.js';
import { Ace, AceFlags, AceType } from './ace.js';
import { Acl } from './acl.js';
import { SecurityControl, SecurityDescriptor } from './security-descriptor.js';
import { Sid } from './sid.js';
import { WellKnownSid, wellKnownSidName } from './well-known-sids.js';

golden(Sid, { identifierAuthority: 5, subAuthority: [32, 544] }, '01 02 000000000005 20000000 20020000');
golden(Sid, { identifierAuthority: 1, subAuthority: [0] }, '01 01 000000000001 00000000');

test('SIDs as text', () => {
  for (const text of ['S-1-0-0', 'S-1-5-21-1-2-4294967295-500', 'S-1-5', `S-1-5${'-7'.repeat(15)}`]) {
    assert.equal(Sid.parse(text).toString(), text);
  }
  assert.equal(Sid.parse('S-1-0x010000000000-1').toString(), 'S-1-0x010000000000-1');
  for (const bad of ['', 'S-1', 'S-2-5-1', 'S-1-5-', 'S-1-5-4294967296', `S-1-5${'-7'.repeat(16)}`, 'S-1-5-x']) {
    assert.equal(Sid.tryParse(bad), undefined, bad);
  }
  assert.throws(() => Sid.parse('x'), RangeError);
  assert.equal(WellKnownSid.builtin.child(544).equals(WellKnownSid.administrators), true);
  assert.equal(WellKnownSid.administrators.rid, 544);
  assert.equal(wellKnownSidName(Sid.parse('S-1-5-18')), 'NT AUTHORITY\\SYSTEM');
});

test('a SID has 15 sub-authorities at most', () => {
  const bytes = fromHex(`01 10 000000000005 ${'01000000'.repeat(16)}`);
  assert.throws(() => new Sid().layout(new Decoder().reset(bytes)), Malformed);
});

const objectType = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
golden(
  Ace,
  { aceType: AceType.AccessDenied, aceFlags: AceFlags.Inherited, mask: FileAccess.Delete, sid: WellKnownSid.everyone },
  '01 10 1400 00000100 0101000000000001 00000000',
);
golden(
  Ace,
  { aceType: AceType.AccessAllowedObject, mask: 0x100, flags: 1, objectType, sid: WellKnownSid.everyone },
  '05 00 2800 00010000 01000000 10b8a76b ad9d d111 80b4 00c04fd430c8 0101000000000001 00000000',
);
golden(
  Ace,
  { aceType: AceType.AccessAllowedCallback, sid: WellKnownSid.everyone, applicationData: fromHex('61727478') },
  '09 00 1800 00000000 0101000000000001 00000000 61727478',
);
golden(Ace, { aceType: 0x77, applicationData: fromHex('01020304') }, '77 00 0800 01020304');

const owner = Sid.parse('S-1-5-21-57242686-1682673005-3758938065-1000');
const group = Sid.parse('S-1-22-2-1001');
// Recorded from Samba 4.17.12: owner, group and DACL of a new file.
golden(
  SecurityDescriptor,
  {
    control: SecurityControl.SelfRelative | SecurityControl.DaclPresent,
    ownerSid: owner,
    groupSid: group,
    dacl: Acl.of(
      Ace.of(AceType.AccessAllowed, owner, FileGeneric.All),
      Ace.of(AceType.AccessAllowed, group, 0x1201bf),
      Ace.of(AceType.AccessAllowed, WellKnownSid.everyone, 0x1201bf),
      Ace.of(AceType.AccessAllowed, WellKnownSid.localSystem, FileGeneric.All),
    ),
  },
  `01000480140000003000000000000000400000000105000000000005150000003e7469036d8d4b64d1d70ce0e803000001020000000000
   1602000000e903000002006c000400000000002400ff011f000105000000000005150000003e7469036d8d4b64d1d70ce0e80300000000
   1800bf011200010200000000001602000000e903000000001400bf01120001010000000000010000000000001400ff011f000101000000
   00000512000000`,
);

test('a descriptor with parts missing or outside', () => {
  const nullDacl = Object.assign(new SecurityDescriptor(), {
    control: SecurityControl.SelfRelative | SecurityControl.DaclPresent,
  });
  const bytes = new Encoder().encode(nullDacl);
  assert.equal(toHex(bytes), '0100048000000000000000000000000000000000');
  for (const offset of ['14000000', 'ffffffff', '01000000']) {
    const bad = fromHex(`01000480 ${offset} 000000000000000000000000`);
    assert.throws(() => new SecurityDescriptor().layout(new Decoder().reset(bad)), Malformed);
  }
});

test('an ACL is bounded by its size, whatever its count', () => {
  const bad = fromHex('02 00 1000 ffff 0000 00000400 00000000');
  assert.throws(() => new Acl().layout(new Decoder().reset(bad)), Malformed);
  const tiny = fromHex('02 00 0700 0000 0000');
  assert.throws(() => new Acl().layout(new Decoder().reset(tiny)), Malformed);
});

test('generic rights', () => {
  assert.equal(mapGenericAccess(0x80000000), FileGeneric.Read);
  assert.equal(mapGenericAccess(0x60000000), FileGeneric.Write | FileGeneric.Execute);
  assert.equal(mapGenericAccess(0x10000000), FileGeneric.All);
  assert.equal(mapGenericAccess(FileAccess.MaximumAllowed | 1), 0x02000001);
});
