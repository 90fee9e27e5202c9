import type { Smb2Reply } from '#engine/smb2/client-connection.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { type Guid, NIL_GUID } from '#wire/dtyp/guid.js';
import { isGmtToken, timeOfGmtToken } from '#wire/fscc/gmt-token.js';
import type { FileId } from '#wire/io/file-id.js';
import { CloseFlags, CloseRequest, type CloseResponse } from '#wire/smb2/command/close.js';
import {
  CreateAction,
  CreateRequest,
  type CreateResponse,
  OplockLevel,
  ShareAccess,
} from '#wire/smb2/command/create.js';
import { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import type { CreateContextResponse } from '#wire/smb2/create-context/create-context-response.js';
import { CreateDurableHandleResponseV2, DurableHandleFlags } from '#wire/smb2/create-context/durable-handle-v2.js';
import { CreateLease, CreateLeaseV2, LeaseFlags } from '#wire/smb2/create-context/lease.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { CreateTimewarpToken } from '#wire/smb2/create-context/timewarp-token.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import type {
  Caching,
  CachingBreak,
  Control,
  Handle,
  LeaseRequest,
  NodeInfo,
  OpenControl,
  OpenRequest,
} from '../protocol.js';
import { type Breaks, stateOf } from './breaks.js';
import type { Caller } from './caller.js';
import type { LockSequences } from './lock-sequences.js';
import { type OnFile, type TreeCall, treeCall } from './tree-call.js';

const SHARE_ALL = ShareAccess.Read | ShareAccess.Write | ShareAccess.Delete;
const NO_STATE = 0;

/** How an open survives a disconnect: as a durable handle (version 1 or 2), which may be persistent. */
export interface Tenure {
  readonly version: 1 | 2;
  readonly persistent: boolean;
}

function tenureOf(contexts: readonly CreateContextResponse[]): Tenure | undefined {
  const { DurableHandleRequest, DurableHandleRequestV2 } = CreateContextTag;
  const second = contexts.find(({ name }) => name === DurableHandleRequestV2)?.data;
  if (second instanceof CreateDurableHandleResponseV2) {
    return { version: 2, persistent: (second.flags & DurableHandleFlags.Persistent) !== 0 };
  }
  return contexts.some(({ name }) => name === DurableHandleRequest) ? { version: 1, persistent: false } : undefined;
}

/** An open of SMB2. */
export class Smb2Handle implements Handle {
  readonly path: string;
  readonly fileId: FileId;
  readonly info: NodeInfo;
  readonly existed: boolean;
  readonly contexts: readonly CreateContextResponse[];
  onBreak: ((event: CachingBreak) => void) | undefined;
  readonly leaseKey: Guid | undefined;
  readonly granted: number;
  /** Undefined if the open does not survive a disconnect. The response to a reconnect does not repeat it. */
  tenure: Tenure | undefined;
  /** The lock sequences of its LOCK requests, if those may be repeated. */
  sequences: LockSequences | undefined;
  readonly #acknowledge: (handle: Smb2Handle, state: number) => void;
  #breaks: Breaks | undefined;

  constructor(path: string, reply: Smb2Reply, acknowledge: (handle: Smb2Handle, state: number) => void = ignore) {
    const body = reply.body as CreateResponse;
    this.path = path;
    this.fileId = body.fileId;
    this.info = infoOf(body);
    this.existed = body.createAction !== CreateAction.Created;
    this.contexts = body.createContexts;
    this.tenure = tenureOf(body.createContexts);
    this.#acknowledge = acknowledge;
    const lease = body.createContexts.find(({ name }) => name === CreateContextTag.Lease)?.data;
    const leased =
      body.oplockLevel === OplockLevel.Lease && (lease instanceof CreateLease || lease instanceof CreateLeaseV2);
    this.leaseKey = leased ? lease.leaseKey : undefined;
    this.granted = leased ? lease.leaseState : stateOf(body.oplockLevel);
  }

