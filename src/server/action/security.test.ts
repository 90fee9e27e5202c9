import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WritableBackend } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';
import { AccessBench, type AccessUser, acl, denied, ROOM, refused } from '#testing/access-bench.js';
import { withOwner } from '#testing/with-owner.js';
import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import { Ace, AceFlags, AceType } from '#wire/dtyp/ace.js';
import { Acl } from '#wire/dtyp/acl.js';
import { SecurityDescriptor, SecurityInformation } from '#wire/dtyp/security-descriptor.js';
import type { Sid } from '#wire/dtyp/sid.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { decodeDescriptor, encodeDescriptor } from '../access/descriptor-bytes.js';
import type { ShareOptions } from '../state/share.js';
import { Enumeration } from './enumeration.js';
import { querySecurity, setSecurity } from './security.js';
import { rename } from './set-info/rename.js';
import { write } from './write.js';

const { Owner, Group, Dacl, Sacl } = SecurityInformation;
const { ReadData, WriteData, WriteDac, WriteOwner, Delete, MaximumAllowed, ReadAttributes } = FileAccess;
const { everyone } = WellKnownSid;
const allow = (sid: Sid, mask: number, flags = 0) => Ace.of(AceType.AccessAllowed, sid, mask, flags);

test('what a descriptor grants is what an open is granted', async () => {
  const bench = new AccessBench();
  const [ann, bob] = [bench.user('ann'), bench.user('bob')];
  await ann.make('a');
  await ann.protect('a', allow(await ann.sid, FileGeneric.All), allow(await bob.sid, FileGeneric.Read));
  assert.equal(await bob.may('a', ReadData), true);
  assert.equal(await bob.may('a', WriteData), false);
  assert.equal(await bob.may('a', ReadData, { disposition: CreateDisposition.Overwrite }), false);
  assert.equal(await bob.may('a', WriteDac), false);
  const most = await bob.open('a', MaximumAllowed, { disposition: CreateDisposition.Open });
  assert.equal(most.granted, FileGeneric.Read | Delete);
  await assert.rejects(bob.open('a', MaximumAllowed | WriteData, { disposition: CreateDisposition.Open }), denied);
  await bob.close(most.open);
});

test('the directory gives deleting and a look at the attributes, if it lets them', async () => {
  const bench = new AccessBench();
  const [ann, bob] = [bench.user('ann'), bench.user('bob')];
  await ann.make('d', CreateOptions.DirectoryFile);
  await ann.make('d\\a');
  await ann.protect('d\\a', allow(await ann.sid, FileGeneric.All));
  assert.equal(await bob.may('d\\a', Delete | ReadAttributes), true);
  await ann.protect('d', allow(await ann.sid, FileGeneric.All), allow(everyone, WriteData));
  assert.equal(await bob.may('d\\a', Delete), false);
  assert.equal(await bob.may('d\\a', ReadAttributes), false);
  const known = { disposition: CreateDisposition.Open, wantsMaximalAccess: true };
  assert.equal((await ann.open('d\\a', ReadData, known)).maximalAccess, FileGeneric.All);
});

test('a share’s right is the bound of what files grant', async () => {
  const bench = new AccessBench({ users: { ann: 'write', bob: 'read' } });
  const [ann, bob] = [bench.user('ann'), bench.user('bob')];
  await ann.make('a');
  await ann.protect('a', allow(everyone, FileGeneric.All));
  assert.equal(await bob.may('a', WriteData), false);
  const { granted } = await bob.open('a', MaximumAllowed, { disposition: CreateDisposition.Open });
  assert.equal(granted, FileGeneric.Read | FileGeneric.Execute);
});

