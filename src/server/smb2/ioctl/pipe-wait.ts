import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { PipeWaitRequest } from '#wire/fscc/fsctl/pipe-wait.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { isPipe } from '../../rpc/open-pipe.js';
import type { Smb2Context } from '../context.js';
import { DONE, type FsctlAnswer, inputOf } from './fsctl.js';

/** FSCTL_PIPE_WAIT ([MS-SMB2] 3.3.5.15.10): pipes here accept any number of clients, so there is never a wait. */
export function pipeWait(request: IoctlRequest, context: Smb2Context): FsctlAnswer {
  if (!context.tree.isPipe) throw new StatusError(NtStatus.InvalidDeviceRequest);
  if (!isPipe(inputOf(request, new PipeWaitRequest()).name)) throw new StatusError(NtStatus.ObjectNameNotFound);
  return DONE;
}
