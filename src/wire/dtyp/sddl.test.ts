import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decoder } from '../io/decoder.js';
import { Encoder } from '../io/encoder.js';
import { AceFlags, AceType } from './ace.js';
import { formatSddl, parseSddl } from './sddl.js';
import { SecurityControl, SecurityDescriptor } from './security-descriptor.js';
import { Sid } from './sid.js';

const DOMAIN = Sid.parse('S-1-5-21-1-2-3');

test('the text of a descriptor, as Windows writes it, comes back', () => {
  for (const text of [
    'O:BAG:SYD:(A;;FA;;;BA)(A;OICI;0x1301bf;;;AU)(D;CIIOID;FX;;;S-1-5-21-1-2-3-1001)',
    'O:S-1-22-1-1000G:S-1-22-2-1000D:PAI(A;OICIIOID;GA;;;CO)(A;;FR;;;WD)',
    'D:P',
    'D:NO_ACCESS_CONTROL',
    'S:AI(AU;OICISAFA;FA;;;WD)(ML;;0x1;;;LW)',
    'D:(OA;CI;0x100;bf967aba-0de6-11d0-a285-00aa003049e2;;AU)(OD;;0x10;;00299570-246d-11d0-a768-00aa006e0529;WD)',
    '',
  ]) {
    const descriptor = parseSddl(text, DOMAIN);
    assert.equal(formatSddl(descriptor), text);
    const bytes = new Encoder().encode(descriptor);
    const back = new SecurityDescriptor();
    back.layout(new Decoder().reset(bytes));
    assert.equal(formatSddl(back), text);
  }
});

test('what the letters mean', () => {
  const { control, dacl, ownerSid } = parseSddl(' O:DA D:PARAI(A;OINP;CCDCRCWO;;;DU) ( D ; ; 0x12 ; ; ; WD )', DOMAIN);
  assert.equal(String(ownerSid), 'S-1-5-21-1-2-3-512');
  const { DaclPresent, DaclProtected, DaclAutoInheritReq, DaclAutoInherited, SelfRelative } = SecurityControl;
  assert.equal(control, DaclPresent | DaclProtected | DaclAutoInheritReq | DaclAutoInherited | SelfRelative);
  const [one, two] = dacl?.aces ?? [];
  assert.deepEqual(
    [one?.mask, one?.aceFlags, String(one?.sid)],
    [0xa0003, AceFlags.ObjectInherit | AceFlags.NoPropagateInherit, 'S-1-5-21-1-2-3-513'],
  );
  assert.deepEqual([two?.aceType, two?.mask, String(two?.sid)], [AceType.AccessDenied, 0x12, 'S-1-1-0']);
});

test('what is no SDDL is refused', () => {
  for (const text of [
    'BA',
    'X:BA',
    'O:',
    'O:ZZ',
    'O:DA',
    'O:BAO:BA',
    'D:X',
    'D:(A;;FA;;;WD',
    'D:(A;;FA;;WD)',
    'D:(Q;;FA;;;WD)',
    'D:(A;XX;FA;;;WD)',
    'D:(A;;FB;;;WD)',
    'D:(A;;FA;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)',
    'D:(OA;;FA;bf967aba;;WD)',
    'D:(XA;;FX;;;S-1-1-0;(@User.Title=="PM"))',
    'D:(A;;FA;;;WD)x(A;;FA;;;WD)',
  ]) {
    assert.throws(() => parseSddl(text), RangeError, text);
  }
});
