import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryAccounts } from '#auth/account-store.js';
import type { Identity } from '#auth/mechanism.js';
import type { UnixNames } from '#fs/unix-names.js';
import { Sid } from '#wire/dtyp/sid.js';
import { SidType } from '#wire/dtyp/sid-type.js';
import { machineSidOf, Principals } from './principals.js';

const unixNames: UnixNames = {
  userName: (uid) => (uid === 0 ? 'root' : undefined),
  groupName: (gid) => (gid === 4 ? 'adm' : undefined),
  uid: (name) => (name === 'root' ? 0 : undefined),
  gid: (name) => (name === 'adm' ? 4 : undefined),
};
const FOREIGN = 'S-1-5-21-1-2-3-1105';
const accounts = memoryAccounts({
  ann: { password: 'a' },
  Bob: { password: 'b', sid: FOREIGN },
  carl: { password: 'c', disabled: true },
});
const principals = new Principals({ name: 'nas', accounts, unixNames });
const identity = (kind: Identity['kind'], account: string): Identity => ({
  account,
  domain: '',
  kind,
  sessionKey: new Uint8Array(0),
  workstation: '',
});

test('a machine keeps its SID, and an account its RID whoever else there is', async () => {
  assert.equal(machineSidOf('nas').toString(), machineSidOf('NAS').toString());
  assert.notEqual(machineSidOf('nas').toString(), machineSidOf('nas2').toString());
  assert.match(machineSidOf('nas').toString(), /^S-1-5-21-\d+-\d+-\d+$/);
  const alone = new Principals({ name: 'nas', accounts: memoryAccounts({ ANN: { password: 'x' } }) });
  const sid = await principals.sidOf(identity('user', 'ann'));
  assert.equal((await alone.sidOf(identity('user', 'Ann'))).toString(), sid.toString());
  assert.ok(sid.rid >= 1000 && sid.rid < 2 ** 31);
});

test('two names that come to one RID are told apart', async () => {
  const [first] = await principals.accounts();
  const same = memoryAccounts({ ann: { password: 'a' }, zoe: { password: 'z', sid: String(first?.sid) } });
  const [ann, zoe] = await new Principals({ name: 'nas', accounts: same }).accounts();
  assert.equal(zoe?.sid.rid, first?.sid.rid);
  assert.equal(ann?.sid.rid, (first?.sid.rid ?? 0) + 1);
});

test('many look-ups at once read the accounts once', async () => {
  let reads = 0;
  const list = () => {
    reads++;
    return accounts.list();
  };
  const counted = { find: (name: string) => accounts.find(name), list };
  const fixed = await new Principals({ name: 'nas', accounts: counted, unixNames }).fixed();
  const ann = await fixed.byName('ann');
  assert.equal((await principals.byName('ann'))?.sid.toString(), ann?.sid.toString());
  assert.equal((await fixed.bySid(Sid.parse(FOREIGN)))?.name, 'Bob');
  assert.equal((await fixed.byName('root'))?.type, SidType.User);
  assert.equal(reads, 1);
});

test('guests and strangers have SIDs of their own', async () => {
  assert.equal((await principals.sidOf(identity('anonymous', ''))).toString(), 'S-1-5-7');
  assert.equal((await principals.sidOf(identity('guest', 'Guest'))).rid, 501);
});

test('what has a name is found by it and by its SID', async () => {
  const rows: [string, string, number][] = [
    ['nas\\ANN', 'NAS\\ann', SidType.User],
    ['bob', 'NAS\\Bob', SidType.User],
    ['bob@nas', 'NAS\\Bob', SidType.User],
    ['NAS', 'NAS\\', SidType.Domain],
    ['nas\\none', 'NAS\\None', SidType.Group],
    ['everyone', '\\Everyone', SidType.WellKnownGroup],
    ['BUILTIN', 'BUILTIN\\', SidType.Domain],
    ['builtin\\administrators', 'BUILTIN\\Administrators', SidType.Alias],
    ['NT Authority\\System', 'NT AUTHORITY\\SYSTEM', SidType.WellKnownGroup],
    ['root', 'Unix User\\root', SidType.User],
    ['unix group\\adm', 'Unix Group\\adm', SidType.Group],
  ];
  for (const [text, full, type] of rows) {
    const found = await principals.byName(text);
    assert.ok(found, text);
    assert.deepEqual([`${found.domain}\\${found.name}`, found.type], [full, type]);
    assert.deepEqual(await principals.bySid(found.sid), found);
  }
  assert.equal((await principals.byName('bob'))?.sid.toString(), FOREIGN);
  for (const text of ['nobody-here', 'OTHER\\ann', 'BUILTIN\\ann', '']) {
    assert.equal(await principals.byName(text), undefined, text);
  }
});

test('a Unix number without a name is called by the number', async () => {
  assert.equal((await principals.bySid(Sid.parse('S-1-22-1-77')))?.name, '77');
  assert.equal(await principals.bySid(Sid.parse('S-1-5-21-9-9-9-500')), undefined);
  assert.equal(await principals.bySid(principals.machineSid.child(4242)), undefined);
});

test('a store that lists nobody still has its accounts', async () => {
  const store = { find: (name: string) => (name.toLowerCase() === 'ann' ? accounts.find('ann') : undefined) };
  const closed = new Principals({ name: 'nas', accounts: store });
  assert.deepEqual(await closed.accounts(), []);
  const expected = await principals.sidOf(identity('user', 'ann'));
  assert.equal((await closed.byName('ann'))?.sid.toString(), expected.toString());
});
