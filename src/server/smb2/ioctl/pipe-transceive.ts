import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import type { Smb2Context } from '../context.js';
import type { FsctlAnswer } from './fsctl.js';

/** FSCTL_PIPE_TRANSCEIVE ([MS-SMB2] 3.3.5.15.3). */
export function pipeTransceive(request: IoctlRequest, context: Smb2Context): FsctlAnswer {
  const open = context.open(request.fileId);
  if (open.kind !== 'pipe') throw new StatusError(NtStatus.InvalidDeviceRequest);
  open.pipe.write(request.input);
  const { data, more } = open.pipe.read(request.maxOutputResponse);
  return { output: data, status: more ? NtStatus.BufferOverflow : NtStatus.Success };
}
