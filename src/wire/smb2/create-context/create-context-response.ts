import type { Wire } from '../../io/layout.js';
import { CreateAaplResponse } from './aapl.js';
import { CreateContext, type DataMaker } from './create-context.js';
import { CreateDurableHandleResponse } from './durable-handle.js';
import { CreateDurableHandleResponseV2 } from './durable-handle-v2.js';
import { CreateLease, CreateLeaseV2, LEASE_V1_LENGTH } from './lease.js';
import { CreateQueryMaximalAccessResponse } from './maximal-access.js';
import { CreatePosixResponse } from './posix.js';
import { CreateQueryOnDiskIdResponse } from './query-on-disk-id.js';
import { SvhdxOpenDeviceContext } from './svhdx-open-device-context.js';
import { CreateContextTag } from './tag.js';

const makers: ReadonlyMap<string, DataMaker> = new Map<string, DataMaker>([
  [CreateContextTag.DurableHandleRequest, () => new CreateDurableHandleResponse()],
  [CreateContextTag.QueryMaximalAccess, () => new CreateQueryMaximalAccessResponse()],
  [CreateContextTag.QueryOnDiskId, () => new CreateQueryOnDiskIdResponse()],
  [CreateContextTag.Lease, (length) => (length === LEASE_V1_LENGTH ? new CreateLease() : new CreateLeaseV2())],
  [CreateContextTag.DurableHandleRequestV2, () => new CreateDurableHandleResponseV2()],
  [CreateContextTag.Aapl, () => new CreateAaplResponse()],
  [CreateContextTag.SvhdxOpenDeviceContext, () => new SvhdxOpenDeviceContext()],
  [CreateContextTag.Posix, () => new CreatePosixResponse()],
]);

/** [MS-SMB2] 2.2.14.2 SMB2_CREATE_CONTEXT Response Values. */
export class CreateContextResponse extends CreateContext {
  static of(name: string, data: Wire): CreateContextResponse {
    const context = new CreateContextResponse();
    context.name = name;
    context.data = data;
    return context;
  }

  protected override get makers(): ReadonlyMap<string, DataMaker> {
    return makers;
  }
}