test('a new node inherits, and its maker has what he asked for', async () => {
  const bench = new AccessBench();
  const [ann, bob] = [bench.user('ann'), bench.user('bob')];
  await ann.make('d', CreateOptions.DirectoryFile);
  await ann.protect('d', allow(everyone, FileGeneric.All), allow(await ann.sid, ReadData, AceFlags.ObjectInherit));
  const made = await bob.open('d\\a', FileGeneric.All, { disposition: CreateDisposition.Create });
  assert.equal(made.granted, FileGeneric.All);
  await bob.close(made.open);
  const { ownerSid, dacl } = await bob.descriptor('d\\a');
  assert.equal(String(ownerSid), String(await bob.sid));
  assert.deepEqual(
    dacl?.aces.map(({ sid, mask }) => `${sid} ${mask}`),
    [`${await ann.sid} 1`],
  );
  assert.equal(await bob.may('d\\a', ReadData), false);
  assert.equal(await ann.may('d\\a', ReadData), true);
});

test('a new node has its descriptor before anybody else can look, where the medium answers at once', async () => {
  const backend = memory() as WritableBackend<unknown>;
  const make = backend.create.bind(backend);
  let first: Promise<unknown> | undefined;
  const create = (...args: Parameters<typeof make>): ReturnType<typeof make> => {
    const made = make(...args);
    // Reads what is waiting for its turn at this moment.
    first = Promise.resolve().then(() => 'handle' in made && backend.descriptors?.get(made.handle));
    return made;
  };
  const bench = new AccessBench({}, Object.assign(backend, { create }));
  await bench.user('ann').make('d', CreateOptions.DirectoryFile);
  await bench.user('ann').protect('d', allow(everyone, FileGeneric.All, AceFlags.ObjectInherit));
  await bench.user('ann').make('d\\a');
  assert.ok((await first) instanceof Uint8Array);
});

test('nothing is kept for a node of which nobody has said anything', async () => {
  const bench = new AccessBench();
  const ann = bench.user('ann');
  await ann.make('a');
  const { handle } = await bench.backend.open('a', { read: false, write: false });
  assert.equal(await bench.backend.descriptors?.get(handle), undefined);
});

test('adding to a directory needs its leave, one for files and one for directories', async () => {
  const bench = new AccessBench();
  const [ann, bob] = [bench.user('ann'), bench.user('bob')];
  await ann.make('d', CreateOptions.DirectoryFile);
  await ann.protect('d', allow(await ann.sid, FileGeneric.All), allow(everyone, WriteData | ReadData));
  const creating = { disposition: CreateDisposition.Create };
  assert.equal(await bob.may('d\\sub', ReadData, { ...creating, options: CreateOptions.DirectoryFile }), false);
  assert.equal(await bob.may('d\\a', ReadData, creating), true);
  await bob.make('b', CreateOptions.DirectoryFile);
  const { open } = await bob.open('b', Delete, { disposition: CreateDisposition.Open });
  await assert.rejects(rename(bench.core, open, 'd\\b', { replace: false }), denied);
  await bob.close(open);
});

test('what a rename replaces must be there to be deleted by whoever renames', async () => {
  const bench = new AccessBench();
  const [ann, bob] = [bench.user('ann'), bench.user('bob')];
  await ann.make('d', CreateOptions.DirectoryFile);
  await ann.make('d\\theirs');
  await ann.protect('d\\theirs', allow(await ann.sid, FileGeneric.All));
  await ann.protect('d', allow(await ann.sid, FileGeneric.All), allow(everyone, WriteData | ReadData));
  await bob.make('mine');
  const { open } = await bob.open('mine', Delete, { disposition: CreateDisposition.Open });
  await assert.rejects(rename(bench.core, open, 'd\\theirs', { replace: true }), denied);
  await rename(bench.core, open, 'd\\other', { replace: true });
  await bob.close(open);
});

test('a CREATE brings its descriptor along', async () => {
  const bench = new AccessBench();
  const [ann, bob] = [bench.user('ann'), bench.user('bob')];
  const bytes = acl(allow(await ann.sid, FileAccess.GenericRead));
  await ann.close((await ann.open('a', ReadData, { securityDescriptor: bytes })).open);
  assert.equal((await ann.descriptor('a')).dacl?.aces[0]?.mask, FileGeneric.Read);
  const foreign = decodeDescriptor(bytes);
  foreign.ownerSid = await bob.sid;
  const forBob = { securityDescriptor: encodeDescriptor(foreign) };
  await assert.rejects(ann.open('b', ReadData, forBob), refused(NtStatus.InvalidOwner));
  await assert.rejects(
    ann.open('b', ReadData, { disposition: CreateDisposition.Open }),
    refused(NtStatus.ObjectNameNotFound),
  );
  const audit = Object.assign(decodeDescriptor(bytes), { control: 0x8014, sacl: Acl.of(allow(everyone, 1)) });
  const audited = { securityDescriptor: encodeDescriptor(audit) };
  await assert.rejects(ann.open('b', ReadData, audited), refused(NtStatus.PrivilegeNotHeld));
  await bench.user('root').open('b', ReadData, audited);
});

