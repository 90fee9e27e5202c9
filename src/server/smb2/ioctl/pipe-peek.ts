import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { PipePeekResponse } from '#wire/fscc/fsctl/pipe-peek.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { requireAccess } from '../../state/open.js';
import type { Smb2Context } from '../context.js';
import type { FsctlAnswer } from './fsctl.js';

/** Size of the response in front of the data, in bytes. */
const HEAD = 16;

/** FSCTL_PIPE_PEEK ([MS-SMB2] 3.3.5.15.4). */
export function pipePeek(request: IoctlRequest, context: Smb2Context): FsctlAnswer {
  const open = context.open(request.fileId);
  if (open.kind !== 'pipe') throw new StatusError(NtStatus.InvalidDeviceRequest);
  requireAccess(open, FileAccess.ReadData);
  if (request.maxOutputResponse < HEAD) throw new StatusError(NtStatus.BufferTooSmall);
  const view = open.pipe.peek(request.maxOutputResponse - HEAD);
  const response = Object.assign(new PipePeekResponse(), {
    readDataAvailable: view.available,
    numberOfMessages: view.messages,
    messageLength: view.messageLength,
    data: view.data,
  });
  const cut = view.data.length < view.available;
  return {
    output: context.core.encoder.encode(response),
    status: cut ? NtStatus.BufferOverflow : NtStatus.Success,
  };
}