  get caching(): Caching {
    return { state: this.#breaks?.stateOf(this) ?? this.granted, leaseKey: this.leaseKey };
  }

  /** Subscribes the handle to breaks. */
  heed(breaks: Breaks): void {
    if (this.granted === NO_STATE && this.leaseKey === undefined) return;
    breaks.enter(this);
    this.#breaks = breaks;
  }

  broken(event: CachingBreak): void {
    if (this.onBreak) this.onBreak(event);
    else if (event.mustAcknowledge) this.#acknowledge(this, event.to);
  }
}

function ignore(): void {
  // Opens in a compound are closed before a break can arrive.
}

/** The CREATE request for an open. */
export function createCall(caller: Caller, request: OpenRequest): TreeCall {
  const { path, snapshot } = timed(request);
  const { lease } = request;
  const leased = lease !== undefined && caller.agreement.dialect >= Dialect.Smb210;
  const body = new CreateRequest();
  const { dfs } = caller;
  body.name = dfs === undefined ? path : below(dfs, path);
  body.requestedOplockLevel = leased ? OplockLevel.Lease : (request.oplock ?? OplockLevel.None);
  body.desiredAccess = request.access;
  body.createDisposition = request.disposition;
  body.createOptions = request.options ?? 0;
  body.fileAttributes = request.attributes ?? 0;
  body.shareAccess = request.share ?? SHARE_ALL;
  if (snapshot !== undefined) {
    const token = Object.assign(new CreateTimewarpToken(), { timestamp: snapshot });
    body.createContexts.push(CreateContextRequest.of(CreateContextTag.TimewarpToken, token));
  }
  if (leased) body.createContexts.push(leaseContext(lease, caller.agreement.dialect));
  if (request.contexts) body.createContexts.push(...request.contexts);
  return treeCall(Command.Create, body, request.path, { dfs: dfs !== undefined });
}

function below(root: string, path: string): string {
  return path === '' ? root : `${root}\\${path}`;
}

// Over SMB2, servers accept the token only in a create context; in paths it is an SMB1 convention.
function timed({ path, snapshot }: OpenRequest): { path: string; snapshot: bigint | undefined } {
  if (!path.includes('@GMT-')) return { path, snapshot };
  const names = path.split('\\');
  const token = names.find(isGmtToken);
  if (token === undefined) return { path, snapshot };
  return {
    path: names.filter((name) => name !== token).join('\\'),
    snapshot: snapshot ?? filetimeFromMs(timeOfGmtToken(token)),
  };
}

function leaseContext(lease: LeaseRequest, dialect: number): CreateContextRequest {
  const common = { leaseKey: lease.key, leaseState: lease.state };
  if (dialect < Dialect.Smb300) {
    return CreateContextRequest.of(CreateContextTag.Lease, Object.assign(new CreateLease(), common));
  }
  const parentLeaseKey = lease.parentKey ?? NIL_GUID;
  const flags = lease.parentKey === undefined ? 0 : LeaseFlags.ParentLeaseKeySet;
  const data = Object.assign(new CreateLeaseV2(), common, { parentLeaseKey, flags });
  return CreateContextRequest.of(CreateContextTag.Lease, data);
}

/** The CLOSE request. With `query`, the response has the current attributes. */
export function closeCall(path: string, query = false): OnFile {
  return (fileId) => {
    const body = new CloseRequest();
    body.fileId = fileId;
    if (query) body.flags = CloseFlags.PostqueryAttrib;
    return treeCall(Command.Close, body, path);
  };
}

export async function open(caller: Caller, request: OpenRequest, control?: OpenControl): Promise<Smb2Handle> {
  const late = (reply: Smb2Reply): void => caller.closeQuietly(closeCall(request.path), reply);
  const { replay = false } = control ?? {};
  const reply = await caller.call({ ...createCall(caller, request), replay }, control, late, control?.unanswered);
  // If this fails, the connection or the handle is gone, and its caching with it.
  const answer = (handle: Smb2Handle, state: number): void =>
    void acknowledge(caller, handle, state).catch(() => undefined);
  const handle = new Smb2Handle(request.path, reply, answer);
  handle.heed(caller.breaks);
  return handle;
}

export async function close(caller: Caller, handle: Smb2Handle, control?: Control): Promise<void> {
  caller.breaks.leave(handle);
  await caller.call(closeCall(handle.path)(handle.fileId), control);
}

/** [MS-SMB2] 3.2.4.25, 3.2.4.26. */
export async function acknowledge(caller: Caller, handle: Smb2Handle, state: number, control?: Control): Promise<void> {
  const body = caller.breaks.acknowledgment(handle, state);
  if (body) await caller.call({ command: Command.OplockBreak, body, path: handle.path }, control);
}

/** The file information in a CREATE or CLOSE response. */
export function infoOf(body: CreateResponse | CloseResponse): NodeInfo {
  return {
    size: body.endofFile,
    allocationSize: body.allocationSize,
    attributes: body.fileAttributes,
    creationTime: body.creationTime,
    lastAccessTime: body.lastAccessTime,
    lastWriteTime: body.lastWriteTime,
    changeTime: body.changeTime,
    id: 0n,
    links: 1,
  };
}
