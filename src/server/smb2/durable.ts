import { NIL_GUID } from '#wire/dtyp/guid.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Wire } from '#wire/io/layout.js';
import type { CreateRequest } from '#wire/smb2/command/create.js';
import { GlobalCap } from '#wire/smb2/command/negotiate.js';
import { CreateAppInstanceId } from '#wire/smb2/create-context/app-instance-id.js';
import { CreateAppInstanceVersion } from '#wire/smb2/create-context/app-instance-version.js';
import { CreateDurableHandleReconnect, CreateDurableHandleResponse } from '#wire/smb2/create-context/durable-handle.js';
import {
  CreateDurableHandleReconnectV2,
  CreateDurableHandleRequestV2,
  CreateDurableHandleResponseV2,
  DurableHandleFlags,
} from '#wire/smb2/create-context/durable-handle-v2.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { Dialect } from '#wire/smb2/dialect.js';
import type { Created } from '../action/create.js';
import type { DurableWish, Reconnection } from '../action/durable.js';
import type { AppInstance } from '../state/app-instances.js';
import { leaseOf } from './caching.js';
import type { Smb2Context } from './context.js';

/** The durable handle contexts of a CREATE. */
export interface DurableFacts {
  readonly wish: DurableWish | undefined;
  readonly reconnection: Reconnection | undefined;
}

/** [MS-SMB2] 3.3.5.9.6, .7, .10 and .12: which of the four contexts apply; InvalidParameter for conflicting ones. */
export function durableOf(request: CreateRequest, { connection }: Smb2Context): DurableFacts {
  const data = (tag: string): Wire | undefined => request.createContexts.find(({ name }) => name === tag)?.data;
  const is3 = connection.dialect >= Dialect.Smb300;
  const asks = data(CreateContextTag.DurableHandleRequest);
  const returns = data(CreateContextTag.DurableHandleReconnect);
  const asks2 = is3 ? data(CreateContextTag.DurableHandleRequestV2) : undefined;
  const returns2 = is3 ? data(CreateContextTag.DurableHandleReconnectV2) : undefined;
  const others = [asks, returns, asks2, returns2].filter((context) => context !== undefined).length - 1;
  if ((asks2 || returns2) && others > 0) throw new StatusError(NtStatus.InvalidParameter);
  const client = connection.clientGuid;
  const leaseKey = leaseOf(request)?.leaseKey;
  if (returns instanceof CreateDurableHandleReconnect) {
    const { fileId } = returns;
    return { wish: undefined, reconnection: { fileId, client, createGuid: undefined, leaseKey, persistent: false } };
  }
  if (returns2 instanceof CreateDurableHandleReconnectV2) {
    const { fileId, createGuid } = returns2;
    const persistent = isPersistent(returns2);
    return { wish: undefined, reconnection: { fileId, client, createGuid, leaseKey, persistent } };
  }
  if (asks2 instanceof CreateDurableHandleRequestV2) {
    const { timeout, createGuid } = asks2;
    const persistent = isPersistent(asks2) && (connection.capabilities & GlobalCap.PersistentHandles) !== 0;
    return { wish: { client, timeout, createGuid, persistent }, reconnection: undefined };
  }
  const wish = asks && { client, timeout: 0, createGuid: NIL_GUID, persistent: false };
  return { wish, reconnection: undefined };
}

/** [MS-SMB2] 3.3.5.9.13: the application instance of an open, if the dialect supports it. */
export function appOf({ createContexts }: CreateRequest, { connection }: Smb2Context): AppInstance | undefined {
  if (connection.dialect < Dialect.Smb300) return undefined;
  const data = (tag: string): Wire | undefined => createContexts.find(({ name }) => name === tag)?.data;
  const app = data(CreateContextTag.AppInstanceId);
  if (!(app instanceof CreateAppInstanceId) || app.appInstanceId === NIL_GUID) return undefined;
  const version = connection.dialect >= Dialect.Smb311 ? data(CreateContextTag.AppInstanceVersion) : undefined;
  return {
    id: app.appInstanceId,
    client: connection.clientGuid,
    version:
      version instanceof CreateAppInstanceVersion
        ? (version.appInstanceVersionHigh << 64n) | version.appInstanceVersionLow
        : undefined,
  };
}

export function durableAnswer({ open, untoldDurable }: Created): Wire | undefined {
  return open.durable && !untoldDurable ? new CreateDurableHandleResponse() : undefined;
}

/** [MS-SMB2] 3.3.5.9.10. */
export function durableAnswerV2({ open, untoldDurable }: Created): Wire | undefined {
  if (!open.durable || untoldDurable) return undefined;
  const { timeoutMs, tenacity } = open.durable;
  const flags = tenacity === 'persistent' ? DurableHandleFlags.Persistent : 0;
  return Object.assign(new CreateDurableHandleResponseV2(), { timeout: timeoutMs, flags });
}

function isPersistent({ flags }: { readonly flags: number }): boolean {
  return (flags & DurableHandleFlags.Persistent) !== 0;
}
