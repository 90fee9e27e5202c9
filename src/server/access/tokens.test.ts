import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryAccounts } from '#auth/account-store.js';
import type { Identity } from '#auth/mechanism.js';
import type { UnixNames } from '#fs/unix-names.js';
import { Sid } from '#wire/dtyp/sid.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import { Principals } from './principals.js';
import { Privilege } from './token.js';
import { Tokens } from './tokens.js';

const unixNames: UnixNames = {
  userName: () => undefined,
  groupName: () => undefined,
  uid: () => undefined,
  gid: (name) => (name === 'staff' ? 50 : undefined),
};
const accounts = memoryAccounts({
  ann: {
    password: 'a',
    sid: 'S-1-5-21-1-2-3-1001',
    groups: ['S-1-5-21-1-2-3-2001', 'Unix Group\\staff', 'nobody-here'],
  },
  bob: { password: 'b' },
  eve: { password: 'e', groups: ['BUILTIN\\Administrators'] },
});
const principals = new Principals({ name: 'nas', accounts, unixNames });
const tokens = new Tokens(principals, ['BOB']);
const identity = (kind: Identity['kind'], account: string): Identity => ({
  account,
  domain: '',
  kind,
  sessionKey: new Uint8Array(0),
  workstation: '',
});
const { everyone, authenticatedUsers, users, guests, network, administrators, anonymous } = WellKnownSid;

test('a user is himself and what his account says', async () => {
  const ann = await tokens.of(identity('user', 'Ann'));
  assert.equal(String(ann.user), 'S-1-5-21-1-2-3-1001');
  const more = ['S-1-5-21-1-2-3-2001', 'S-1-22-2-50'];
  assert.deepEqual(
    ann.groups.map(String),
    [principals.none, everyone, network, authenticatedUsers, users].map(String).concat(more),
  );
  assert.equal(ann.primaryGroup, ann.groups[0]);
  assert.equal(ann.has(Sid.parse('S-1-22-2-50')), true);
  assert.equal(ann.has(administrators), false);
  assert.equal(ann.privileges, 0);
});

test('administrators are who is named, or in their group', async () => {
  for (const name of ['bob', 'eve']) {
    const token = await tokens.of(identity('user', name));
    assert.equal(token.has(administrators), true);
    assert.equal(token.holds(Privilege.TakeOwnership), true);
  }
  assert.equal((await tokens.of(identity('guest', 'bob'))).privileges, 0);
});

test('guests and strangers are less', async () => {
  const guest = await tokens.of(identity('guest', 'whoever'));
  assert.deepEqual([guest.has(guests), guest.has(everyone), guest.has(authenticatedUsers)], [true, true, false]);
  const stranger = await tokens.of(identity('anonymous', ''));
  assert.equal(stranger.user, anonymous);
  assert.deepEqual([stranger.has(everyone), stranger.has(network)], [false, true]);
});

test('a token is made once for a logon', async () => {
  const ann = identity('user', 'ann');
  const token = await tokens.of(ann);
  assert.equal(tokens.of(ann), token);
});
