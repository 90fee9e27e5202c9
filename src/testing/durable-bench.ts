import assert from 'node:assert/strict';
import { memory } from '#fs/memory/memory.js';
import type { Limits } from '#server/limits.js';
import type { ServerOptions } from '#server/options.js';
import { createServer, type SmbServer } from '#server/server.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { FileId } from '#wire/io/file-id.js';
import type { Wire } from '#wire/io/layout.js';
import { CreateDisposition, CreateRequest, type CreateResponse, OplockLevel } from '#wire/smb2/command/create.js';
import { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import { CreateDurableHandleReconnect, CreateDurableHandleRequest } from '#wire/smb2/create-context/durable-handle.js';
import {
  CreateDurableHandleReconnectV2,
  CreateDurableHandleRequestV2,
} from '#wire/smb2/create-context/durable-handle-v2.js';
import { CreateLease } from '#wire/smb2/create-context/lease.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command, HeaderFlags } from '#wire/smb2/header.js';
import { HandClock } from './hand-clock.js';
import { type PeerOptions, Smb2Peer, turn } from './smb2-peer.js';

export const KEY: string = '11111111-2222-3333-4444-555555555555';
export const GUID: string = '66666666-7777-8888-9999-aaaaaaaaaaaa';
export const OTHER: string = 'bbbbbbbb-cccc-dddd-eeee-ffffffffffff';
const { DurableHandleRequest, DurableHandleReconnect, DurableHandleRequestV2, DurableHandleReconnectV2 } =
  CreateContextTag;
const { Success } = NtStatus;

export const context = (name: string, data: Wire): CreateContextRequest => CreateContextRequest.of(name, data);
export const asks = (): CreateContextRequest => context(DurableHandleRequest, new CreateDurableHandleRequest());
export const asksV2 = (timeout = 0, flags = 0): CreateContextRequest =>
  context(
    DurableHandleRequestV2,
    Object.assign(new CreateDurableHandleRequestV2(), { createGuid: GUID, timeout, flags }),
  );
export const returns = (fileId: FileId): CreateContextRequest =>
  context(DurableHandleReconnect, Object.assign(new CreateDurableHandleReconnect(), { fileId }));
export const returnsV2 = (fileId: FileId, createGuid: string = GUID): CreateContextRequest =>
  context(DurableHandleReconnectV2, Object.assign(new CreateDurableHandleReconnectV2(), { fileId, createGuid }));
export const lease = (leaseState: number, leaseKey: string = KEY): CreateContextRequest =>
  context(CreateContextTag.Lease, Object.assign(new CreateLease(), { leaseKey, leaseState }));

/** A client with a session and a tree connect. */
export class Client {
  readonly peer: Smb2Peer;
  #asking: { sessionId: bigint; treeId: number } = { sessionId: 0n, treeId: 0 };

  constructor(server: Pick<SmbServer, 'accept'>, options: PeerOptions) {
    this.peer = new Smb2Peer(server, { dialect: Dialect.Smb302, ...options });
  }

  get sessionId(): bigint {
    return this.#asking.sessionId;
  }

  async start(share = 'docs', previous = 0n): Promise<this> {
    if (this.peer.replies.length === 0) await this.peer.negotiated();
    if (this.peer.ended) return this;
    const session = await this.peer.logOn({ previous });
    if (this.peer.ended) return this;
    this.#asking = { sessionId: session.id, treeId: await this.peer.connect(session, share) };
    return this;
  }

  async ask(command: number, body: object, flags = 0): Promise<number> {
    await this.peer.ask(command, body as Wire, { ...this.#asking, flags });
    return this.peer.status;
  }

  send(command: number, body: object): void {
    this.peer.send(command, body as Wire, this.#asking);
  }

  /** Opens with create contexts; returns the response, or the status of a failure. */
  async open(contexts: CreateContextRequest[], changes: Partial<CreateRequest> = {}): Promise<CreateResponse | number> {
    const status = await this.ask(Command.Create, createOf(contexts, changes));
    return status === Success ? (this.peer.last.body as CreateResponse) : status;
  }

  /** Sends a CREATE as a replay; returns the response or status. */
  async again(
    contexts: CreateContextRequest[],
    changes: Partial<CreateRequest> = {},
  ): Promise<CreateResponse | number> {
    const status = await this.ask(Command.Create, createOf(contexts, changes), HeaderFlags.ReplayOperation);
    return status === Success ? (this.peer.last.body as CreateResponse) : status;
  }

  async opened(contexts: CreateContextRequest[], changes: Partial<CreateRequest> = {}): Promise<CreateResponse> {
    const answer = await this.open(contexts, changes);
    assert.ok(typeof answer !== 'number', `refused: ${answer.toString(16)}`);
    return answer;
  }

  async lose(): Promise<void> {
    this.peer.closed();
    for (let i = 0; i < 5; i++) await turn();
  }
}

export function createOf(createContexts: CreateContextRequest[], changes: Partial<CreateRequest>): CreateRequest {
  const leased = createContexts.some(({ name }) => name === CreateContextTag.Lease);
  return Object.assign(new CreateRequest(), {
    name: 'f',
    desiredAccess: FileAccess.ReadData | FileAccess.WriteData | FileAccess.Delete,
    shareAccess: 7,
    createDisposition: CreateDisposition.OpenIf,
    requestedOplockLevel: leased ? OplockLevel.Lease : OplockLevel.Batch,
    createContexts,
    ...changes,
  });
}

export class Bench {
  readonly clock: HandClock = new HandClock();
  readonly server: SmbServer;

  constructor(limits: Partial<Limits> = {}, options: ServerOptions = {}) {
    this.server = createServer({
      users: { ann: { password: 'secret' }, bob: { password: 'secret' } },
      shares: { docs: memory(), other: memory() },
      signing: 'enabled',
      clock: this.clock,
      limits,
      ...options,
    });
  }

  client(options: PeerOptions = {}, share?: string, previous?: bigint): Promise<Client> {
    return new Client(this.server, options).start(share, previous);
  }

  /** Counts what the server holds: opens of sessions, disconnected opens, all claims. */
  async held(): Promise<string> {
    const { opens, disconnectedOpens, claims } = await this.server.status();
    return `${opens} ${disconnectedOpens} ${claims}`;
  }

  /** Makes a durable open and loses its connection. */
  async lost(contexts: CreateContextRequest[], changes?: Partial<CreateRequest>): Promise<FileId> {
    const client = await this.client();
    const { fileId } = await client.opened(contexts, changes);
    await client.lose();
    assert.equal(await this.held(), '0 1 1');
    return fileId;
  }
}
