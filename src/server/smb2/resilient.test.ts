import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asks, Bench, type Client, createOf, OTHER, returns } from '#testing/durable-bench.js';
import { turn } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import type { FileId } from '#wire/io/file-id.js';
import { type CreateRequest, type CreateResponse, OplockLevel } from '#wire/smb2/command/create.js';
import { IoctlFlags, IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { LockElement, LockFlags, LockRequest } from '#wire/smb2/command/lock.js';
import { CreateAppInstanceId } from '#wire/smb2/create-context/app-instance-id.js';
import { CreateAppInstanceVersion } from '#wire/smb2/create-context/app-instance-version.js';
import { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';

const { Success, InvalidParameter, SharingViolation } = NtStatus;
const NONE: Partial<CreateRequest> = { requestedOplockLevel: OplockLevel.None };
const APP = 'dddddddd-0000-0000-0000-000000000001';

function asksResiliency(client: Client, fileId: FileId, timeout: number, bytes = 8): Promise<number> {
  const input = new Uint8Array(8);
  new DataView(input.buffer).setUint32(0, timeout, true);
  const wanted = { fileId, flags: IoctlFlags.IsFsctl, ctlCode: Fsctl.LmrRequestResiliency };
  return client.ask(Command.Ioctl, Object.assign(new IoctlRequest(), wanted, { input: input.subarray(0, bytes) }));
}

test('a resilient open needs no oplock, keeps its name, and stays in the way of others', async () => {
  const bench = new Bench();
  const client = await bench.client();
  const { fileId } = await client.opened([], { ...NONE, shareAccess: 0 });
  assert.equal(await asksResiliency(client, fileId, 5000), Success);
  const locks = [Object.assign(new LockElement(), { length: 1n, flags: LockFlags.ExclusiveLock })];
  const locking = Object.assign(new LockRequest(), { fileId, locks, lockSequence: 0x37 });
  assert.equal(await client.ask(Command.Lock, locking), Success);
  await client.lose();
  assert.equal(await bench.held(), '0 1 1');
  const [again, stranger] = [await bench.client(), await bench.client({ account: 'bob' })];
  assert.equal(await stranger.open([], NONE), SharingViolation);
  assert.equal(await stranger.open([returns(fileId)], NONE), NtStatus.AccessDenied);
  const back = await again.opened([returns(fileId)], NONE);
  assert.deepEqual([back.fileId.p0, back.fileId.p1], [fileId.p0, fileId.p1]);
  const repeated = Object.assign(new LockRequest(), locking, { fileId: back.fileId });
  assert.equal(await again.ask(Command.Lock, repeated), Success, 'done already, it is not done again');
  await again.lose();
  await bench.clock.wind(4999);
  assert.equal(await bench.held(), '0 1 1');
  await bench.clock.wind(1);
  assert.equal(await bench.held(), '0 0 0');
});

test('what a resilient open has cached is void when others need it while its client is gone', async () => {
  const bench = new Bench();
  const client = await bench.client();
  const { fileId } = await client.opened([]);
  assert.equal(await asksResiliency(client, fileId, 0), Success);
  await client.lose();
  const other = await bench.client({ clientGuid: OTHER });
  other.send(Command.Create, createOf([], NONE));
  for (let i = 0; i < 5; i++) await turn();
  assert.equal(other.peer.status, Success);
  assert.equal(await bench.held(), '1 1 2');
  const back = await (await bench.client()).opened([returns(fileId)]);
  assert.equal(back.oplockLevel, OplockLevel.None);
});

test('a time that is too long, too few bytes and old dialects are refused', async () => {
  const bench = new Bench();
  const client = await bench.client({ dialect: Dialect.Smb210 });
  const { fileId } = await client.opened([]);
  assert.equal(await asksResiliency(client, fileId, 300_001), InvalidParameter);
  assert.equal(await asksResiliency(client, fileId, 0, 7), InvalidParameter);
  assert.equal(await asksResiliency(client, fileId, 300_000), Success);
  await client.lose();
  await bench.clock.wind(299_999);
  assert.equal(await bench.held(), '0 1 1');
  const old = await bench.client({ dialect: Dialect.Smb202 });
  const opened = await old.opened([], { name: 'g' });
  assert.equal(await asksResiliency(old, opened.fileId, 0), NtStatus.InvalidDeviceRequest);
});

test('at 2.1 what is durable or resilient has its locks once', async () => {
  const bench = new Bench();
  const client = await bench.client({ dialect: Dialect.Smb210 });
  const locks = [
    Object.assign(new LockElement(), { length: 1n, flags: LockFlags.ExclusiveLock | LockFlags.FailImmediately }),
  ];
  for (const [name, contexts, wanted] of [
    ['plain', [], NtStatus.LockNotGranted],
    ['durable', [asks()], Success],
  ] as const) {
    const { fileId } = await client.opened([...contexts], { name });
    const body = Object.assign(new LockRequest(), { fileId, locks, lockSequence: 0x11 });
    assert.equal(await client.ask(Command.Lock, body), Success);
    assert.equal(await client.ask(Command.Lock, body), wanted, name);
  }
});

function isFor(version?: bigint, id = APP): CreateContextRequest[] {
  const app = Object.assign(new CreateAppInstanceId(), { appInstanceId: id });
  const contexts = [CreateContextRequest.of(CreateContextTag.AppInstanceId, app)];
  if (version === undefined) return contexts;
  const data = Object.assign(new CreateAppInstanceVersion(), {
    appInstanceVersionHigh: version >> 64n,
    appInstanceVersionLow: version & 0xffff_ffff_ffff_ffffn,
  });
  return [...contexts, CreateContextRequest.of(CreateContextTag.AppInstanceVersion, data)];
}

const ALONE: Partial<CreateRequest> = { shareAccess: 0 };

test('an application that comes by another client ends what it had open by the one before', async () => {
  const bench = new Bench();
  const one = await bench.client();
  await one.opened(isFor(), ALONE);
  const other = await bench.client({ clientGuid: OTHER });
  const before = one.peer.replies.length;
  assert.equal(typeof (await other.open(isFor(), ALONE)), 'object');
  assert.equal(one.peer.replies.length, before, 'no oplock is broken for it');
  assert.equal(await bench.held(), '1 0 1');
});

test('not another file, another application, another dialect, or the same client', async () => {
  for (const [contexts, changes, options] of [
    [isFor(undefined, OTHER), ALONE, { clientGuid: OTHER }],
    [[], ALONE, { clientGuid: OTHER }],
    [isFor(), ALONE, { clientGuid: OTHER, dialect: Dialect.Smb210 }],
    [isFor(), ALONE, {}],
  ] as const) {
    const bench = new Bench();
    await (await bench.client()).opened(isFor(), { ...ALONE, ...NONE });
    const other = await bench.client(options);
    assert.equal(await other.open([...contexts], { ...changes, ...NONE }), SharingViolation);
    await other.opened(isFor(), { ...NONE, name: 'another' });
    assert.equal(await bench.held(), '2 0 2');
  }
});

test('an open whose client is gone is ended likewise', async () => {
  const bench = new Bench();
  const fileId = await bench.lost([asks(), ...isFor()], ALONE);
  const other = await bench.client({ clientGuid: OTHER });
  await other.opened(isFor(), ALONE);
  assert.equal(await bench.held(), '1 0 1');
  assert.equal(await (await bench.client()).open([returns(fileId)]), NtStatus.ObjectNameNotFound);
});

test('of two versions of an application the older gives way', async () => {
  for (const [known, asked, wanted] of [
    [2n, 3n, Success],
    [2n, 2n, NtStatus.FileForcedClosed],
    [1n << 64n, 5n, NtStatus.FileForcedClosed],
    [5n, 1n << 64n, Success],
    [undefined, 1n, Success],
    [2n, undefined, Success],
  ] as const) {
    const bench = new Bench();
    const dialect = Dialect.Smb311;
    await (await bench.client({ dialect })).opened(isFor(known), ALONE);
    const other = await bench.client({ clientGuid: OTHER, dialect });
    const answer: CreateResponse | number = await other.open(isFor(asked), ALONE);
    assert.equal(typeof answer === 'number' ? answer : Success, wanted, `${known} ${asked}`);
    assert.equal(await bench.held(), '1 0 1');
  }
});
