import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { type SetInfoRequest, SetInfoResponse } from '#wire/smb2/command/set-info.js';
import { setSecurity } from '../action/security.js';
import { setFileInfo } from '../action/set-info.js';
import { setPipeInfo } from '../rpc/pipe-info.js';
import type { Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.21. */
export async function setInfo(request: SetInfoRequest, context: Smb2Context): Promise<SetInfoResponse> {
  context.requireCharge(request.buffer.length);
  const any = context.open(request.fileId);
  if (any.kind === 'pipe' && request.infoType === InfoType.File) {
    setPipeInfo(any, request.fileInfoClass, request.buffer);
    return new SetInfoResponse();
  }
  const open = context.diskOpen(request.fileId);
  if (request.infoType === InfoType.Security) {
    await setSecurity(context.core, open, request.additionalInformation, request.buffer);
    return new SetInfoResponse();
  }
  if (request.infoType !== InfoType.File) throw new StatusError(NtStatus.NotSupported);
  // No interim response just because it waits: Windows sends none, and the engine sends one if it takes long.
  const patience = { signal: context.request.signal, waits: () => undefined };
  await setFileInfo(context.core, open, request.fileInfoClass, request.buffer, patience);
  return new SetInfoResponse();
}
