import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WritableBackend } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';
import { Bench, createOf, GUID, KEY, lease, OTHER, returns } from '#testing/durable-bench.js';
import { MemoryStore } from '#testing/memory-store.js';
import {
  answerOf,
  asks,
  CAPABLE,
  closed,
  comesBack,
  disposed,
  leaseStateOf,
  locked,
  NONE,
  Site,
} from '#testing/persistent-bench.js';
import { type PeerOptions, type Reply, turn } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import type { FileId } from '#wire/io/file-id.js';
import { CreateAction, CreateOptions } from '#wire/smb2/command/create.js';
import { IoctlFlags, IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { LockFlags } from '#wire/smb2/command/lock.js';
import { GlobalCap, type NegotiateResponse } from '#wire/smb2/command/negotiate.js';
import { LeaseBreak, OplockBreakRequest } from '#wire/smb2/command/oplock-break.js';
import { ShareCap, type TreeConnectResponse } from '#wire/smb2/command/tree-connect.js';
import { WriteRequest } from '#wire/smb2/command/write.js';
import { CreateAppInstanceId } from '#wire/smb2/create-context/app-instance-id.js';
import { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import { DurableHandleFlags } from '#wire/smb2/create-context/durable-handle-v2.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import { createServer } from '../server.js';

const { Success, ObjectNameNotFound, FileNotAvailable, AccessDenied } = NtStatus;
const { Persistent } = DurableHandleFlags;
const [RH, RWH] = [3, 7];

test('what is advertised: by the server that can, for the share that wants to, to whom it means something', async () => {
  const site = new Site();
  const seen = async (options: PeerOptions, share: string): Promise<[boolean, boolean]> => {
    const { peer } = await site.client(options, share);
    const [negotiated] = peer.replies as [Reply];
    const { capabilities } = negotiated.body as NegotiateResponse;
    const tree = peer.last.body as TreeConnectResponse;
    return [(capabilities & GlobalCap.PersistentHandles) !== 0, tree.capabilities === ShareCap.ContinuousAvailability];
  };
  assert.deepEqual(await seen({}, 'docs'), [true, true]);
  assert.deepEqual(await seen({}, 'plain'), [true, false]);
  assert.deepEqual(await seen({ capabilities: 0 }, 'docs'), [false, true]);
  assert.deepEqual(await seen({ dialect: Dialect.Smb210 }, 'docs'), [false, false]);
  const shares = { docs: { backend: memory(), continuouslyAvailable: true } };
  assert.throws(() => createServer({ shares }), /state store/);
});

test('persistent is what asks for it where it can be; it needs no oplock', async () => {
  const site = new Site();
  const client = await site.client();
  const granted = await client.opened([asks()], NONE);
  assert.equal(answerOf(granted)?.flags, Persistent);
  assert.equal(site.store.records.size, 1);
  const directory = { name: 'd', createOptions: CreateOptions.DirectoryFile, ...NONE };
  const [other] = [CreateContextRequest.of(CreateContextTag.DurableHandleRequestV2, asks().data)];
  Object.assign(other?.data ?? {}, { createGuid: OTHER });
  assert.equal(answerOf(await client.opened([other as CreateContextRequest], directory)), undefined);
  for (const [options, share] of [
    [{ capabilities: 0 }, 'docs'],
    [{}, 'plain'],
  ] as const) {
    const one = await site.client({ ...options, clientGuid: OTHER }, share);
    assert.equal(answerOf(await one.opened([asks()], { name: 'x' }))?.flags, 0, 'durable at most');
    await one.lose();
    await site.bench.clock.wind(60_000);
  }
  assert.equal(site.store.records.size, 1);
  assert.equal(await client.ask(Command.Close, closed(granted.fileId)), Success);
  assert.equal(site.store.records.size, 0);
});

test('after a crash the owner has his open again, and nobody else', async () => {
  const site = new Site();
  const { fileId } = await (await site.client()).opened([asks()], { ...NONE, shareAccess: 0 });
  await site.crash();
  assert.equal(await site.bench.held(), '0 1 1');
  const [ann, bob] = [await site.client(), await site.client({ account: 'bob' })];
  assert.equal(await bob.open([], NONE), FileNotAvailable);
  assert.equal(await ann.open([], NONE), FileNotAvailable);
  assert.equal(await bob.open([comesBack(fileId)]), AccessDenied);
  assert.equal(await ann.open([comesBack(fileId, OTHER)]), ObjectNameNotFound);
  assert.equal(await ann.open([comesBack(fileId, GUID, 0)]), ObjectNameNotFound);
  assert.equal(await ann.open([returns(fileId)]), ObjectNameNotFound);
  assert.equal(await (await site.client({}, 'plain')).open([comesBack(fileId)]), ObjectNameNotFound);
  const back = await ann.opened([comesBack(fileId)]);
  assert.deepEqual([back.fileId.p0, back.fileId.p1, back.createAction], [fileId.p0, fileId.p1, CreateAction.Opened]);
  assert.equal(await ann.open([comesBack(fileId)]), ObjectNameNotFound, 'it is in use');
  assert.equal(await bob.open([], NONE), NtStatus.SharingViolation);
  const write = Object.assign(new WriteRequest(), { fileId: back.fileId, data: Uint8Array.of(1) });
  assert.equal(await ann.ask(Command.Write, write), Success);
  assert.equal(await ann.ask(Command.Close, closed(back.fileId)), Success);
  assert.equal(await site.bench.held(), '0 0 0');
  await site.crash();
  assert.equal(await site.bench.held(), '0 0 0');
});

test('an open survives crash upon crash; ids of a former run mean no other open', async () => {
  const site = new Site();
  let { fileId } = await (await site.client()).opened([asks()], NONE);
  for (let i = 0; i < 3; i++) {
    await site.crash();
    const client = await site.client();
    const other = await client.opened([], { ...NONE, name: 'other' });
    assert.notDeepEqual([other.fileId.p0, other.fileId.p1], [fileId.p0, fileId.p1]);
    ({ fileId } = await client.opened([comesBack(fileId)]));
  }
});

test('locks, lease and delete-on-close are there again', async () => {
  const site = new Site();
  const wanted = { createOptions: CreateOptions.DeleteOnClose };
  const client = await site.client();
  const { fileId } = await client.opened([lease(RWH), asks()], wanted);
  assert.equal(await client.ask(Command.Lock, locked(fileId)), Success);
  await site.crash();
  assert.equal((await site.bench.server.status()).locks, 1);
  const stranger = await site.client({ clientGuid: OTHER });
  assert.equal(await stranger.open([lease(RWH), comesBack(fileId)]), ObjectNameNotFound);
  const again = await site.client();
  assert.equal(await again.open([comesBack(fileId)]), ObjectNameNotFound, 'without the key of its lease');
  const back = await again.opened([lease(0), comesBack(fileId)]);
  assert.equal(leaseStateOf(back), RWH);
  assert.equal(await again.ask(Command.Lock, locked(back.fileId, LockFlags.Unlock)), Success);
  assert.equal(await again.ask(Command.Close, closed(back.fileId)), Success);
  const next = await (await site.client()).opened([], NONE);
  assert.equal(next.createAction, CreateAction.Created, 'it was deleted');
});

test('a lock that was given back, and a file that is to go', async () => {
  const site = new Site();
  const client = await site.client();
  const { fileId } = await client.opened([asks()], NONE);
  assert.equal(await client.ask(Command.Lock, locked(fileId)), Success);
  assert.equal(await client.ask(Command.Lock, locked(fileId, LockFlags.Unlock)), Success);
  assert.equal(await client.ask(Command.SetInfo, disposed(fileId, true)), Success);
  await site.crash();
  assert.equal((await site.bench.server.status()).locks, 0);
  await site.bench.clock.wind(60_000);
  for (let i = 0; i < 10; i++) await turn();
  assert.equal(await site.bench.held(), '0 0 0');
  assert.equal(site.store.records.size, 0);
  const next = await (await site.client()).opened([], NONE);
  assert.equal(next.createAction, CreateAction.Created, 'its time was over, and the file went with it');
});

test('a file that was replaced or removed meanwhile is not given back; one that was renamed is', async () => {
  const backend = memory() as WritableBackend<unknown>;
  const site = new Site(backend);
  const move = async (from: string, to: string): Promise<void> => {
    const { handle } = await backend.open(from, { read: false, write: false });
    await backend.rename(handle, to, true);
    await backend.close(handle);
  };
  const lost = async (): Promise<FileId> => {
    const { fileId } = await (await site.client()).opened([asks()], NONE);
    return fileId;
  };
  const replaced = await lost();
  await backend.close((await backend.create('new', 'file', 0)).handle);
  await move('new', 'f');
  await site.crash();
  assert.equal(await (await site.client()).open([comesBack(replaced)]), ObjectNameNotFound);
  assert.equal(site.store.records.size, 0);
  const removed = await lost();
  const { handle } = await backend.open('f', { read: false, write: false });
  await backend.remove(handle);
  await site.crash();
  assert.equal(await (await site.client()).open([comesBack(removed)]), ObjectNameNotFound);
});

test('a lease that was broken is not there again', async () => {
  const site = new Site();
  const client = await site.client();
  const { fileId } = await client.opened([lease(RWH), asks()]);
  const other = await site.client({ clientGuid: OTHER });
  other.send(Command.Create, createOf([], NONE));
  for (let i = 0; i < 5; i++) await turn();
  const before = new Map(site.store.records);
  const kept = Object.assign(new OplockBreakRequest(), {
    body: Object.assign(new LeaseBreak(), { leaseKey: KEY, leaseState: RH }),
  });
  assert.equal(await client.ask(Command.OplockBreak, kept), Success);
  for (let i = 0; i < 5; i++) await turn();
  assert.equal(other.peer.status, Success);
  for (const records of [before, site.store.records]) {
    site.store = new MemoryStore(records);
    await site.crash();
    const back = await (await site.client()).opened([lease(0), comesBack(fileId)]);
    assert.equal(leaseStateOf(back), RH);
  }
});

test('what cannot be recorded is not persistent, and no lock is granted that is not recorded', async () => {
  const site = new Site();
  const client = await site.client();
  const { fileId } = await client.opened([asks()], NONE);
  site.store.full = true;
  assert.equal(await client.ask(Command.Lock, locked(fileId)), NtStatus.DiskFull);
  assert.equal((await site.bench.server.status()).locks, 0);
  const other = await site.client({ clientGuid: OTHER });
  assert.equal(answerOf(await other.opened([asks()], { name: 'g' }))?.flags, 0);
  assert.equal(await site.bench.held(), '2 0 2');
});

test('a server that closes leaves its persistent opens to the next one', async () => {
  const site = new Site();
  const { fileId } = await (await site.client()).opened([asks()], { createOptions: CreateOptions.DeleteOnClose });
  const gone = await (await site.client({ clientGuid: OTHER })).opened([asks()], { name: 'g' });
  await site.bench.server.close();
  assert.equal(await site.bench.held(), '0 0 0');
  await site.crash();
  const client = await site.client();
  await client.opened([comesBack(fileId)]);
  await client.opened([comesBack(gone.fileId)]);
});

test('records that are damaged, hostile or of shares that are gone are dropped', async () => {
  const site = new Site();
  await (await site.client()).opened([asks()], NONE);
  const [[key, record]] = [...site.store.records] as [[string, Uint8Array]];
  const text = new TextDecoder().decode(record);
  const spoilt = [
    '',
    '[]',
    '{}',
    text.slice(1),
    text.replace('"version":1', '"version":2'),
    text.replace('"path":"f"', '"path":"../f"'),
    text.replace('"share":"docs"', '"share":"plain"'),
    text.replace('"share":"docs"', '"share":"gone"'),
    text.replace('"locks":[]', '"locks":[["1","-1",true]]'),
    text.replace('"access":', '"access":-'),
  ];
  for (const bad of spoilt) {
    assert.notEqual(bad, text);
    site.store = new MemoryStore([[key, new TextEncoder().encode(bad)]] as unknown as Map<string, Uint8Array>);
    await site.crash();
    assert.equal(await site.bench.held(), '0 0 0', bad);
    assert.equal(site.store.records.size, 0);
  }
});

test('each account has room for so many', async () => {
  const docs = { backend: memory(), continuouslyAvailable: true };
  const bench = new Bench({ persistentOpens: 0 }, { shares: { docs }, stateStore: new MemoryStore() });
  await bench.server.ready();
  const client = await bench.client(CAPABLE);
  assert.equal(answerOf(await client.opened([asks()]))?.flags, 0);
});

test('a stream, an application instance and the locks that may come again are there as well', async () => {
  const site = new Site();
  const client = await site.client();
  const app = Object.assign(new CreateAppInstanceId(), { appInstanceId: KEY });
  const isFor = CreateContextRequest.of(CreateContextTag.AppInstanceId, app);
  const { fileId } = await client.opened([asks(), isFor], { ...NONE, name: 'f:s' });
  const locking = { lockSequence: 0x25 };
  assert.equal(await client.ask(Command.Lock, Object.assign(locked(fileId), locking)), Success);
  await site.crash();
  const again = await site.client();
  assert.equal(await again.open([], { ...NONE, name: 'f:S' }), FileNotAvailable);
  assert.equal(typeof (await again.open([], { ...NONE, name: 'f' })), 'object', 'the file itself is another stream');
  const { fileId: back } = await again.opened([comesBack(fileId)]);
  assert.equal(await again.ask(Command.Lock, Object.assign(locked(back), locking)), Success, 'it has been done');
  assert.equal((await site.bench.server.status()).locks, 1);
  const successor = await site.client({ clientGuid: OTHER });
  await successor.opened([isFor], { ...NONE, name: 'f:s' });
  assert.equal(site.store.records.size, 0, 'the application goes on elsewhere');
});

test('a persistent open that is asked to be resilient stays persistent', async () => {
  const site = new Site();
  const client = await site.client();
  const { fileId } = await client.opened([asks()], NONE);
  const wanted = { fileId, flags: IoctlFlags.IsFsctl, ctlCode: Fsctl.LmrRequestResiliency, input: new Uint8Array(8) };
  assert.equal(await client.ask(Command.Ioctl, Object.assign(new IoctlRequest(), wanted)), Success);
  await client.lose();
  await site.crash();
  await (await site.client()).opened([comesBack(fileId)]);
});
