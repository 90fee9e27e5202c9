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

/** What makes an open outlive its connection. */
export interface DurableTerms {
  /** How long the server shall wait for us. */
  readonly timeoutMs: number;
  readonly createGuid: Guid;
  readonly leaseKey: Guid;
  /** It shall outlive the server, too; the share is continuously available. */
  readonly persistent: boolean;
}

/** Whether an open can outlive its connection at that server at all; what is persistent also where it deletes its file. */
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

/** The open with all that makes it durable ([MS-SMB2] 3.2.4.3.5, 3.2.4.3.8): a lease or an oplock, and the wish itself. */
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

/** An open that cannot last, but whose file is to be known again. */
export function plainRequest(request: OpenRequest, info: ConnectionInfo): OpenRequest {
  if (info.dialect === 'NT1') return request;
  return { ...request, contexts: [...(request.contexts ?? []), diskIdContext()] };
}

function diskIdContext(): CreateContextRequest {
  return CreateContextRequest.of(CreateContextTag.QueryOnDiskId, new CreateQueryOnDiskIdRequest());
}

/** Number of the file within its volume, where the server told it. */
export function diskIdOf({ contexts }: Handle): bigint | undefined {
  const answer = contexts.find(({ name }) => name === CreateContextTag.QueryOnDiskId)?.data;
  return answer instanceof CreateQueryOnDiskIdResponse ? answer.diskFileId : undefined;
}

/** True when the server said that the open outlives its connection. */
export function lasts(handle: Handle): boolean {
  return handle instanceof Smb2Handle && handle.tenure !== undefined;
}

/** True when it outlives the server, too. */
export function isPersistent(handle: Handle): boolean {
  return handle instanceof Smb2Handle && handle.tenure?.persistent === true;
}

/** The CREATE that takes up an open which outlived its connection ([MS-SMB2] 3.2.4.4). */
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
  // A server that knows nothing of it must not empty the file.
  const again = { ...rest, disposition: CreateDisposition.Open, contexts: [context] };
  if (leaseKey === undefined) return { ...again, oplock: OplockLevel.Batch };
  return { ...again, lease: { ...lease, key: leaseKey, state } };
}

/**
 * The CREATE that takes up a persistent open whose answer was lost, and that nobody wants any more; the server knows it
 * by its CreateGuid ([MS-SMB2] 3.3.5.9.12).
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

/** True when it is the open that was, not another one of the same file: then it goes on where that has ended. */
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
