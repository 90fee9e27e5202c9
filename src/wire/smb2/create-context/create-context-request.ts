import type { Wire } from '../../io/layout.js';
import { CreateAaplRequest } from './aapl.js';
import { CreateAllocationSize } from './allocation-size.js';
import { CreateAppInstanceId } from './app-instance-id.js';
import { CreateAppInstanceVersion } from './app-instance-version.js';
import { CreateContext, type DataMaker } from './create-context.js';
import { CreateDurableHandleReconnect, CreateDurableHandleRequest } from './durable-handle.js';
import { CreateDurableHandleReconnectV2, CreateDurableHandleRequestV2 } from './durable-handle-v2.js';
import { CreateEaBuffer } from './ea-buffer.js';
import { CreateLease, CreateLeaseV2, LEASE_V1_LENGTH } from './lease.js';
import { CreateQueryMaximalAccessRequest } from './maximal-access.js';
import { CreatePosixRequest } from './posix.js';
import { CreateQueryOnDiskIdRequest } from './query-on-disk-id.js';
import { CreateSdBuffer } from './sd-buffer.js';
import { SvhdxOpenDeviceContext } from './svhdx-open-device-context.js';
import { CreateContextTag } from './tag.js';
import { CreateTimewarpToken } from './timewarp-token.js';

const makers: ReadonlyMap<string, DataMaker> = new Map<string, DataMaker>([
  [CreateContextTag.EaBuffer, () => new CreateEaBuffer()],
  [CreateContextTag.SdBuffer, () => new CreateSdBuffer()],
  [CreateContextTag.DurableHandleRequest, () => new CreateDurableHandleRequest()],
  [CreateContextTag.DurableHandleReconnect, () => new CreateDurableHandleReconnect()],
  [CreateContextTag.AllocationSize, () => new CreateAllocationSize()],
  [CreateContextTag.QueryMaximalAccess, () => new CreateQueryMaximalAccessRequest()],
  [CreateContextTag.TimewarpToken, () => new CreateTimewarpToken()],
  [CreateContextTag.QueryOnDiskId, () => new CreateQueryOnDiskIdRequest()],
  [CreateContextTag.Lease, (length) => (length === LEASE_V1_LENGTH ? new CreateLease() : new CreateLeaseV2())],
  [CreateContextTag.DurableHandleRequestV2, () => new CreateDurableHandleRequestV2()],
  [CreateContextTag.DurableHandleReconnectV2, () => new CreateDurableHandleReconnectV2()],
  [CreateContextTag.Aapl, () => new CreateAaplRequest()],
  [CreateContextTag.AppInstanceId, () => new CreateAppInstanceId()],
  [CreateContextTag.AppInstanceVersion, () => new CreateAppInstanceVersion()],
  [CreateContextTag.SvhdxOpenDeviceContext, () => new SvhdxOpenDeviceContext()],
  [CreateContextTag.Posix, () => new CreatePosixRequest()],
]);

/** [MS-SMB2] 2.2.13.2 SMB2_CREATE_CONTEXT Request Values. */
export class CreateContextRequest extends CreateContext {
  static of(name: string, data: Wire): CreateContextRequest {
    const context = new CreateContextRequest();
    context.name = name;
    context.data = data;
    return context;
  }

  protected override get makers(): ReadonlyMap<string, DataMaker> {
    return makers;
  }
}