test('asking and setting need the rights of the open', async () => {
  const bench = new AccessBench();
  const ann = bench.user('ann');
  await ann.make('a');
  const { core } = bench;
  const { open } = await ann.open('a', ReadAttributes);
  for (const part of [Owner, Group, Dacl, Sacl]) {
    await assert.rejects(querySecurity(core, open, part, ROOM), denied);
    await assert.rejects(setSecurity(core, open, part, encodeDescriptor(await ann.descriptor('a'))), denied);
  }
  assert.equal((await querySecurity(core, open, 0, ROOM)).required, 20);
  assert.deepEqual(await querySecurity(core, open, 0, 19), { bytes: undefined, required: 20 });
  await assert.rejects(ann.open('a', FileAccess.AccessSystemSecurity), refused(NtStatus.PrivilegeNotHeld));
  const sacl = await bench.user('root').open('a', FileAccess.AccessSystemSecurity);
  assert.equal((await querySecurity(core, sacl.open, Sacl, ROOM)).required, 20);
  const large = new Uint8Array(core.limits.securityDescriptor + 1);
  await assert.rejects(setSecurity(core, sacl.open, Dacl, large), refused(NtStatus.InvalidSecurityDescr));
});

test('owners are who they can be', async () => {
  const bench = new AccessBench();
  const [ann, bob, root] = [bench.user('ann'), bench.user('bob'), bench.user('root')];
  await ann.make('a');
  const { open } = await ann.open('a', WriteOwner);
  const to = async (user: AccessUser): Promise<Uint8Array> =>
    encodeDescriptor(Object.assign(new SecurityDescriptor(), { ownerSid: await user.sid }));
  await assert.rejects(setSecurity(bench.core, open, Owner, await to(bob)), refused(NtStatus.InvalidOwner));
  await setSecurity(bench.core, open, Owner, await to(ann));
  await ann.protect('a', allow(await ann.sid, FileGeneric.All));
  assert.equal(await bob.may('a', WriteOwner), false);
  const taking = await root.open('a', WriteOwner, { disposition: CreateDisposition.Open });
  await setSecurity(bench.core, taking.open, Owner, await to(bob));
  assert.equal(String((await bob.descriptor('a')).ownerSid), String(await bob.sid));
  assert.equal(await bob.may('a', WriteDac), true);
});

test('two parts that are set at once are both set', async () => {
  const bench = new AccessBench();
  const ann = bench.user('ann');
  await ann.make('a');
  const { open } = await ann.open('a', WriteOwner | WriteDac);
  const group = Object.assign(new SecurityDescriptor(), { groupSid: everyone });
  await Promise.all([
    setSecurity(bench.core, open, Dacl, acl(allow(everyone, FileGeneric.All))),
    setSecurity(bench.core, open, Group, encodeDescriptor(group)),
  ]);
  const { groupSid, dacl } = await ann.descriptor('a');
  assert.deepEqual([String(groupSid), dacl?.aces.length], ['S-1-1-0', 1]);
});

test('where the medium has owners, a process that owns a file lets each user see himself', async () => {
  const bench = new AccessBench({}, withOwner({ uid: 5, gid: 60, mode: 0o640, owned: true }));
  const [ann, bob] = [bench.user('ann'), bench.user('bob')];
  await ann.make('a');
  for (const user of [ann, bob]) assert.equal(String((await user.descriptor('a')).ownerSid), String(await user.sid));
  await ann.protect('a', allow(await ann.sid, FileGeneric.Read));
  assert.equal(String((await ann.descriptor('a')).ownerSid), String(await ann.sid));
  assert.equal(await bob.may('a', ReadData), false);
  const others = new AccessBench({}, withOwner({ uid: 5, gid: 60, mode: 0o755, owned: false }));
  const carl = others.user('carl');
  assert.equal(await carl.may('', WriteData), false);
  assert.equal(await carl.may('', ReadData), true);
});

