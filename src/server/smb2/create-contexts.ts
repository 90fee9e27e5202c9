import { NtStatus } from '#wire/erref/nt-status.js';
import type { Wire } from '#wire/io/layout.js';
import type { CreateRequest } from '#wire/smb2/command/create.js';
import { CreateContextResponse } from '#wire/smb2/create-context/create-context-response.js';
import { CreateQueryMaximalAccessResponse } from '#wire/smb2/create-context/maximal-access.js';
import { CreateQueryOnDiskIdResponse } from '#wire/smb2/create-context/query-on-disk-id.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import type { Created } from '../action/create.js';

/** What answers a context; one without a row here is ignored, as the specification wants of unknown ones. */
const answers: Readonly<Record<string, (created: Created) => Wire>> = {
  [CreateContextTag.QueryMaximalAccess]: (created) =>
    Object.assign(new CreateQueryMaximalAccessResponse(), {
      queryStatus: NtStatus.Success,
      maximalAccess: created.maximalAccess,
    }),
  [CreateContextTag.QueryOnDiskId]: (created) =>
    Object.assign(new CreateQueryOnDiskIdResponse(), {
      diskFileId: created.info.id,
      volumeId: BigInt(created.open.backend.volume.serial),
    }),
};

/** The create contexts of a response ([MS-SMB2] 3.3.5.9.3 to .13). */
export function answerContexts(request: CreateRequest, created: Created): CreateContextResponse[] {
  const responses: CreateContextResponse[] = [];
  for (const { name } of request.createContexts) {
    const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
    if (answer) responses.push(CreateContextResponse.of(name, answer(created)));
  }
  return responses;
}
