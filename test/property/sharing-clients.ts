import type { SessionSecurity } from '#engine/smb2/security.js';
import { memory } from '#fs/memory/memory.js';
import { createServer, type SmbServer } from '#server/server.js';
import { HandClock } from '#testing/hand-clock.js';
import { type Reply, Smb2Peer, turn } from '#testing/smb2-peer.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileDispositionInformation } from '#wire/fscc/file-info/disposition.js';
import { FileEndOfFileInformation } from '#wire/fscc/file-info/end-of-file.js';
import { FileRenameInformation } from '#wire/fscc/file-info/rename.js';
import { Encoder } from '#wire/io/encoder.js';
import { FileId } from '#wire/io/file-id.js';
import type { Wire } from '#wire/io/layout.js';
import { CancelRequest } from '#wire/smb2/command/cancel.js';
import { CloseRequest } from '#wire/smb2/command/close.js';
import {
  CreateDisposition,
  CreateOptions,
  CreateRequest,
  CreateResponse,
  OplockLevel,
} from '#wire/smb2/command/create.js';
import { LockElement, LockFlags, LockRequest } from '#wire/smb2/command/lock.js';
import { LogoffRequest } from '#wire/smb2/command/logoff.js';
import {
  LeaseBreak,
  LeaseBreakNotification,
  OplockBreak,
  OplockBreakRequest,
  OplockBreakResponse,
} from '#wire/smb2/command/oplock-break.js';
import { ReadRequest } from '#wire/smb2/command/read.js';
import { SetInfoRequest } from '#wire/smb2/command/set-info.js';
import { WriteRequest } from '#wire/smb2/command/write.js';
import { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import { CreateLease, CreateLeaseV2 } from '#wire/smb2/create-context/lease.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import { type Concrete, type OpenOp, type Outcome, Shares, type Told } from './sharing-operations.js';

/** Longer than a client may take for a break acknowledgment, shorter than anything else that takes time. */
const PATIENCE_MS = 36_000;
/** Event loop turns within which all effects of an operation are over. */
const TURNS = 4;
/** By client; the last two are one machine with two connections. */
const GUIDS = ['1', '2', '2'].map((digit) => `${digit.repeat(8)}-0000-0000-0000-000000000000`);
export const CLIENTS: number = GUIDS.length;
export const guidOf = (client: number): string => GUIDS[client] as string;
const keyOf = (key: string): string => `${key.repeat(8)}-aaaa-bbbb-cccc-dddddddddddd`;

const LEVELS: readonly (readonly [level: number, bits: number])[] = [
  [OplockLevel.None, 0],
  [OplockLevel.Ii, 1],
  [OplockLevel.Exclusive, 5],
  [OplockLevel.Batch, 7],
];
const levelOf = (bits: number): number => LEVELS.find((pair) => pair[1] === bits)?.[0] ?? 0;
const bitsOf = (level: number): number => LEVELS.find((pair) => pair[0] === level)?.[1] ?? -1;

const NAMES = new Map<number, string>(Object.entries(NtStatus).map(([name, code]) => [code, name]));
const DISPOSITIONS = {
  supersede: CreateDisposition.Supersede,
  open: CreateDisposition.Open,
  create: CreateDisposition.Create,
  openIf: CreateDisposition.OpenIf,
  overwrite: CreateDisposition.Overwrite,
  overwriteIf: CreateDisposition.OverwriteIf,
} as const;

function accessOf(bits: number): number {
  let access: number = FileAccess.ReadAttributes;
  if (bits & Shares.Read) access |= FileAccess.ReadData;
  if (bits & Shares.Write) access |= FileAccess.WriteData;
  if (bits & Shares.Delete) access |= FileAccess.Delete;
  return access;
}

class Client {
  readonly peer: Smb2Peer;
  session: SessionSecurity | undefined;
  tree = 0;
  /** Unanswered requests: step numbers by message id. */
  readonly asked = new Map<number, number>();

  constructor(server: SmbServer, guid: string) {
    this.peer = new Smb2Peer(server, { dialect: Dialect.Smb302, clientGuid: guid });
  }

  async start(): Promise<this> {
    this.peer.negotiate();
    this.session = await this.peer.logOn();
    this.tree = await this.peer.connect(this.session, 'docs');
    this.peer.replies.length = 0;
    return this;
  }

  send(command: number, body: Wire, ids: { messageId?: number } = {}): number {
    return this.peer.send(command, body, { sessionId: this.session?.id ?? 0n, treeId: this.tree, ...ids });
  }
}

/** A server with clients that do as told, message by message. */
export class SharingClients {
  readonly #clock = new HandClock();
  readonly #server: SmbServer;
  readonly #clients: Client[] = [];
  readonly #encoder = new Encoder();
  /** Name prefix of the files of a sequence. */
  #prefix = '';
  readonly #fileIds = new Map<number, FileId>();
  readonly #opens = new Map<string, number>();
  #sequences = 0;

  constructor() {
    this.#server = createServer({
      users: { ann: { password: 'secret' } },
      shares: { docs: memory() },
      signing: 'enabled',
      clock: this.#clock,
    });
  }

  /** Prepares for another sequence: all clients are connected, and no file exists. */
  async begin(): Promise<void> {
    this.#prefix = `${++this.#sequences}-`;
    this.#fileIds.clear();
    this.#opens.clear();
    for (let i = 0; i < CLIENTS; i++) this.#clients[i] ??= await new Client(this.#server, guidOf(i)).start();
  }

  /** Performs an operation and returns everything that the clients have received since. */
  async step(number: number, op: Concrete): Promise<Told> {
    const told: Told = { answers: new Map(), breaks: [] };
    const client = this.#clients[op.client] as Client;
    if (op.what === 'expire') await this.#clock.wind(PATIENCE_MS);
    else if (op.what === 'cancel') this.#cancel(op.request);
    else if (op.what === 'leave' && op.how === 'disconnect') client.peer.closed();
    else this.#send(client, number, op);
    for (let turns = 0; turns < TURNS; turns++) await turn();
    this.#hear(told);
    if (op.what === 'leave') await this.#replace(op.client);
    return told;
  }

  async #replace(at: number): Promise<void> {
    this.#clients[at]?.peer.closed();
    await turn();
    this.#clients[at] = await new Client(this.#server, guidOf(at)).start();
  }

  #cancel(request: number): void {
    for (const client of this.#clients) {
      for (const [messageId, number] of client.asked)
        if (number === request) client.send(Command.Cancel, new CancelRequest(), { messageId });
    }
  }

  #send(client: Client, number: number, op: Concrete): void {
    const [command, body] = this.#message(op);
    client.asked.set(client.send(command, body), number);
  }

  #message(op: Concrete): [command: number, body: Wire] {
    const of = <T extends { fileId: FileId }>(request: T, open: number, values: Partial<T>): T =>
      Object.assign(request, { fileId: this.#fileIds.get(open) ?? FileId.none }, values);
    const setInfo = (open: number, fileInfoClass: number, value: Wire): [number, Wire] => {
      const buffer = this.#encoder.encode(value).slice();
      return [Command.SetInfo, of(new SetInfoRequest(), open, { fileInfoClass, buffer })];
    };
    switch (op.what) {
      case 'open':
        return [Command.Create, this.#create(op)];
      case 'close':
        return [Command.Close, of(new CloseRequest(), op.open, {})];
      case 'read':
        return [Command.Read, of(new ReadRequest(), op.open, { offset: op.from, length: op.to - op.from })];
      case 'write': {
        const data = new Uint8Array(op.to - op.from);
        return [Command.Write, of(new WriteRequest(), op.open, { offset: op.from, data })];
      }
      case 'lock':
        return [Command.Lock, of(new LockRequest(), op.open, { locks: [lockOf(op, lockFlags(op))] })];
      case 'unlock':
        return [Command.Lock, of(new LockRequest(), op.open, { locks: [lockOf(op, LockFlags.Unlock)] })];
      case 'truncate':
        return setInfo(
          op.open,
          FileInfoClass.EndOfFile,
          Object.assign(new FileEndOfFileInformation(), { endOfFile: op.size }),
        );
      case 'dispose': {
        const disposition = Object.assign(new FileDispositionInformation(), { deletePending: op.pending });
        return setInfo(op.open, FileInfoClass.Disposition, disposition);
      }
      case 'rename': {
        const name = { fileName: this.#prefix + op.to, replaceIfExists: op.replace };
        return setInfo(op.open, FileInfoClass.Rename, Object.assign(new FileRenameInformation(), name));
      }
      case 'acknowledge':
        return [Command.OplockBreak, Object.assign(new OplockBreakRequest(), { body: this.#acknowledgment(op) })];
      case 'leave':
        return [Command.Logoff, new LogoffRequest()];
      default:
        throw new Error(`${op.what} is no message`);
    }
  }

  #acknowledgment({ key, oplock, state }: Concrete & { what: 'acknowledge' }): OplockBreak | LeaseBreak {
    if (!oplock) return Object.assign(new LeaseBreak(), { leaseKey: keyOf(String(key)), leaseState: state });
    const fileId = this.#fileIds.get(Number(key)) ?? FileId.none;
    return Object.assign(new OplockBreak(), { fileId, oplockLevel: levelOf(state) });
  }

  #create({ name, access, share, disposition, deleteOnClose, oplock, lease }: OpenOp): CreateRequest {
    const values = lease && { leaseKey: keyOf(lease.key), leaseState: lease.state };
    const data = values && Object.assign(lease?.version === 1 ? new CreateLease() : new CreateLeaseV2(), values);
    return Object.assign(new CreateRequest(), {
      name: this.#prefix + name,
      desiredAccess: accessOf(access),
      shareAccess: share,
      createDisposition: DISPOSITIONS[disposition],
      createOptions: deleteOnClose ? CreateOptions.DeleteOnClose : 0,
      requestedOplockLevel: lease ? OplockLevel.Lease : levelOf(oplock),
      createContexts: data ? [CreateContextRequest.of(CreateContextTag.Lease, data)] : [],
    });
  }

  #hear(told: Told): void {
    for (const [at, client] of this.#clients.entries()) {
      for (const reply of client.peer.replies.splice(0)) {
        const { messageId, status } = reply.header;
        if (messageId === -1) this.#broken(at, reply, told);
        else if (status !== NtStatus.Pending) {
          const number = client.asked.get(messageId);
          if (number === undefined) throw new Error(`an answer to nothing: message ${messageId}`);
          client.asked.delete(messageId);
          told.answers.set(number, this.#outcome(number, reply));
        }
      }
    }
  }

  #outcome(number: number, { header, body }: Reply): Outcome {
    const status = NAMES.get(header.status) ?? header.status.toString(16);
    if (body instanceof CreateResponse) {
      this.#fileIds.set(number, body.fileId);
      this.#opens.set(String(body.fileId), number);
      const data = body.createContexts.map((context) => context.data);
      const lease = data.find((one) => one instanceof CreateLease || one instanceof CreateLeaseV2);
      return { status, granted: lease ? lease.leaseState : bitsOf(body.oplockLevel) };
    }
    if (!(body instanceof OplockBreakResponse)) return { status };
    const { body: form } = body;
    if (form instanceof OplockBreak) return { status, granted: bitsOf(form.oplockLevel) };
    return form instanceof LeaseBreak ? { status, granted: form.leaseState } : { status };
  }

  #broken(client: number, { body }: Reply, told: Told): void {
    const form = (body as OplockBreakResponse).body;
    const guid = guidOf(client);
    if (form instanceof LeaseBreakNotification) {
      const { leaseKey, currentLeaseState: from, newLeaseState: to, flags } = form;
      told.breaks.push({ client: guid, key: leaseKey[0] as string, from, to, acknowledged: flags === 1 });
    } else if (form instanceof OplockBreak) {
      const key = this.#opens.get(String(form.fileId)) ?? -1;
      told.breaks.push({ client: guid, key, from: -1, to: bitsOf(form.oplockLevel), acknowledged: false });
    }
  }

  /** What is left when nobody should hold anything any more. */
  async left(): Promise<string[]> {
    const { connections, unauthenticatedConnections, sessions, trees, ...rest } = await this.#server.status();
    const held = Object.entries(rest).filter(([, count]) => count !== 0);
    const unanswered = this.#clients.flatMap(({ asked }) => [...asked.values()]);
    return [...held.map((entry) => entry.join(' ')), ...unanswered.map((number) => `step ${number} is not answered`)];
  }
}

function lockFlags({ exclusive, waits }: { readonly exclusive: boolean; readonly waits: boolean }): number {
  return (exclusive ? LockFlags.ExclusiveLock : LockFlags.SharedLock) | (waits ? 0 : LockFlags.FailImmediately);
}

function lockOf({ from, to }: { readonly from: number; readonly to: number }, flags: number): LockElement {
  return Object.assign(new LockElement(), { offset: BigInt(from), length: BigInt(to - from), flags });
}
