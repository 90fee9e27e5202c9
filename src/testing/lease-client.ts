import assert from 'node:assert/strict';
import type { SmbServer } from '#server/server.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { type Guid, NIL_GUID } from '#wire/dtyp/guid.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileBasicInformation } from '#wire/fscc/file-info/basic.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileDispositionInformation } from '#wire/fscc/file-info/disposition.js';
import { FileEndOfFileInformation } from '#wire/fscc/file-info/end-of-file.js';
import { FileLinkInformation } from '#wire/fscc/file-info/link.js';
import { FileRenameInformation } from '#wire/fscc/file-info/rename.js';
import { Encoder } from '#wire/io/encoder.js';
import type { FileId } from '#wire/io/file-id.js';
import type { Wire } from '#wire/io/layout.js';
import { CloseRequest } from '#wire/smb2/command/close.js';
import {
  CreateDisposition,
  CreateOptions,
  CreateRequest,
  type CreateResponse,
  OplockLevel,
} from '#wire/smb2/command/create.js';
import {
  LeaseBreak,
  LeaseBreakFlags,
  LeaseBreakNotification,
  OplockBreakRequest,
  type OplockBreakResponse,
} from '#wire/smb2/command/oplock-break.js';
import { SetInfoRequest } from '#wire/smb2/command/set-info.js';
import { WriteRequest } from '#wire/smb2/command/write.js';
import { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import { CreateLease, CreateLeaseV2, LeaseFlags } from '#wire/smb2/create-context/lease.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import { stateName } from './caching-bench.js';
import { Smb2Peer, turn } from './smb2-peer.js';

/** A lease key or client GUID made of one digit. */
export const guidOf = (digit: number): Guid => `${String(digit).repeat(8)}-0000-0000-0000-000000000000`;
const digitOf = (guid: string): string => guid.slice(0, 1);

export interface LeaseWish {
  /** A digit for `guidOf`, as is `parent`. */
  readonly key: number;
  readonly parent?: number;
  readonly state: number;
  readonly epoch?: number;
  readonly version?: 1 | 2;
}

export interface OpenWish {
  readonly lease?: LeaseWish;
  readonly oplock?: number;
  readonly directory?: boolean;
  readonly access?: number;
  readonly share?: number;
  readonly disposition?: number;
  readonly options?: number;
}

/** For a busy server. An answer that depends on other clients is fetched later with `answer`. */
const PATIENCE_MS = 5000;
const ALL = FileAccess.ReadData | FileAccess.WriteData | FileAccess.WriteAttributes | FileAccess.Delete;

function createRequest(name: string, wish: OpenWish): CreateRequest {
  const { lease, directory = false, options = 0 } = wish;
  return Object.assign(new CreateRequest(), {
    name,
    desiredAccess: wish.access ?? ALL,
    shareAccess: wish.share ?? 7,
    createDisposition: wish.disposition ?? CreateDisposition.OpenIf,
    createOptions: options | (directory ? CreateOptions.DirectoryFile : 0),
    requestedOplockLevel: lease ? OplockLevel.Lease : (wish.oplock ?? OplockLevel.None),
    createContexts: lease ? [CreateContextRequest.of(CreateContextTag.Lease, leaseContext(lease))] : [],
  });
}

function leaseContext({ key, parent, state, epoch = 0, version = 2 }: LeaseWish): Wire {
  if (version === 1) return Object.assign(new CreateLease(), { leaseKey: guidOf(key), leaseState: state });
  return Object.assign(new CreateLeaseV2(), {
    leaseKey: guidOf(key),
    leaseState: state,
    epoch,
    flags: parent === undefined ? 0 : LeaseFlags.ParentLeaseKeySet,
    parentLeaseKey: parent === undefined ? NIL_GUID : guidOf(parent),
  });
}

/** The lease in a CREATE response: `RH 1 e2`, with `!` while it is being broken. */
function leaseText({ createContexts, oplockLevel }: CreateResponse): string {
  const data = createContexts.find(({ name }) => name === CreateContextTag.Lease)?.data;
  if (data instanceof CreateLeaseV2) {
    const { leaseState, leaseKey, epoch, flags } = data;
    const breaking = (flags & LeaseFlags.BreakInProgress) === 0 ? '' : '!';
    return `${stateName(leaseState)} ${digitOf(leaseKey)} e${epoch}${breaking}`;
  }
  if (data instanceof CreateLease) return `${stateName(data.leaseState)} ${digitOf(data.leaseKey)}`;
  return `oplock ${oplockLevel}`;
}

/** An SMB 3 client that does what the test says about leases, and records the notifications it gets. */
export class LeaseClient {
  readonly peer: Smb2Peer;
  #asking: { sessionId: bigint; treeId: number } = { sessionId: 0n, treeId: 0 };
  readonly #encoder = new Encoder();

  constructor(server: Pick<SmbServer, 'accept'>, client: number, dialect: number = Dialect.Smb302) {
    this.peer = new Smb2Peer(server, { dialect, clientGuid: guidOf(client), wait: turn });
  }

  async start(share = 'docs'): Promise<this> {
    this.peer.negotiate();
    await this.peer.answered(0);
    const session = await this.peer.logOn();
    const treeId = await this.peer.connect(session, share);
    this.#asking = { sessionId: session.id, treeId };
    this.peer.replies.length = 0;
    return this;
  }

  /**
   * Sends a request and waits while there is progress. Returns the final response, or undefined if there is none yet.
   */
  async ask(command: number, body: Wire): Promise<{ status: number; body: Wire } | undefined> {
    const id = this.peer.send(command, body, this.#asking);
    return this.answer(id);
  }

  send(command: number, body: Wire): number {
    return this.peer.send(command, body, this.#asking);
  }

  async answer(id: number): Promise<{ status: number; body: Wire } | undefined> {
    for (const start = performance.now(); performance.now() - start < PATIENCE_MS; ) {
      const at = this.peer.replies.findIndex(
        ({ header }) => header.messageId === id && header.status !== NtStatus.Pending,
      );
      const [reply] = at === -1 ? [] : this.peer.replies.splice(at, 1);
      if (reply) return { status: reply.header.status, body: reply.body };
      await turn();
    }
    return undefined;
  }

  begin(name: string, wish: OpenWish = {}): number {
    return this.send(Command.Create, createRequest(name, wish));
  }

  async open(name: string, wish: OpenWish = {}): Promise<{ fileId: FileId; lease: string }> {
    const answer = await this.ask(Command.Create, createRequest(name, wish));
    assert.equal(answer?.status, NtStatus.Success, name);
    const response = answer?.body as CreateResponse;
    return { fileId: response.fileId, lease: leaseText(response) };
  }

  async close(fileId: FileId): Promise<void> {
    const answer = await this.ask(Command.Close, Object.assign(new CloseRequest(), { fileId }));
    assert.equal(answer?.status, NtStatus.Success);
  }

  async write(fileId: FileId, data: Uint8Array = Uint8Array.of(1)): Promise<void> {
    const answer = await this.ask(Command.Write, Object.assign(new WriteRequest(), { fileId, data }));
    assert.equal(answer?.status, NtStatus.Success);
  }

  setting(fileId: FileId, fileInfoClass: number, info: Wire): SetInfoRequest {
    const buffer = this.#encoder.encode(info).slice();
    return Object.assign(new SetInfoRequest(), { fileId, fileInfoClass, buffer });
  }

  async set(fileId: FileId, fileInfoClass: number, info: Wire): Promise<number | undefined> {
    return (await this.ask(Command.SetInfo, this.setting(fileId, fileInfoClass, info)))?.status;
  }

  rename(fileId: FileId, fileName: string): Promise<number | undefined> {
    return this.set(fileId, FileInfoClass.Rename, Object.assign(new FileRenameInformation(), { fileName }));
  }

  link(fileId: FileId, fileName: string): Promise<number | undefined> {
    return this.set(fileId, FileInfoClass.Link, Object.assign(new FileLinkInformation(), { fileName }));
  }

  dispose(fileId: FileId): Promise<number | undefined> {
    const info = Object.assign(new FileDispositionInformation(), { deletePending: true });
    return this.set(fileId, FileInfoClass.Disposition, info);
  }

  setBasic(fileId: FileId, changes: Partial<FileBasicInformation>): Promise<number | undefined> {
    return this.set(fileId, FileInfoClass.Basic, Object.assign(new FileBasicInformation(), changes));
  }

  setEndOfFile(fileId: FileId, endOfFile: number): Promise<number | undefined> {
    return this.set(fileId, FileInfoClass.EndOfFile, Object.assign(new FileEndOfFileInformation(), { endOfFile }));
  }

  async acknowledge(key: number, leaseState: number): Promise<number | undefined> {
    const body = Object.assign(new LeaseBreak(), { leaseKey: guidOf(key), leaseState });
    return (await this.ask(Command.OplockBreak, Object.assign(new OplockBreakRequest(), { body })))?.status;
  }

  /** Lease breaks received since the last call: `RH> 1 e3!`, with `!` if they must be acknowledged. */
  async breaks(): Promise<string[]> {
    for (let turns = 0; turns < 5; turns++) await turn();
    const told = this.peer.replies.filter(({ header }) => header.command === Command.OplockBreak);
    for (const reply of told) this.peer.replies.splice(this.peer.replies.indexOf(reply), 1);
    return told.map(({ body }) => breakText((body as OplockBreakResponse).body));
  }
}

function breakText(body: Wire): string {
  if (!(body instanceof LeaseBreakNotification)) return 'oplock';
  const { currentLeaseState, newLeaseState, leaseKey, newEpoch, flags } = body;
  const change = `${stateName(currentLeaseState)}>${stateName(newLeaseState)}`;
  return `${change} ${digitOf(leaseKey)} e${newEpoch}${(flags & LeaseBreakFlags.AckRequired) === 0 ? '' : '!'}`;
}
