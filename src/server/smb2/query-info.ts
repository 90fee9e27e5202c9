import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { type QueryInfoRequest, QueryInfoResponse } from '#wire/smb2/command/query-info.js';
import { type InfoAnswer, queryFileInfo, queryFsInfo } from '../action/query-info.js';
import { queryPipeInfo } from '../rpc/pipe-info.js';
import { Smb2Answer, type Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.20. */
export async function queryInfo(request: QueryInfoRequest, context: Smb2Context): Promise<Smb2Answer> {
  context.requireCharge(Math.max(request.outputBufferLength, request.input.length));
  const { status, bytes } = await answer(request, context);
  const response = new QueryInfoResponse();
  response.output = bytes;
  return new Smb2Answer(response, status);
}

function answer(request: QueryInfoRequest, context: Smb2Context): Promise<InfoAnswer> | InfoAnswer {
  const { core } = context;
  const { fileInfoClass, outputBufferLength } = request;
  const open = context.open(request.fileId);
  if (open.kind === 'pipe') return queryPipeInfo(core, open, fileInfoClass, outputBufferLength);
  switch (request.infoType) {
    case InfoType.File:
      return queryFileInfo(core, open, fileInfoClass, outputBufferLength);
    case InfoType.Filesystem:
      return queryFsInfo(core, open.tree, fileInfoClass, outputBufferLength);
    default:
      // Security descriptors and quotas are not kept.
      throw new StatusError(NtStatus.NotSupported);
  }
}
