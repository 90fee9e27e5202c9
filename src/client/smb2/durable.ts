import { FileAccess } from '#wire/dtyp/access-mask.js';
import type { Guid } from '#wire/dtyp/guid.js';
import { FileId } from '#wire/io/file-id.js';
import { CreateDisposition, CreateOptions, OplockLevel } from '#wire/smb2/command/create.js';
import { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import { CreateDurableHandleReconnect, CreateDurableHandleRequest } from '#wire/smb2/create-context/durable-handle.js';
import {
  CreateDurableHandleReconnectV2,
  CreateDurableHandleRequestV2,
  DurableHandleFlags,
} from '#wire/smb2/create-context/durable-handle-v2.js';
import { LeaseState } from '#wire/smb2/create-context/lease.js';
import { CreateQueryOnDiskIdRequest, CreateQueryOnDiskIdResponse } from '#wire/smb2/create-context/query-on-disk-id.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import type { ConnectionInfo } from '../connection-info.js';
import type { Handle, LeaseRequest, OpenRequest } from '../protocol.js';
import { Smb2Handle } from './create.js';

const DATA =
  FileAccess.ReadData | FileAccess.WriteData | FileAccess.AppendData | FileAccess.Execute | FileAccess.GenericAll;
const NEVER = CreateOptions.DirectoryFile | CreateOptions.DeleteOnClose;
const RWH = LeaseState.ReadCaching | LeaseState.WriteCaching | LeaseState.HandleCaching;

/** What a durable open needs. */
export interface DurableTerms {
  /** How long the server should keep the open. */
  readonly timeoutMs: number;
  readonly createGuid: Guid;
  readonly leaseKey: Guid;
  /** The open should survive a server restart, too; the share is continuously available. */
  readonly persistent: boolean;
}

/** Whether an open can survive a disconnect at all; delete-on-close requires a persistent one. */
export function mayLast(request: OpenRequest, info: ConnectionInfo, persistent: boolean): boolean {
  const never = persistent ? CreateOptions.DirectoryFile : NEVER;
  const wanted = request.access & (DATA | FileAccess.GenericRead | FileAccess.GenericWrite | FileAccess.MaximumAllowed);
  return (
    info.dialect !== 'NT1' && wanted !== 0 && ((request.options ?? 0) & never) === 0 && request.snapshot === undefined
  );
}

function is3(info: ConnectionInfo): boolean {
  return info.dialect.startsWith('3');
}

/** Adds what makes an open durable ([MS-SMB2] 3.2.4.3.5, 3.2.4.3.8): a lease or oplock, and the create context. */
export function durableRequest(request: OpenRequest, info: ConnectionInfo, terms: DurableTerms): OpenRequest {
  const contexts = [...(request.contexts ?? []), diskIdContext()];
  if (is3(info)) {
    const { timeoutMs: timeout, createGuid, persistent } = terms;
    const flags = persistent ? DurableHandleFlags.Persistent : 0;
    const data = Object.assign(new CreateDurableHandleRequestV2(), { timeout, createGuid, flags });
    contexts.push(CreateContextRequest.of(CreateContextTag.DurableHandleRequestV2, data));
  } else {
    contexts.push(CreateContextRequest.of(CreateContextTag.DurableHandleRequest, new CreateDurableHandleRequest()));
  }
  if (request.lease !== undefined || request.oplock !== undefined) return { ...request, contexts };
  const lease: LeaseRequest = { key: terms.leaseKey, state: RWH };
  const leases = info.dialect !== '2.0.2' && info.capabilities.includes('leasing');
  return leases ? { ...request, contexts, lease } : { ...request, contexts, oplock: OplockLevel.Batch };
}

/** An open that cannot be durable, but whose file must be recognized on reopening. */
export function plainRequest(request: OpenRequest, info: ConnectionInfo): OpenRequest {
  if (info.dialect === 'NT1') return request;
  return { ...request, contexts: [...(request.contexts ?? []), diskIdContext()] };
}

function diskIdContext(): CreateContextRequest {
  return CreateContextRequest.of(CreateContextTag.QueryOnDiskId, new CreateQueryOnDiskIdRequest());
}

/** The file ID on disk, if the server reported it. */
export function diskIdOf({ contexts }: Handle): bigint | undefined {
  const answer = contexts.find(({ name }) => name === CreateContextTag.QueryOnDiskId)?.data;
  return answer instanceof CreateQueryOnDiskIdResponse ? answer.diskFileId : undefined;
}

/** True if the server made the open durable. */
export function lasts(handle: Handle): boolean {
  return handle instanceof Smb2Handle && handle.tenure !== undefined;
}

/** True if the open survives a server restart, too. */
export function isPersistent(handle: Handle): boolean {
  return handle instanceof Smb2Handle && handle.tenure?.persistent === true;
}

/** The CREATE that reconnects to a durable open ([MS-SMB2] 3.2.4.4). */
export function takeUpRequest(request: OpenRequest, handle: Handle, createGuid: Guid): OpenRequest {
  const { fileId, caching, tenure } = handle as Smb2Handle;
  const flags = tenure?.persistent ? DurableHandleFlags.Persistent : 0;
  const context =
    tenure?.version === 2
      ? CreateContextRequest.of(
          CreateContextTag.DurableHandleReconnectV2,
          Object.assign(new CreateDurableHandleReconnectV2(), { fileId, createGuid, flags }),
        )
      : CreateContextRequest.of(
          CreateContextTag.DurableHandleReconnect,
          Object.assign(new CreateDurableHandleReconnect(), { fileId }),
        );
  const { leaseKey, state } = caching;
  const { lease, oplock, ...rest } = request;
  // A server that ignores the context must not empty the file.
  const again = { ...rest, disposition: CreateDisposition.Open, contexts: [context] };
  if (leaseKey === undefined) return { ...again, oplock: OplockLevel.Batch };
  return { ...again, lease: { ...lease, key: leaseKey, state } };
}

/**
 * The CREATE that reconnects to a persistent open whose answer was lost and that is no longer wanted. The server finds
 * it by its CreateGuid ([MS-SMB2] 3.3.5.9.12).
 */
export function reclaimRequest(asked: OpenRequest, createGuid: Guid): OpenRequest {
  const { lease, oplock, disposition, contexts, ...rest } = asked;
  const data = Object.assign(new CreateDurableHandleReconnectV2(), {
    fileId: FileId.none,
    createGuid,
    flags: DurableHandleFlags.Persistent,
  });
  const context = CreateContextRequest.of(CreateContextTag.DurableHandleReconnectV2, data);
  const again = { ...rest, disposition: CreateDisposition.Open, contexts: [context] };
  return lease === undefined ? again : { ...again, lease };
}

/**
 * True if `now` is the same open as `before`, and not just another one of the same file. It then inherits the state
 * that the server does not report again.
 */
export function goesOn(before: Handle, now: Handle): boolean {
  if (!(before instanceof Smb2Handle) || !(now instanceof Smb2Handle)) return false;
  if (!samePersistent(before.fileId, now.fileId)) return false;
  now.tenure = before.tenure;
  now.sequences = before.sequences;
  return true;
}

function samePersistent(a: FileId, b: FileId): boolean {
  return a.p0 === b.p0 && a.p1 === b.p1;
}
