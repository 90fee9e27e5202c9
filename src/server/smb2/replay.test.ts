import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { type Asking, Smb2Peer, turn } from '#testing/smb2-peer.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { FileId } from '#wire/io/file-id.js';
import type { Wire } from '#wire/io/layout.js';
import { CreateDisposition, CreateRequest, type CreateResponse, OplockLevel } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { IoctlFlags, IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { OplockBreak, OplockBreakRequest } from '#wire/smb2/command/oplock-break.js';
import { ReadRequest } from '#wire/smb2/command/read.js';
import { SetInfoRequest } from '#wire/smb2/command/set-info.js';
import { WriteRequest } from '#wire/smb2/command/write.js';
import { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import { CreateDurableHandleRequestV2 } from '#wire/smb2/create-context/durable-handle-v2.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command, HeaderFlags } from '#wire/smb2/header.js';
import { createServer, type SmbServer } from '../server.js';

const GUID = '66666666-7777-8888-9999-aaaaaaaaaaaa';
const OTHER = 'bbbbbbbb-cccc-dddd-eeee-ffffffffffff';
const { Success, FileNotAvailable, Pending } = NtStatus;

function newServer(): SmbServer {
  return createServer({ users: { ann: { password: 'secret' } }, shares: { docs: memory() }, signing: 'enabled' });
}

/** A client's channels to one session and tree. */
class Client {
  readonly peers: Smb2Peer[] = [];
  readonly #asking: Asking[] = [];

  async start(server: SmbServer, channels: number, dialect: number = Dialect.Smb311, clientGuid = GUID): Promise<this> {
    const first = new Smb2Peer(server, { dialect, clientGuid });
    first.negotiate();
    const session = await first.logOn();
    const treeId = await first.connect(session, 'docs');
    this.peers.push(first);
    this.#asking.push({ sessionId: session.id, treeId, signWith: session });
    for (let i = 1; i < channels; i++) {
      const peer = new Smb2Peer(server, { dialect, clientGuid });
      peer.negotiate();
      const signWith = await peer.logOn({ joins: session });
      this.peers.push(peer);
      this.#asking.push({ sessionId: session.id, treeId, signWith });
    }
    return this;
  }

  peer(channel: number): Smb2Peer {
    return this.peers[channel] as Smb2Peer;
  }

  send(command: number, body: object, how: Asking = {}, channel = 0): void {
    this.peer(channel).send(command, body as Wire, { ...this.#asking[channel], ...how });
  }

  async ask(command: number, body: object, how: Asking = {}, channel = 0): Promise<number> {
    const before = this.peer(channel).replies.length;
    this.send(command, body, how, channel);
    for (let i = 0; i < 20 && this.peer(channel).replies.length === before; i++) await turn();
    return this.peer(channel).status;
  }
}

function createOf(changes: Partial<CreateRequest> = {}): CreateRequest {
  const data = Object.assign(new CreateDurableHandleRequestV2(), { createGuid: OTHER });
  return Object.assign(new CreateRequest(), {
    name: 'f',
    desiredAccess: FileAccess.ReadData | FileAccess.WriteData | FileAccess.WriteAttributes,
    shareAccess: 7,
    createDisposition: CreateDisposition.OpenIf,
    requestedOplockLevel: OplockLevel.Batch,
    createContexts: [CreateContextRequest.of(CreateContextTag.DurableHandleRequestV2, data)],
    ...changes,
  });
}

const write = (fileId: FileId): object => Object.assign(new WriteRequest(), { fileId, data: Uint8Array.of(1) });

test('changes of a former channel sequence are not done any more; all else is', async () => {
  for (const [dialect, late] of [
    [Dialect.Smb311, FileNotAvailable],
    [Dialect.Smb210, Success],
  ] as const) {
    const client = await new Client().start(newServer(), 1, dialect);
    assert.equal(await client.ask(Command.Create, createOf(), { channelSequence: 0xffff }), Success);
    const { fileId } = client.peer(0).last.body as CreateResponse;
    assert.equal(await client.ask(Command.Write, write(fileId), { channelSequence: 0xffff }), Success);
    assert.equal(await client.ask(Command.Read, Object.assign(new ReadRequest(), { fileId, length: 1 })), Success);
    const old = { channelSequence: 0xffff };
    assert.equal(await client.ask(Command.Read, Object.assign(new ReadRequest(), { fileId, length: 1 }), old), Success);
    assert.equal(await client.ask(Command.Write, write(fileId), old), late);
    const replays = { ...old, flags: HeaderFlags.ReplayOperation };
    assert.equal(await client.ask(Command.Write, write(fileId), replays), late);
    const position = { fileId, infoType: InfoType.File, fileInfoClass: 14, buffer: new Uint8Array(8) };
    assert.equal(await client.ask(Command.SetInfo, Object.assign(new SetInfoRequest(), position), old), late);
    const resumeKey = { fileId, flags: IoctlFlags.IsFsctl, ctlCode: 0x00140078, maxOutputResponse: 32 };
    assert.equal(await client.ask(Command.Ioctl, Object.assign(new IoctlRequest(), resumeKey), old), late);
    assert.equal(await client.ask(Command.Write, write(fileId)), Success);
  }
});

test('a CREATE goes on when its channel is lost, and is not done again over another one', async () => {
  const server = newServer();
  const owner = await new Client().start(server, 1);
  assert.equal(await owner.ask(Command.Create, createOf({ createContexts: [] })), Success);
  const client = await new Client().start(server, 3, Dialect.Smb311, OTHER);
  assert.equal(await client.ask(Command.Create, createOf()), Pending);
  client.peer(0).closed();
  await turn();
  const replays = { flags: HeaderFlags.ReplayOperation, channelSequence: 1 };
  assert.equal(await client.ask(Command.Create, createOf(), replays, 1), FileNotAvailable);
  owner.peer(0).closed();
  for (let i = 0; i < 10; i++) await turn();
  assert.equal(await client.ask(Command.Create, createOf(), replays, 2), Success);
  assert.equal((await server.status()).opens, 1);
  const { fileId } = client.peer(2).last.body as CreateResponse;
  assert.equal(await client.ask(Command.Write, write(fileId), replays, 2), Success);
});

test('a CREATE that waits ends with the last channel of its session', async () => {
  const server = newServer();
  const owner = await new Client().start(server, 1);
  assert.equal(await owner.ask(Command.Create, createOf({ createContexts: [] })), Success);
  const client = await new Client().start(server, 2, Dialect.Smb311, OTHER);
  assert.equal(await client.ask(Command.Create, createOf()), Pending);
  client.peer(0).closed();
  await turn();
  client.peer(1).closed();
  for (let i = 0; i < 10; i++) await turn();
  const { opens, claims, sessions } = await server.status();
  assert.deepEqual([sessions, opens, claims], [1, 1, 1]);
});

test('a break goes over another channel if its own is lost before it is acknowledged', async () => {
  const server = newServer();
  const owner = await new Client().start(server, 3);
  assert.equal(await owner.ask(Command.Create, createOf({ createContexts: [] }), {}, 1), Success);
  const { fileId } = owner.peer(1).last.body as CreateResponse;
  const other = await new Client().start(server, 1, Dialect.Smb311, OTHER);
  const breaks = (): number[] =>
    owner.peers.map(({ replies }) => replies.filter(({ header }) => header.messageId === -1).length);
  assert.equal(await other.ask(Command.Create, createOf({ createContexts: [] })), Pending);
  assert.deepEqual(breaks(), [1, 0, 0]);
  owner.peer(0).closed();
  await turn();
  assert.deepEqual(breaks(), [1, 1, 0]);
  const body = Object.assign(new OplockBreak(), { oplockLevel: OplockLevel.Ii, fileId });
  assert.equal(await owner.ask(Command.OplockBreak, Object.assign(new OplockBreakRequest(), { body }), {}, 2), Success);
  owner.peer(1).closed();
  await turn();
  assert.deepEqual(breaks(), [1, 1, 0], 'it has been acknowledged');
  assert.equal(other.peer(0).status, Success);
});
