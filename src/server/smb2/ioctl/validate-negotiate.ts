import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import {
  ValidateNegotiateInfoRequest,
  ValidateNegotiateInfoResponse,
} from '#wire/fscc/fsctl/validate-negotiate-info.js';
import { Decoder } from '#wire/io/decoder.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { Dialect } from '#wire/smb2/dialect.js';
import type { Smb2Context } from '../context.js';
import type { FsctlAnswer } from './fsctl.js';

const decoder = new Decoder();
const RESPONSE_BYTES = 24;

/**
 * FSCTL_VALIDATE_NEGOTIATE_INFO ([MS-SMB2] 3.3.5.15.12): a mismatch means that NEGOTIATE was tampered with, so the
 * connection is terminated without a response. Not used at 3.1.1.
 */
export function validateNegotiate(request: IoctlRequest, context: Smb2Context): FsctlAnswer {
  const { connection, core } = context;
  const info = new ValidateNegotiateInfoRequest();
  info.layout(decoder.reset(request.input));
  const same =
    connection.dialect !== Dialect.Smb311 &&
    request.maxOutputResponse >= RESPONSE_BYTES &&
    info.capabilities === connection.clientCapabilities &&
    info.guid === connection.clientGuid &&
    info.securityMode === connection.clientSecurityMode &&
    info.dialects.length === connection.clientDialects.length &&
    info.dialects.every((dialect, i) => dialect === connection.clientDialects[i]);
  if (!same) {
    connection.fail(new ConnectionLost('NEGOTIATE was tampered with', { retryable: false }));
    // Never sent: the connection is gone.
    throw new StatusError(NtStatus.AccessDenied);
  }
  const response = new ValidateNegotiateInfoResponse();
  response.capabilities = connection.capabilities;
  response.guid = core.guid;
  response.securityMode = connection.securityMode;
  response.dialect = connection.dialect;
  return { output: core.encoder.encode(response) };
}
