import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import type { PipeData } from '../../rpc/pipe.js';
import type { Smb2Context } from '../context.js';
import type { FsctlAnswer } from './fsctl.js';

/** FSCTL_PIPE_TRANSCEIVE ([MS-SMB2] 3.3.5.15.3). */
export function pipeTransceive(
  { fileId, input, maxOutputResponse }: IoctlRequest,
  context: Smb2Context,
): FsctlAnswer | Promise<FsctlAnswer> {
  const open = context.open(fileId);
  if (open.kind !== 'pipe') throw new StatusError(NtStatus.InvalidDeviceRequest);
  // Most responses come immediately, so there is no interim response up front; the engine sends one if it takes long.
  const patience = { signal: context.request.signal, waits: () => undefined };
  const data = open.pipe.transceive(input, maxOutputResponse, patience);
  return data instanceof Promise ? data.then(answer) : answer(data);
}

function answer({ data, more }: PipeData): FsctlAnswer {
  return { output: data, status: more ? NtStatus.BufferOverflow : NtStatus.Success };
}
