import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { QueryInfoFlags, type QueryInfoRequest, QueryInfoResponse } from '#wire/smb2/command/query-info.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { BufferTooSmallError } from '#wire/smb2/error-data/buffer-too-small.js';
import { type EaQuery, queryEas } from '../action/eas.js';
import { type InfoAnswer, queryFileInfo, queryFsInfo } from '../action/query-info.js';
import { querySecurity } from '../action/security.js';
import { queryPipeInfo } from '../rpc/pipe-info.js';
import { Smb2Answer, type Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.20. */
export async function queryInfo(request: QueryInfoRequest, context: Smb2Context): Promise<Smb2Answer> {
  context.requireCharge(Math.max(request.outputBufferLength, request.input.length));
  if (request.infoType === InfoType.Security) return security(request, context);
  const { status, bytes } = await answer(request, context);
  const response = new QueryInfoResponse();
  response.output = bytes;
  return new Smb2Answer(response, status);
}

function answer(request: QueryInfoRequest, context: Smb2Context): Promise<InfoAnswer> | InfoAnswer {
  const { core } = context;
  const { fileInfoClass, outputBufferLength } = request;
  const open = context.open(request.fileId);
  if (open.kind === 'pipe') {
    if (request.infoType !== InfoType.File) throw new StatusError(NtStatus.NotSupported);
    return queryPipeInfo(core, open, fileInfoClass, outputBufferLength);
  }
  switch (request.infoType) {
    case InfoType.File:
      if (fileInfoClass === FileInfoClass.FullEa) return queryEas(core, open, eaQuery(request));
      // [MS-SMB2] 3.3.5.20.1
      if (fileInfoClass === FileInfoClass.NormalizedName && context.connection.dialect < Dialect.Smb311) {
        throw new StatusError(NtStatus.NotSupported);
      }
      return queryFileInfo(core, open, fileInfoClass, outputBufferLength);
    case InfoType.Filesystem:
      return queryFsInfo(core, open.tree, fileInfoClass, outputBufferLength);
    default:
      // Quotas are not supported.
      throw new StatusError(NtStatus.NotSupported);
  }
}

// [MS-SMB2] 3.3.5.20.3: a truncated descriptor is useless, so the error states the required size instead.
async function security(request: QueryInfoRequest, context: Smb2Context): Promise<Smb2Answer> {
  const { additionalInformation, outputBufferLength, fileId } = request;
  const open = context.diskOpen(fileId);
  const { bytes, required } = await querySecurity(context.core, open, additionalInformation, outputBufferLength);
  if (bytes === undefined) {
    const data = Object.assign(new BufferTooSmallError(), { requiredLength: required });
    return new Smb2Answer(context.errorWith(data), NtStatus.BufferTooSmall);
  }
  return new Smb2Answer(Object.assign(new QueryInfoResponse(), { output: bytes }));
}

// [MS-SMB2] 2.2.37: meaning of the fields for extended attributes.
function eaQuery({ input, flags, additionalInformation, outputBufferLength }: QueryInfoRequest): EaQuery {
  return {
    list: input,
    index: (flags & QueryInfoFlags.IndexSpecified) !== 0 ? additionalInformation : 0,
    restart: (flags & QueryInfoFlags.RestartScan) !== 0,
    single: (flags & QueryInfoFlags.ReturnSingleEntry) !== 0,
    room: outputBufferLength,
  };
}
