import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import { Ace, AceFlags, AceType } from '#wire/dtyp/ace.js';
import { Acl } from '#wire/dtyp/acl.js';
import { SecurityControl, SecurityDescriptor } from '#wire/dtyp/security-descriptor.js';
import { Sid } from '#wire/dtyp/sid.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import { createDescriptor } from './inherit.js';
import { Token } from './token.js';

const ann = Sid.parse('S-1-5-21-1-2-3-1001');
const none = Sid.parse('S-1-5-21-1-2-3-513');
const token = new Token(ann, [none, WellKnownSid.everyone]);
const { DaclPresent, DaclAutoInherited, DaclAutoInheritReq, DaclProtected, SaclPresent } = SecurityControl;
const { ObjectInherit: OI, ContainerInherit: CI, NoPropagateInherit: NP, InheritOnly: IO, Inherited: ID } = AceFlags;
const names: [Sid, string][] = [
  [ann, 'ann'],
  [none, 'none'],
  [WellKnownSid.everyone, 'everyone'],
  [WellKnownSid.creatorOwner, 'CO'],
  [WellKnownSid.creatorGroup, 'CG'],
  [WellKnownSid.localSystem, 'system'],
];

function sd(control: number, ...aces: Ace[]): SecurityDescriptor {
  return Object.assign(new SecurityDescriptor(), { control: control | DaclPresent, dacl: Acl.of(...aces) });
}
const allow = (sid: Sid, flags: number, mask = 2): Ace => Ace.of(AceType.AccessAllowed, sid, mask, flags);
const show = (acl: Acl | null): string =>
  (acl?.aces ?? [])
    .map(({ sid, aceFlags, mask }) => {
      const name = names.find(([known]) => known.equals(sid))?.[1];
      return `${name}:${aceFlags.toString(16)}:${mask.toString(16)}`;
    })
    .join(' ');
const child = (parent: SecurityDescriptor, directory: boolean): string =>
  show(createDescriptor({ parent, creator: undefined, token, directory }).dacl);
const DEFAULT = 'ann:0:1f01ff system:0:1f01ff';

// What Windows derives from a CREATOR OWNER ACE, by its flags: for a file, and for a directory.
const rows: [number, string, string][] = [
  [0, DEFAULT, DEFAULT],
  [OI, 'ann:0:2', 'CO:9:2'],
  [CI, DEFAULT, 'ann:0:2 CO:a:2'],
  [OI | CI, 'ann:0:2', 'ann:0:2 CO:b:2'],
  [NP, DEFAULT, DEFAULT],
  [NP | OI, 'ann:0:2', DEFAULT],
  [NP | CI, DEFAULT, 'ann:0:2'],
  [NP | OI | CI, 'ann:0:2', 'ann:0:2'],
  [IO, DEFAULT, DEFAULT],
  [IO | OI, 'ann:0:2', 'CO:9:2'],
  [IO | CI, DEFAULT, 'ann:0:2 CO:a:2'],
  [IO | CI | OI, 'ann:0:2', 'ann:0:2 CO:b:2'],
  [IO | NP, DEFAULT, DEFAULT],
  [IO | NP | OI, 'ann:0:2', DEFAULT],
  [IO | NP | CI, DEFAULT, 'ann:0:2'],
  [IO | NP | CI | OI, 'ann:0:2', 'ann:0:2'],
];

test('what a child inherits of an ACE for its creator', () => {
  for (const [flags, file, directory] of rows) {
    const parent = sd(0, allow(WellKnownSid.creatorOwner, flags), allow(WellKnownSid.everyone, 0));
    assert.equal(child(parent, false), file, `file, ${flags}`);
    assert.equal(child(parent, true), directory, `directory, ${flags}`);
  }
});

test('an ACE for somebody is passed on as it is', () => {
  const parent = sd(0, allow(WellKnownSid.everyone, OI | CI | ID), allow(WellKnownSid.creatorGroup, OI | NP));
  assert.equal(child(parent, true), 'everyone:3:2');
  assert.equal(child(parent, false), 'everyone:0:2 none:0:2');
});

test('what is inherited automatically says so', () => {
  const parent = sd(DaclAutoInherited, allow(WellKnownSid.everyone, OI | CI));
  const made = createDescriptor({ parent, creator: undefined, token, directory: true });
  assert.equal(show(made.dacl), 'everyone:13:2');
  assert.equal(made.control & (DaclAutoInherited | DaclPresent), DaclAutoInherited | DaclPresent);
  assert.equal(made.ownerSid?.equals(ann), true);
  assert.equal(made.groupSid?.equals(none), true);
});

test('ACEs that say the same are inherited once, generic rights as those of files', () => {
  const parent = sd(0, allow(WellKnownSid.creatorOwner, OI, FileAccess.GenericRead), allow(ann, OI, FileGeneric.Read));
  assert.equal(child(parent, false), 'ann:0:120089');
});

test('what the creator says counts instead', () => {
  const parent = sd(0, allow(WellKnownSid.everyone, OI));
  const creator = sd(DaclProtected, allow(ann, 0, FileAccess.GenericAll));
  creator.ownerSid = WellKnownSid.everyone;
  const made = createDescriptor({ parent, creator, token, directory: false });
  assert.equal(show(made.dacl), 'ann:0:1f01ff');
  assert.equal(made.control & DaclProtected, DaclProtected);
  assert.equal(made.ownerSid?.equals(WellKnownSid.everyone), true);
  const nobody = Object.assign(sd(0), { dacl: null });
  assert.equal(createDescriptor({ parent, creator: nobody, token, directory: false }).dacl, null);
  const silent = new SecurityDescriptor();
  assert.equal(show(createDescriptor({ parent, creator: silent, token, directory: false }).dacl), 'everyone:0:2');
});

test('a creator who asks for inheritance gets it on top of what is his own', () => {
  const parent = sd(0, allow(WellKnownSid.everyone, OI));
  const creator = sd(DaclAutoInheritReq, allow(ann, 0), allow(none, ID));
  const made = createDescriptor({ parent, creator, token, directory: false });
  assert.equal(show(made.dacl), 'ann:0:2 everyone:10:2');
  assert.equal(made.control & DaclAutoInherited, DaclAutoInherited);
});

test('audit rules are inherited with what they watch', () => {
  const audit = Ace.of(AceType.SystemAudit, WellKnownSid.everyone, 2, OI | AceFlags.FailedAccess);
  const parent = Object.assign(sd(0), { sacl: Acl.of(audit) });
  const made = createDescriptor({ parent, creator: undefined, token, directory: false });
  assert.equal(show(made.sacl), 'everyone:80:2');
  assert.equal(made.control & SaclPresent, SaclPresent);
  assert.equal(createDescriptor({ parent: sd(0), creator: undefined, token, directory: false }).sacl, null);
});
