import { NtStatus } from '#wire/erref/nt-status.js';
import { gmtToken } from '#wire/fscc/gmt-token.js';
import type { Wire } from '#wire/io/layout.js';
import type { CreateRequest } from '#wire/smb2/command/create.js';
import { CreateAllocationSize } from '#wire/smb2/create-context/allocation-size.js';
import { CreateContextResponse } from '#wire/smb2/create-context/create-context-response.js';
import { CreateEaBuffer } from '#wire/smb2/create-context/ea-buffer.js';
import {
  CreateQueryMaximalAccessRequest,
  CreateQueryMaximalAccessResponse,
} from '#wire/smb2/create-context/maximal-access.js';
import { CreateQueryOnDiskIdResponse } from '#wire/smb2/create-context/query-on-disk-id.js';
import { CreateSdBuffer } from '#wire/smb2/create-context/sd-buffer.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { CreateTimewarpToken } from '#wire/smb2/create-context/timewarp-token.js';
import type { Created, CreateFacts } from '../action/create.js';
import { parseEas } from '../action/eas.js';
import { answerAapl } from './aapl.js';
import { leaseAnswer } from './caching.js';
import { durableAnswer, durableAnswerV2 } from './durable.js';

/** Response builders by context name; contexts without an entry are ignored, as the specification requires. */
const answers: Readonly<Record<string, (created: Created, asked: Wire) => Wire | undefined>> = {
  [CreateContextTag.Aapl]: answerAapl,
  [CreateContextTag.QueryMaximalAccess]: maximalAccess,
  [CreateContextTag.QueryOnDiskId]: (created) =>
    Object.assign(new CreateQueryOnDiskIdResponse(), {
      diskFileId: created.info.id,
      volumeId: BigInt(created.open.backend.volume.serial),
    }),
  [CreateContextTag.Lease]: leaseAnswer,
  [CreateContextTag.DurableHandleRequest]: durableAnswer,
  [CreateContextTag.DurableHandleRequestV2]: durableAnswerV2,
};

// [MS-SMB2] 3.3.5.9.5: a client that already knows the current state of the file also knows its rights.
function maximalAccess(created: Created, asked: Wire): Wire {
  const response = new CreateQueryMaximalAccessResponse();
  const known = asked instanceof CreateQueryMaximalAccessRequest ? asked.timestamp : null;
  if (known !== null && known !== 0n && known === created.info.lastWriteTime) {
    response.queryStatus = NtStatus.NoneMapped;
    return response;
  }
  response.maximalAccess = created.maximalAccess;
  return response;
}

/** CREATE parameters contained in create contexts. */
export function wishesOf({ createContexts }: CreateRequest): Partial<CreateFacts> {
  const data = (tag: string): Wire | undefined => createContexts.find(({ name }) => name === tag)?.data;
  const allocation = data(CreateContextTag.AllocationSize);
  const timewarp = data(CreateContextTag.TimewarpToken);
  const security = data(CreateContextTag.SdBuffer);
  const eas = data(CreateContextTag.EaBuffer);
  return {
    ...(eas instanceof CreateEaBuffer && { eas: parseEas(eas.eaBuffer) }),
    ...(security instanceof CreateSdBuffer && { securityDescriptor: security.securityDescriptor }),
    ...(allocation instanceof CreateAllocationSize && { allocationSize: allocation.allocationSize }),
    ...(timewarp instanceof CreateTimewarpToken &&
      timewarp.timestamp !== 0n && { snapshot: gmtToken(timewarp.timestamp) }),
    wantsMaximalAccess: data(CreateContextTag.QueryMaximalAccess) !== undefined,
  };
}

/** The create contexts of the response ([MS-SMB2] 3.3.5.9.3 to .13). */
export function answerContexts(request: CreateRequest, created: Created): CreateContextResponse[] {
  const responses: CreateContextResponse[] = [];
  for (const { name, data } of request.createContexts) {
    const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
    const response = answer?.(created, data);
    if (response) responses.push(CreateContextResponse.of(name, response));
  }
  return responses;
}
