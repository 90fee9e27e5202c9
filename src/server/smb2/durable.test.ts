import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { asks, asksV2, Bench, Client, createOf, lease, OTHER, returns, returnsV2 } from '#testing/durable-bench.js';
import { turn } from '#testing/smb2-peer.js';
import { NIL_GUID } from '#wire/dtyp/guid.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileId } from '#wire/io/file-id.js';
import {
  CreateAction,
  CreateOptions,
  type CreateRequest,
  type CreateResponse,
  OplockLevel,
} from '#wire/smb2/command/create.js';
import { LockElement, LockFlags, LockRequest } from '#wire/smb2/command/lock.js';
import { LogoffRequest } from '#wire/smb2/command/logoff.js';
import { TreeDisconnectRequest } from '#wire/smb2/command/tree-disconnect.js';
import { WriteRequest } from '#wire/smb2/command/write.js';
import type { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import type { CreateContextResponse } from '#wire/smb2/create-context/create-context-response.js';
import { type CreateDurableHandleResponseV2, DurableHandleFlags } from '#wire/smb2/create-context/durable-handle-v2.js';
import type { CreateLease } from '#wire/smb2/create-context/lease.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import { createServer } from '../server.js';

const RH = 3;
const RW = 5;
const { Success, ObjectNameNotFound, InvalidParameter, AccessDenied } = NtStatus;

const answered = ({ createContexts }: CreateResponse): string[] => createContexts.map(({ name }) => name);

test('durable is what caches the handle', async () => {
  const rows: [contexts: CreateContextRequest[], changes: Partial<CreateRequest>, answered: string[]][] = [
    [[asks()], {}, ['DHnQ']],
    [[asksV2()], {}, ['DH2Q']],
    [[asks()], { requestedOplockLevel: OplockLevel.Exclusive }, []],
    [[asks()], { requestedOplockLevel: OplockLevel.None }, []],
    [[lease(RH), asks()], {}, ['RqLs', 'DHnQ']],
    [[lease(RW), asksV2()], {}, ['RqLs']],
    [[asks()], { name: 'd', createOptions: CreateOptions.DirectoryFile }, []],
  ];
  for (const [contexts, changes, wanted] of rows) {
    const client = await new Bench().client();
    assert.deepEqual(answered(await client.opened(contexts, changes)), wanted);
  }
  const old = await new Bench().client({ dialect: Dialect.Smb210 });
  assert.deepEqual(answered(await old.opened([asksV2()])), [], 'version 2 begins with SMB 3');
});

test('the client names a time, within limits; no handle is persistent', async () => {
  for (const [asked, granted] of [
    [0, 60_000],
    [5, 5],
    [0xffff_ffff, 300_000],
  ] as const) {
    const client = await new Bench().client();
    const { createContexts } = await client.opened([asksV2(asked, DurableHandleFlags.Persistent)]);
    const { timeout, flags } = (createContexts[0] as CreateContextResponse).data as CreateDurableHandleResponseV2;
    assert.deepEqual([timeout, flags], [granted, 0]);
  }
});

test('contexts that exclude each other', async () => {
  const client = await new Bench().client();
  const { none } = FileId;
  for (const contexts of [
    [asks(), asksV2()],
    [returns(none), asksV2()],
    [returns(none), returnsV2(none)],
    [returnsV2(none), asks()],
    [returnsV2(none), asksV2()],
  ]) {
    assert.equal(await client.open(contexts), InvalidParameter);
  }
  assert.equal(await client.open([returns(none), asks()]), ObjectNameNotFound, 'who comes back need not ask again');
});

test('an open comes back with its locks, over and over', async () => {
  const bench = new Bench();
  const client = await bench.client();
  const { fileId } = await client.opened([asks()]);
  const locks = [Object.assign(new LockElement(), { length: 1n, flags: LockFlags.ExclusiveLock })];
  assert.equal(await client.ask(Command.Lock, Object.assign(new LockRequest(), { fileId, locks })), Success);
  await client.lose();
  const { sessions, trees, opens, disconnectedOpens, claims, locks: held } = await bench.server.status();
  assert.deepEqual([sessions, trees, opens, disconnectedOpens, claims, held], [0, 0, 0, 1, 1, 1]);
  let last = fileId;
  for (const options of [{}, { clientGuid: OTHER }]) {
    const again = await bench.client(options);
    const nonsense = { impersonationLevel: 9, desiredAccess: 0, requestedOplockLevel: 0x78, name: '\\gone' };
    const back = await again.opened([returns(last)], nonsense);
    assert.deepEqual([back.createAction, back.oplockLevel], [CreateAction.Opened, OplockLevel.Batch]);
    assert.deepEqual(back.createContexts, []);
    assert.deepEqual([back.fileId.p0, back.fileId.p1], [fileId.p0, fileId.p1]);
    last = back.fileId;
    const write = Object.assign(new WriteRequest(), { fileId: last, data: Uint8Array.of(1) });
    assert.equal(await again.ask(Command.Write, write), Success);
    assert.equal(await again.open([returns(last)]), ObjectNameNotFound, 'it is in use');
    await again.lose();
  }
  await bench.clock.wind(959_999);
  assert.equal(await bench.held(), '0 1 1');
  await bench.clock.wind(1);
  assert.equal(await bench.held(), '0 0 0');
  // Its directory stays watched a little longer.
  await bench.clock.wind(5_000);
  assert.equal(bench.clock.waiting.length, 0);
});

test('who may have an oplock back', async () => {
  const bench = new Bench();
  const fileId = await bench.lost([asksV2()]);
  const [ann, bob] = [await bench.client(), await bench.client({ account: 'bob' })];
  const elsewhere = await bench.client({}, 'other');
  const { p0, p1, v0, v1 } = fileId;
  assert.equal(await ann.open([returns(new FileId(p0 + 1, p1, v0, v1))]), ObjectNameNotFound);
  assert.equal(await ann.open([returns(new FileId(p0, p1 ^ 1, v0, v1))]), ObjectNameNotFound);
  assert.equal(await ann.open([returnsV2(fileId, OTHER)]), ObjectNameNotFound);
  assert.equal(await ann.open([returnsV2(fileId, NIL_GUID)]), ObjectNameNotFound);
  assert.equal(await ann.open([lease(RH), returnsV2(fileId)]), ObjectNameNotFound);
  assert.equal(await elsewhere.open([returnsV2(fileId)]), ObjectNameNotFound);
  assert.equal(await bob.open([returnsV2(fileId)]), AccessDenied);
  assert.equal(await bench.held(), '0 1 1');
  await ann.opened([returnsV2(fileId)]);
});

test('who may have a lease back', async () => {
  const bench = new Bench();
  const fileId = await bench.lost([lease(RH), asks()]);
  const client = await bench.client();
  const stranger = await bench.client({ clientGuid: OTHER });
  assert.equal(await client.open([returns(fileId)]), ObjectNameNotFound);
  assert.equal(await client.open([lease(RH, OTHER), returns(fileId)]), ObjectNameNotFound);
  assert.equal(await stranger.open([lease(RH), returns(fileId)]), ObjectNameNotFound);
  assert.equal(await client.open([lease(RH), returns(fileId)], { name: 'x' }), InvalidParameter);
  const back = await client.opened([lease(0), returns(fileId)], { name: 'F' });
  assert.equal(back.oplockLevel, OplockLevel.Lease);
  assert.equal((back.createContexts[0]?.data as CreateLease | undefined)?.leaseState, RH);
});

test('after its time it is closed; the time begins with each loss', async () => {
  const bench = new Bench();
  const fileId = await bench.lost([asksV2(1000)]);
  await bench.clock.wind(999);
  const client = await bench.client();
  const back = await client.opened([returnsV2(fileId)]);
  await bench.clock.wind(5000);
  await client.lose();
  await bench.clock.wind(999);
  assert.equal(await bench.held(), '0 1 1');
  await bench.clock.wind(1);
  assert.equal(await bench.held(), '0 0 0');
  assert.equal(await (await bench.client()).open([returnsV2(back.fileId)]), ObjectNameNotFound);
});

test('whoever needs what it keeps ends it', async () => {
  const bench = new Bench();
  const fileId = await bench.lost([asks()], { shareAccess: 0 });
  const client = await bench.client();
  client.send(Command.Create, createOf([], { requestedOplockLevel: OplockLevel.None, shareAccess: 0 }));
  for (let i = 0; i < 5; i++) await turn();
  assert.equal(client.peer.status, Success);
  assert.equal(await bench.held(), '1 0 1');
  assert.equal(await client.open([returns(fileId)]), ObjectNameNotFound);
});

test('what asks for nothing of it leaves it; a write does not', async () => {
  const bench = new Bench();
  await bench.lost([lease(RH), asks()]);
  const client = await bench.client({ clientGuid: OTHER });
  const { fileId } = await client.opened([], { requestedOplockLevel: OplockLevel.None });
  assert.equal(await bench.held(), '1 1 2');
  const write = Object.assign(new WriteRequest(), { fileId, data: Uint8Array.of(1) });
  assert.equal(await client.ask(Command.Write, write), Success);
  for (let i = 0; i < 3; i++) await turn();
  assert.equal(await bench.held(), '1 0 1');
});

test('delete on close waits as well; who ends it finds nothing any more', async () => {
  const deleting = { createOptions: CreateOptions.DeleteOnClose };
  const bench = new Bench();
  const fileId = await bench.lost([asks()], deleting);
  const back = await (await bench.client()).opened([returns(fileId)]);
  assert.equal(back.createAction, CreateAction.Opened);
  const other = new Bench();
  await other.lost([asks()], deleting);
  const client = await other.client();
  client.send(Command.Create, createOf([], {}));
  for (let i = 0; i < 20; i++) await turn();
  assert.equal(client.peer.status, Success);
  assert.equal((client.peer.last.body as CreateResponse).createAction, CreateAction.Created);
});

test('LOGOFF and a session that takes the place of another leave it; disconnecting from the share does not', async () => {
  const bench = new Bench();
  const client = await bench.client();
  const { fileId } = await client.opened([asks()]);
  assert.equal(await client.ask(Command.Logoff, new LogoffRequest()), Success);
  await client.start();
  const second = await client.opened([returns(fileId)]);
  const successor = await bench.client({}, 'docs', client.sessionId);
  const third = await successor.opened([returns(second.fileId)]);
  assert.equal(await successor.ask(Command.TreeDisconnect, new TreeDisconnectRequest()), Success);
  assert.equal(await bench.held(), '0 0 0');
  assert.equal(await (await bench.client()).open([returns(third.fileId)]), ObjectNameNotFound);
});

test('guests have nothing to prove themselves with: their opens are not durable', async () => {
  const shares = { docs: { backend: memory(), guests: 'write' } } as const;
  const server = createServer({ shares, guest: true, signing: 'enabled' });
  const client = await new Client(server, { account: 'nobody', password: '' }).start();
  assert.deepEqual(answered(await client.opened([asks()])), []);
});

test('what an account may leave behind is limited', async () => {
  const bench = new Bench({ disconnectedOpens: 1 });
  const client = await bench.client();
  await client.opened([asks()]);
  await client.opened([asks()], { name: 'g' });
  await client.lose();
  assert.equal(await bench.held(), '0 1 1');
});

test('a server that closes keeps none', async () => {
  const bench = new Bench();
  await bench.lost([asks()]);
  const client = await bench.client();
  await client.opened([asks()], { name: 'g' });
  await bench.server.close();
  assert.equal(await bench.held(), '0 0 0');
});

test('a CREATE that comes again is done once, while nobody has used what it opened', async () => {
  const bench = new Bench();
  const client = await bench.client();
  const first = await client.opened([asksV2()]);
  assert.deepEqual(await client.again([asksV2()]), first);
  const less = (await client.again([asksV2()], { requestedOplockLevel: OplockLevel.None })) as CreateResponse;
  assert.deepEqual([less.fileId, less.oplockLevel, less.createContexts], [first.fileId, OplockLevel.None, []]);
  assert.equal(await client.open([asksV2()]), NtStatus.DuplicateObjectid);
  assert.equal(await client.again([lease(RH), asksV2()]), AccessDenied);
  assert.equal(await (await bench.client()).again([asksV2()]), NtStatus.DuplicateObjectid, 'of another session');
  assert.equal(await bench.held(), '1 0 1');
  const write = Object.assign(new WriteRequest(), { fileId: first.fileId, data: Uint8Array.of(1) });
  assert.equal(await client.ask(Command.Write, write), Success);
  client.send(Command.Create, createOf([asksV2()], { name: 'g' }));
  for (let i = 0; i < 5; i++) await turn();
  assert.equal(client.peer.status, Success, 'the GUID is free');
});

test('a CREATE that comes again before it is done is to come later', async () => {
  const bench = new Bench();
  const [one, other] = [await bench.client(), await bench.client({ clientGuid: OTHER })];
  await one.opened([]);
  other.send(Command.Create, createOf([asksV2()], {}));
  await turn();
  assert.equal(other.peer.status, NtStatus.Pending);
  assert.equal(await other.again([asksV2()]), NtStatus.FileNotAvailable);
  await one.lose();
  assert.equal(other.peer.status, Success);
  assert.equal(typeof (await other.again([asksV2()])), 'object');
});
