import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Caching } from '#coord/caching.js';
import { memory } from '#fs/memory/memory.js';
import { HandClock } from '#testing/hand-clock.js';
import { LeaseClient, type OpenWish } from '#testing/lease-client.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import type { FileId } from '#wire/io/file-id.js';
import { CreateDisposition, CreateOptions, OplockLevel } from '#wire/smb2/command/create.js';
import { GlobalCap, type NegotiateResponse } from '#wire/smb2/command/negotiate.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { createServer, type SmbServer } from '../server.js';

const { R, RH, RW, RWH } = Caching;
const [DIR, FILE, OTHER] = [1, 2, 3];
const NOT_DELETE = FileAccess.ReadData | FileAccess.WriteData;
const DIRECTORY: OpenWish = { directory: true, access: NOT_DELETE, lease: { key: DIR, state: RWH } };

function serverOf(): SmbServer {
  return createServer({ users: { ann: { password: 'secret' } }, shares: { docs: memory() }, signing: 'enabled' });
}

async function clients(): Promise<[LeaseClient, LeaseClient]> {
  const server = serverOf();
  return [await new LeaseClient(server, 1).start(), await new LeaseClient(server, 2).start()];
}

/** Makes the client cache the directory again. */
async function rearm(client: LeaseClient, name: string, epoch: number, key = DIR): Promise<void> {
  await client.acknowledge(key, 0);
  const again = await client.open(name, { ...DIRECTORY, lease: { key, state: RH } });
  assert.equal(again.lease, `RH ${key} e${epoch}`);
  await client.close(again.fileId);
}

test('[MS-SMB2] 3.3.5.4: the capability is advertised from 3.0 on', () => {
  for (const [dialect, has] of [
    [Dialect.Smb210, false],
    [Dialect.Smb300, true],
    [Dialect.Smb302, true],
    [Dialect.Smb311, true],
  ] as const) {
    const { peer } = new LeaseClient(serverOf(), 1, dialect);
    peer.negotiate();
    const { capabilities } = peer.last.body as NegotiateResponse;
    assert.equal((capabilities & GlobalCap.DirectoryLeasing) !== 0, has, dialect.toString(16));
  }
});

test('[MS-SMB2] 3.3.5.9.11: a directory can be cached for reading, and kept open; nothing more, and by no oplock', async () => {
  const [one] = await clients();
  for (const [state, granted] of [
    [RWH, 'RH'],
    [RW, 'R'],
    [RH, 'RH'],
    [R, 'R'],
    [2, ''],
  ] as const) {
    const { fileId, lease } = await one.open('d', { directory: true, lease: { key: DIR, state, epoch: 0x11 } });
    assert.equal(lease, `${granted} 1 e${granted === '' ? 0x11 : 0x12}`);
    await one.close(fileId);
  }
  for (const oplock of [OplockLevel.Ii, OplockLevel.Exclusive, OplockLevel.Batch]) {
    const { fileId, lease } = await one.open('d', { directory: true, oplock });
    assert.equal(lease, 'oplock 0');
    await one.close(fileId);
  }
  const old = await one.open('d', { directory: true, lease: { key: DIR, state: RH, version: 1 } });
  assert.equal(old.lease, 'oplock 0', 'of version 1 there are none');
});

test('a listing changes: the directory lease is broken unless its key is the parent key of who did it', async () => {
  const deeds: readonly [string, (client: LeaseClient, open: FileId) => Promise<unknown>][] = [
    ['size', (client, open) => client.setEndOfFile(open, 5)],
    ['attributes', (client, open) => client.setBasic(open, { fileAttributes: FileAttributes.Hidden })],
    ['creation time', (client, open) => client.setBasic(open, { creationTime: 1n })],
    ['access time', (client, open) => client.setBasic(open, { lastAccessTime: 1n })],
    ['write time', (client, open) => client.setBasic(open, { lastWriteTime: 1n })],
    ['change time', (client, open) => client.setBasic(open, { changeTime: 1n })],
    ['rename', (client, open) => client.rename(open, 'd\\g')],
    ['link', (client, open) => client.link(open, 'd\\h')],
  ];
  for (const [what, deed] of deeds) {
    for (const same of [true, false]) {
      for (const [parent, breaks] of [
        [DIR, false],
        [OTHER, true],
        [undefined, true],
      ] as const) {
        const [one, two] = await clients();
        await two.close((await two.open('d', { directory: true })).fileId);
        await two.close((await two.open('d\\f')).fileId);
        await one.open('d', DIRECTORY);
        const who = same ? one : two;
        const lease = { key: FILE, state: RWH, ...(parent !== undefined && { parent }) };
        const { fileId } = await who.open('d\\f', { lease });
        assert.deepEqual(await one.breaks(), [], 'opening what is there changes nothing');
        assert.notEqual(await deed(who, fileId), undefined);
        assert.deepEqual(await one.breaks(), breaks ? ['RH> 1 e2!'] : [], `${what} ${same} ${parent}`);
      }
    }
  }
});

