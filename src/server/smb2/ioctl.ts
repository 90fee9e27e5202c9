import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import {
  ValidateNegotiateInfoRequest,
  ValidateNegotiateInfoResponse,
} from '#wire/fscc/fsctl/validate-negotiate-info.js';
import { Decoder } from '#wire/io/decoder.js';
import { IoctlFlags, type IoctlRequest, IoctlResponse } from '#wire/smb2/command/ioctl.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Smb2Answer, type Smb2Context } from './context.js';

const decoder = new Decoder();
const VALIDATE_RESPONSE_BYTES = 24;

/** [MS-SMB2] 3.3.5.15. Codes that are not served get the status that Windows gives for them. */
export function ioctl(request: IoctlRequest, context: Smb2Context): Smb2Answer | IoctlResponse {
  context.requireCharge(Math.max(request.input.length, request.maxOutputResponse, request.maxInputResponse));
  if ((request.flags & IoctlFlags.IsFsctl) === 0) throw new StatusError(NtStatus.NotSupported);
  switch (request.ctlCode) {
    case Fsctl.ValidateNegotiateInfo:
      return validateNegotiate(request, context);
    case Fsctl.PipeTransceive:
      return transceive(request, context);
    case Fsctl.DfsGetReferrals:
    case Fsctl.DfsGetReferralsEx:
      void context.tree;
      throw new StatusError(NtStatus.FsDriverRequired);
    default:
      context.open(request.fileId);
      throw new StatusError(NtStatus.InvalidDeviceRequest);
  }
}

function answer(request: IoctlRequest, output: Uint8Array): IoctlResponse {
  const response = new IoctlResponse();
  response.ctlCode = request.ctlCode;
  response.fileId = request.fileId;
  response.output = output;
  return response;
}

// [MS-SMB2] 3.3.5.15.12: a difference means that somebody tampered with NEGOTIATE; nothing more may be said. At 3.1.1
// nobody has reason to ask.
function validateNegotiate(request: IoctlRequest, context: Smb2Context): IoctlResponse {
  const { connection, core } = context;
  void context.tree;
  const info = new ValidateNegotiateInfoRequest();
  info.layout(decoder.reset(request.input));
  const same =
    connection.dialect !== Dialect.Smb311 &&
    request.maxOutputResponse >= VALIDATE_RESPONSE_BYTES &&
    info.capabilities === connection.clientCapabilities &&
    info.guid === connection.clientGuid &&
    info.securityMode === connection.clientSecurityMode &&
    info.dialects.length === connection.clientDialects.length &&
    info.dialects.every((dialect, i) => dialect === connection.clientDialects[i]);
  if (!same) {
    const tampered = new ConnectionLost('NEGOTIATE was tampered with', { retryable: false });
    connection.fail(tampered);
    throw tampered;
  }
  const response = new ValidateNegotiateInfoResponse();
  response.capabilities = connection.capabilities;
  response.guid = core.guid;
  response.securityMode = connection.securityMode;
  response.dialect = connection.dialect;
  return answer(request, core.encoder.encode(response));
}

// [MS-SMB2] 3.3.5.15.8
function transceive(request: IoctlRequest, context: Smb2Context): Smb2Answer {
  const open = context.open(request.fileId);
  if (open.kind !== 'pipe') throw new StatusError(NtStatus.InvalidDeviceRequest);
  open.pipe.write(request.input);
  const { data, more } = open.pipe.read(request.maxOutputResponse);
  return new Smb2Answer(answer(request, data), more ? NtStatus.BufferOverflow : NtStatus.Success);
}
