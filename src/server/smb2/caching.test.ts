import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { Smb2Peer, turn } from '#testing/smb2-peer.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileId } from '#wire/io/file-id.js';
import { CancelRequest } from '#wire/smb2/command/cancel.js';
import { CloseRequest } from '#wire/smb2/command/close.js';
import {
  CreateDisposition,
  CreateOptions,
  CreateRequest,
  type CreateResponse,
  OplockLevel,
} from '#wire/smb2/command/create.js';
import { LockElement, LockFlags, LockRequest } from '#wire/smb2/command/lock.js';
import {
  LeaseBreak,
  type LeaseBreakNotification,
  OplockBreak,
  OplockBreakRequest,
  type OplockBreakResponse,
} from '#wire/smb2/command/oplock-break.js';
import { WriteRequest } from '#wire/smb2/command/write.js';
import { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import { CreateLease, CreateLeaseV2 } from '#wire/smb2/create-context/lease.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import { createServer, type SmbServer } from '../server.js';

const KEY = '11111111-2222-3333-4444-555555555555';
const RELATED = 0x4;

/** A client with a session and a tree connect. */
class Client {
  readonly peer: Smb2Peer;
  #asking: { sessionId: bigint; treeId: number } = { sessionId: 0n, treeId: 0 };

  constructor(server: SmbServer, dialect: number = Dialect.Smb302) {
    this.peer = new Smb2Peer(server, { dialect });
  }

  async start(): Promise<this> {
    this.peer.negotiate();
    const session = await this.peer.logOn();
    const treeId = await this.peer.connect(session, 'docs');
    this.#asking = { sessionId: session.id, treeId };
    this.peer.replies.length = 0;
    return this;
  }

  static create(oplock: number, changes: Partial<CreateRequest> = {}): CreateRequest {
    return Object.assign(new CreateRequest(), {
      name: 'f',
      desiredAccess: FileAccess.ReadData | FileAccess.WriteData,
      shareAccess: 7,
      createDisposition: CreateDisposition.OpenIf,
      requestedOplockLevel: oplock,
      ...changes,
    });
  }

  async open(oplock: number, changes: Partial<CreateRequest> = {}): Promise<CreateResponse> {
    await this.peer.ask(Command.Create, Client.create(oplock, changes), this.#asking);
    assert.equal(this.peer.status, NtStatus.Success);
    return this.peer.last.body as CreateResponse;
  }

  send(command: number, body: object): number {
    return this.peer.send(command, body as never, this.#asking);
  }

  compound(...requests: readonly { command: number; body: object }[]): void {
    const flags = (at: number): { flags?: number } => (at === 0 ? {} : { flags: RELATED });
    this.peer.compound(
      requests.map(({ command, body }, at) => ({
        command,
        body: body as never,
        asking: { ...this.#asking, ...flags(at) },
      })),
    );
  }

  cancel(messageId: number): void {
    this.peer.send(Command.Cancel, new CancelRequest(), { ...this.#asking, messageId });
  }

  async acknowledge(body: OplockBreak | LeaseBreak): Promise<number> {
    const request = Object.assign(new OplockBreakRequest(), { body });
    await this.peer.ask(Command.OplockBreak, request, this.#asking);
    return this.peer.status;
  }

  /** Messages received since, as command and status. */
  async heard(): Promise<[command: number, status: number][]> {
    await turn();
    await turn();
    return this.peer.replies.splice(0).map(({ header }) => [header.command, header.status]);
  }
}

async function twoClients(dialect?: number): Promise<[SmbServer, Client, Client]> {
  const server = createServer({
    users: { ann: { password: 'secret' } },
    shares: { docs: memory() },
    signing: 'enabled',
  });
  return [server, await new Client(server, dialect).start(), await new Client(server, dialect).start()];
}

const lockOf = (fileId: FileId, flags: number): LockRequest =>
  Object.assign(new LockRequest(), { fileId, locks: [Object.assign(new LockElement(), { length: 1n, flags })] });

test('a batch oplock is broken by another open, which waits for the acknowledgment', async () => {
  const [, one, other] = await twoClients();
  const { fileId, oplockLevel } = await one.open(OplockLevel.Batch);
  assert.equal(oplockLevel, OplockLevel.Batch);
  one.peer.replies.length = 0;
  other.send(Command.Create, Client.create(OplockLevel.Batch));
  assert.deepEqual(await other.heard(), [[Command.Create, NtStatus.Pending]]);
  const told = one.peer.last;
  assert.equal(told.header.messageId, -1);
  assert.deepEqual(
    (told.body as OplockBreakResponse).body,
    Object.assign(new OplockBreak(), { oplockLevel: 1, fileId }),
  );
  const ack = Object.assign(new OplockBreak(), { oplockLevel: OplockLevel.Ii, fileId });
  assert.equal(await one.acknowledge(ack), NtStatus.Success);
  assert.equal(await one.acknowledge(ack), NtStatus.InvalidOplockProtocol);
  await turn();
  const opened = other.peer.last;
  assert.equal(opened.header.status, NtStatus.Success);
  assert.equal((opened.body as CreateResponse).oplockLevel, OplockLevel.Ii);
});

test('a client knows an open before it is told to give up what it has cached of it', async () => {
  const [, one, other] = await twoClients();
  const { fileId } = await one.open(OplockLevel.Batch);
  other.send(Command.Create, Client.create(OplockLevel.Exclusive));
  other.send(Command.Create, Client.create(OplockLevel.None));
  await other.heard();
  one.send(Command.Close, Object.assign(new CloseRequest(), { fileId }));
  assert.deepEqual(await other.heard(), [
    [Command.Create, NtStatus.Success],
    [Command.OplockBreak, NtStatus.Success],
  ]);
});

test('an acknowledgment that asks for a lease, or too much, loses the oplock', async () => {
  for (const [oplockLevel, status] of [
    [OplockLevel.Lease, NtStatus.InvalidParameter],
    [OplockLevel.Exclusive, NtStatus.InvalidOplockProtocol],
  ] as const) {
    const [, one, other] = await twoClients();
    const { fileId } = await one.open(OplockLevel.Exclusive);
    other.send(Command.Create, Client.create(OplockLevel.Ii));
    await turn();
    assert.equal(await one.acknowledge(Object.assign(new OplockBreak(), { oplockLevel, fileId })), status);
    const heard = await other.heard();
    assert.deepEqual(heard.at(-1), [Command.Create, NtStatus.Success]);
  }
});

test('an open that waits can be cancelled, and goes on when the other client is lost', async () => {
  const [server, one, other] = await twoClients();
  await one.open(OplockLevel.Batch);
  const id = other.send(Command.Create, Client.create(OplockLevel.None));
  await turn();
  other.cancel(id);
  assert.deepEqual((await other.heard()).at(-1), [Command.Create, NtStatus.Cancelled]);
  other.send(Command.Create, Client.create(OplockLevel.None));
  await turn();
  one.peer.closed();
  assert.deepEqual((await other.heard()).at(-1), [Command.Create, NtStatus.Success]);
  other.peer.closed();
  await turn();
  await turn();
  const { claims, opens } = await server.status();
  assert.deepEqual({ claims, opens }, { claims: 0, opens: 0 });
});

for (const option of ['CompleteIfOplocked', 'OpenRequiringOplock'] as const) {
  test(`whoever opens with ${option} waits for the oplock of another like anybody else`, async () => {
    const [, one, other] = await twoClients();
    const { fileId } = await one.open(OplockLevel.Batch);
    other.send(Command.Create, Client.create(OplockLevel.Batch, { createOptions: CreateOptions[option] }));
    assert.deepEqual(await other.heard(), [[Command.Create, NtStatus.Pending]]);
    await one.acknowledge(Object.assign(new OplockBreak(), { oplockLevel: OplockLevel.Ii, fileId }));
    assert.deepEqual(await other.heard(), [[Command.Create, NtStatus.Success]]);
  });
}

test('a related request waits with the open that it means', async () => {
  const [, one, other] = await twoClients();
  const { fileId } = await one.open(OplockLevel.Batch);
  const close = Object.assign(new CloseRequest(), { fileId: FileId.related });
  other.compound(
    { command: Command.Create, body: Client.create(OplockLevel.None) },
    { command: Command.Close, body: close },
  );
  await other.heard();
  await one.acknowledge(Object.assign(new OplockBreak(), { oplockLevel: OplockLevel.None, fileId }));
  const heard = await other.heard();
  assert.deepEqual(heard.slice(-2), [
    [Command.Create, NtStatus.Success],
    [Command.Close, NtStatus.Success],
  ]);
});

test('a lease: granted by key, broken by writing, acknowledged by key', async () => {
  const [, one, other] = await twoClients();
  const asks = (data: CreateLease | CreateLeaseV2): Partial<CreateRequest> => ({
    createContexts: [CreateContextRequest.of(CreateContextTag.Lease, data)],
  });
  const v1 = Object.assign(new CreateLease(), { leaseKey: KEY, leaseState: 3 });
  const first = await one.open(OplockLevel.Lease, asks(v1));
  assert.equal(first.oplockLevel, OplockLevel.Lease);
  assert.deepEqual(first.createContexts[0]?.data, v1);
  const v2 = Object.assign(new CreateLeaseV2(), { leaseKey: KEY, leaseState: 7, epoch: 5 });
  const second = await one.open(OplockLevel.Lease, asks(v2));
  assert.equal(
    (second.createContexts[0]?.data as CreateLease | undefined)?.leaseState,
    7,
    'the same lease, and version 1 still',
  );
  const { fileId } = await other.open(OplockLevel.None, { desiredAccess: FileAccess.ReadAttributes });
  other.send(Command.Close, Object.assign(new CloseRequest(), { fileId }));
  other.send(Command.Create, Client.create(OplockLevel.None));
  await turn();
  const notice = (one.peer.last.body as OplockBreakResponse).body as LeaseBreakNotification;
  const { leaseKey, currentLeaseState, newLeaseState, flags, newEpoch } = notice;
  assert.deepEqual([leaseKey, currentLeaseState, newLeaseState, flags, newEpoch], [KEY, 7, 3, 1, 0]);
  assert.equal(one.peer.last.header.sessionId, 0n);
  assert.equal(
    await one.acknowledge(Object.assign(new LeaseBreak(), { leaseKey: KEY, leaseState: 3 })),
    NtStatus.Success,
  );
  await turn();
  const write = Object.assign(new WriteRequest(), { data: Uint8Array.of(1) });
  write.fileId = (other.peer.last.body as CreateResponse).fileId;
  one.peer.replies.length = 0;
  other.send(Command.Write, write);
  assert.deepEqual(await one.heard(), [[Command.OplockBreak, NtStatus.Success]]);
});

test('before SMB 2.1 there are no leases', async () => {
  const [, one] = await twoClients(Dialect.Smb202);
  const lease = Object.assign(new CreateLease(), { leaseKey: KEY, leaseState: 7 });
  const createContexts = [CreateContextRequest.of(CreateContextTag.Lease, lease)];
  const { oplockLevel } = await one.open(OplockLevel.Lease, { createContexts });
  assert.equal(oplockLevel, OplockLevel.None);
  assert.equal(await one.acknowledge(new LeaseBreak()), NtStatus.InvalidParameter);
});

test('LOCK waits with an interim response, and ends by unlocking, CANCEL or its file being closed', async () => {
  const [server, one, other] = await twoClients();
  const [a, b] = [await one.open(OplockLevel.None), await other.open(OplockLevel.None)];
  one.send(Command.Lock, lockOf(a.fileId, LockFlags.ExclusiveLock));
  assert.deepEqual((await one.heard()).at(-1), [Command.Lock, NtStatus.Success]);
  const ask = (): number => other.send(Command.Lock, lockOf(b.fileId, LockFlags.SharedLock));
  const id = ask();
  other.cancel(id);
  assert.deepEqual((await other.heard()).slice(-2), [
    [Command.Lock, NtStatus.Pending],
    [Command.Lock, NtStatus.Cancelled],
  ]);
  ask();
  one.send(Command.Lock, lockOf(a.fileId, LockFlags.Unlock));
  assert.deepEqual((await other.heard()).at(-1), [Command.Lock, NtStatus.Success]);
  other.send(Command.Lock, lockOf(b.fileId, LockFlags.Unlock));
  one.send(Command.Lock, lockOf(a.fileId, LockFlags.ExclusiveLock));
  ask();
  other.send(Command.Close, Object.assign(new CloseRequest(), { fileId: b.fileId }));
  assert.deepEqual((await other.heard()).slice(-2), [
    [Command.Lock, NtStatus.RangeNotLocked],
    [Command.Close, NtStatus.Success],
  ]);
  assert.equal((await server.status()).locks, 1);
  one.peer.closed();
  await turn();
  await turn();
  assert.equal((await server.status()).locks, 0);
});
