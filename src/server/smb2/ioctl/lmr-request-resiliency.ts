import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { NetworkResiliencyRequest } from '#wire/fscc/fsctl/lmr-request-resiliency.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { requestResiliency } from '../../action/durable.js';
import type { DiskOpen } from '../../state/open.js';
import type { Smb2Context } from '../context.js';
import { DONE, type FsctlAnswer, inputOf } from './fsctl.js';

const REQUEST_BYTES = 8;

/** FSCTL_LMR_REQUEST_RESILIENCY ([MS-SMB2] 3.3.5.15.9). */
export function lmrRequestResiliency(open: DiskOpen, request: IoctlRequest, context: Smb2Context): FsctlAnswer {
  const { core, connection } = context;
  if (connection.dialect < Dialect.Smb210) throw new StatusError(NtStatus.InvalidDeviceRequest);
  if (request.input.length < REQUEST_BYTES) throw new StatusError(NtStatus.InvalidParameter);
  const { timeout } = inputOf(request, new NetworkResiliencyRequest());
  requestResiliency(core, open, connection.clientGuid, timeout);
  return DONE;
}