test('a descriptor that the medium kept wrong lets nobody in', async () => {
  const bench = new AccessBench();
  const ann = bench.user('ann');
  await ann.make('a');
  const { handle } = await bench.backend.open('a', { read: false, write: false });
  await bench.backend.descriptors?.set(handle, new Uint8Array(20).fill(1));
  const opening = ann.open('a', ReadData, { disposition: CreateDisposition.Open });
  await assert.rejects(opening, refused(NtStatus.InvalidSecurityDescr));
});

test('a share may hide what cannot be read or written', async () => {
  const names = async (options: Partial<ShareOptions>): Promise<string[]> => {
    const bench = new AccessBench(options);
    const [ann, bob] = [bench.user('ann'), bench.user('bob')];
    for (const name of ['both', 'read', 'none']) await ann.make(name);
    await ann.make('dir', CreateOptions.DirectoryFile);
    await ann.protect('read', allow(everyone, FileGeneric.Read));
    for (const name of ['none', 'dir']) await ann.protect(name, allow(await ann.sid, FileGeneric.All));
    const { open } = await bob.open('', ReadData, { options: CreateOptions.DirectoryFile });
    const enumeration = new Enumeration(bench.core, open, '*');
    const found: string[] = [];
    for (let entry = await enumeration.next(); entry; entry = await enumeration.next()) found.push(entry.name);
    return found.filter((name) => !name.startsWith('.')).sort();
  };
  assert.deepEqual(await names({}), ['both', 'dir', 'none', 'read']);
  assert.deepEqual(await names({ hideUnreadable: true }), ['both', 'read']);
  assert.deepEqual(await names({ hideUnwritable: true }), ['both', 'dir']);
});

test('a symlink is changed by those only who may change its directory', async () => {
  const bench = new AccessBench();
  const [ann, bob] = [bench.user('ann'), bench.user('bob')];
  await ann.make('d', CreateOptions.DirectoryFile);
  await bench.backend.links?.make('d/l', 'nowhere');
  const link = { options: CreateOptions.OpenReparsePoint };
  assert.equal(await bob.may('d\\l', WriteData | Delete, link), true);
  await ann.protect('d', allow(await ann.sid, FileGeneric.All), allow(everyone, FileGeneric.Read));
  assert.equal(await bob.may('d\\l', ReadData, link), true);
  for (const right of [WriteData, FileAccess.WriteAttributes, Delete])
    assert.equal(await bob.may('d\\l', right, link), false);
});

test('a new stream changes the file', async () => {
  const bench = new AccessBench();
  const [ann, bob] = [bench.user('ann'), bench.user('bob')];
  await ann.make('a');
  await ann.protect('a', allow(await ann.sid, FileGeneric.All), allow(everyone, FileGeneric.Read));
  await assert.rejects(bob.open('a:s', ReadAttributes), denied);
  await ann.make('a:s');
  assert.equal(await bob.may('a:s', ReadData), true);
});

test('who may only append changes nothing that is there', async () => {
  const bench = new AccessBench();
  const [ann, bob] = [bench.user('ann'), bench.user('bob')];
  await ann.make('log');
  await ann.protect('log', allow(everyone, FileAccess.AppendData), allow(await ann.sid, FileGeneric.All));
  const { open } = await bob.open('log', FileAccess.AppendData, { disposition: CreateDisposition.Open });
  await write(bench.core, open, Uint8Array.of(1, 2, 3), 0, false);
  await assert.rejects(write(bench.core, open, Uint8Array.of(9), 2, false), denied);
  await write(bench.core, open, Uint8Array.of(4), 3, false);
  const theirs = await ann.open('log', WriteData, { disposition: CreateDisposition.Open });
  await write(bench.core, theirs.open, Uint8Array.of(9), 0, false);
});