test('making, overwriting and deleting', async () => {
  const [one, two] = await clients();
  await one.open('d', DIRECTORY);
  const own = await one.open('d\\own', { lease: { key: FILE, parent: DIR, state: RWH } });
  assert.deepEqual([own.lease, await one.breaks()], ['RWH 2 e1', []]);
  const made = await two.open('d\\f');
  assert.deepEqual(await one.breaks(), ['RH> 1 e2!']);
  await rearm(one, 'd', 3);
  await two.close(made.fileId);
  await two.close((await two.open('d\\f', { disposition: CreateDisposition.Overwrite })).fileId);
  assert.deepEqual(await one.breaks(), ['RH> 1 e4!']);
  await two.open('d\\sub', { directory: true });
  assert.deepEqual(await one.breaks(), [], 'once, while it is not acknowledged');
  await rearm(one, 'd', 5);
  const doomed = await two.open('d\\f', { options: CreateOptions.DeleteOnClose });
  assert.deepEqual(await one.breaks(), []);
  await two.close(doomed.fileId);
  assert.deepEqual(await one.breaks(), ['RH> 1 e6!']);
  await rearm(one, 'd', 7);
  await two.open('d\\sub\\deeper', { directory: true });
  assert.deepEqual(await one.breaks(), [], 'what is below what is below does not show');
});

test('written data show in a listing once the handle is closed', async () => {
  const [one, two] = await clients();
  await two.open('d', { directory: true });
  const file = await two.open('d\\f');
  await one.open('d', DIRECTORY);
  await two.write(file.fileId);
  assert.deepEqual(await one.breaks(), []);
  await two.close(file.fileId);
  assert.deepEqual(await one.breaks(), ['RH> 1 e2!']);
  await rearm(one, 'd', 3);
  const own = await one.open('d\\f', { lease: { key: FILE, parent: DIR, state: RWH } });
  await one.write(own.fileId);
  await one.close(own.fileId);
  assert.deepEqual(await one.breaks(), []);
});

test('a move breaks the lease on either directory, but for the one whose key is the parent key', async () => {
  for (const [parent, breaks] of [
    [DIR, ['RH> 4 e2!']],
    [4, ['RH> 1 e2!']],
    [OTHER, ['RH> 1 e2!', 'RH> 4 e2!']],
    [undefined, ['RH> 1 e2!', 'RH> 4 e2!']],
  ] as const) {
    const [one] = await clients();
    await one.open('from', DIRECTORY);
    await one.open('to', { ...DIRECTORY, lease: { key: 4, state: RH } });
    await one.close((await one.open('from\\f', { lease: { key: FILE, parent: DIR, state: RWH } })).fileId);
    const lease = { key: FILE, state: RWH, ...(parent !== undefined && { parent }) };
    const { fileId } = await one.open('from\\f', { lease });
    assert.equal(await one.rename(fileId, 'to\\f'), NtStatus.Success);
    assert.deepEqual(await one.breaks(), breaks);
  }
});

test('a deletion spares the lease of who wanted it and closed last, if that is one', async () => {
  // Who marks the file for deletion and who closes it last: the open with parent key 1, or that with 4.
  for (const [how, marks, last, breaks] of [
    ['disposition', 4, 4, ['RH> 1 e2!']],
    ['disposition', 1, 4, ['RH> 1 e2!', 'RH> 4 e2!']],
    ['on close', 1, 1, ['RH> 4 e2!']],
    ['on close', 1, 4, ['RH> 1 e2!', 'RH> 4 e2!']],
  ] as const) {
    const [one] = await clients();
    await one.close((await one.open('d', { directory: true })).fileId);
    await one.close((await one.open('d\\f')).fileId);
    await one.open('d', DIRECTORY);
    await one.open('d', { ...DIRECTORY, lease: { key: 4, state: RH } });
    const options = how === 'on close' ? CreateOptions.DeleteOnClose : 0;
    const opens = {
      1: await one.open('d\\f', { options, lease: { key: 5, parent: DIR, state: R } }),
      4: await one.open('d\\f', { lease: { key: 6, parent: 4, state: R } }),
    };
    if (how === 'disposition') assert.equal(await one.dispose(opens[marks].fileId), NtStatus.Success);
    await one.close(opens[last === 1 ? 4 : 1].fileId);
    assert.deepEqual(await one.breaks(), [], `${how} ${marks} ${last}`);
    await one.close(opens[last].fileId);
    assert.deepEqual((await one.breaks()).sort(), breaks, `${how} ${marks} ${last}`);
  }
});

test('who keeps a directory open just in case gives way to an open that shares less', async () => {
  const [one, two] = await clients();
  const directory = await one.open('d', { ...DIRECTORY, lease: { key: DIR, state: RH, epoch: 0x22 } });
  const refused = two.begin('d', { directory: true, share: 0 });
  assert.deepEqual(await one.breaks(), ['RH>R 1 e36!']);
  assert.equal(await one.acknowledge(DIR, R), NtStatus.Success);
  assert.equal((await two.answer(refused))?.status, NtStatus.SharingViolation);
  await rearm(one, 'd', 37);
  const waiting = two.begin('d', { directory: true, share: 0 });
  assert.deepEqual(await one.breaks(), ['RH>R 1 e38!']);
  await one.close(directory.fileId);
  assert.equal((await two.answer(waiting))?.status, NtStatus.Success);
});

test('a move into a directory waits for who keeps it open just in case and lets nobody change it', async () => {
  const [one, two] = await clients();
  await two.open('from', { directory: true });
  const file = await two.open('from\\f');
  const keeper = { directory: true, lease: { key: DIR, state: RH } };
  const directory = await one.open('to', { ...keeper, access: FileAccess.Delete });
  const moving = two.rename(file.fileId, 'to\\f');
  assert.deepEqual(await one.breaks(), ['RH>R 1 e2!']);
  await one.acknowledge(DIR, R);
  assert.equal(await moving, NtStatus.SharingViolation);
  await one.close((await one.open('to', { ...keeper, access: FileAccess.Delete })).fileId);
  const again = two.rename(file.fileId, 'to\\f');
  assert.deepEqual(await one.breaks(), ['RH>R 1 e4!']);
  await one.close(directory.fileId);
  assert.equal(await again, NtStatus.Success);
});

test('[MS-FSA] 2.1.4.2: a directory is renamed once those below have closed what they kept just in case', async () => {
  for (const [closes, status] of [
    [[true, true], NtStatus.Success],
    [[false, true], NtStatus.AccessDenied],
    [[true, false], NtStatus.AccessDenied],
  ] as const) {
    const [one, two] = await clients();
    const directory = await two.open('d', { directory: true });
    const files = [
      await one.open('d\\1', { lease: { key: 5, state: RH } }),
      await one.open('d\\2', { lease: { key: 6, state: RH } }),
    ];
    const moving = two.rename(directory.fileId, 'e');
    for (const isClosed of closes) {
      const told = await one.breaks();
      if (told.length === 0) break;
      const key = told[0] === 'RH>R 5 e2!' ? 5 : 6;
      assert.deepEqual(told, [`RH>R ${key} e2!`], 'one after the other');
      if (isClosed) await one.close(files[key - 5]?.fileId as FileId);
      else await one.acknowledge(key, R);
    }
    assert.equal(await moving, status);
  }
  const [one, two] = await clients();
  const directory = await two.open('d', { directory: true });
  await one.open('d\\1', { lease: { key: 5, state: RH } });
  await one.open('d\\2', { lease: { key: 6, state: R } });
  assert.equal(await two.rename(directory.fileId, 'e'), NtStatus.AccessDenied);
  assert.deepEqual(await one.breaks(), [], 'nobody gives up anything for what cannot be');
});

test('a break that is not acknowledged ends the lease when its time is over; nobody has waited', async () => {
  const clock = new HandClock();
  const server = createServer({
    users: { ann: { password: 'secret' } },
    shares: { docs: memory() },
    signing: 'enabled',
    clock,
  });
  const one = await new LeaseClient(server, 1).start();
  await one.open('d', DIRECTORY);
  await one.open('d\\f');
  assert.deepEqual(await one.breaks(), ['RH> 1 e2!']);
  const during = await one.open('d', { ...DIRECTORY, lease: { key: DIR, state: RH } });
  assert.equal(during.lease, 'RH 1 e2!');
  await clock.wind(35_001);
  assert.equal(await one.acknowledge(DIR, 0), NtStatus.Unsuccessful);
  const after = await one.open('d', { ...DIRECTORY, lease: { key: DIR, state: RH } });
  assert.equal(after.lease, 'RH 1 e3');
});
