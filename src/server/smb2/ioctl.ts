import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { IoctlFlags, type IoctlRequest, IoctlResponse } from '#wire/smb2/command/ioctl.js';
import { Smb2Answer, type Smb2Context } from './context.js';
import type { FsctlAnswer, FsctlHandler } from './ioctl/fsctl.js';
import { fsctlHandlers } from './ioctl/table.js';
import { tortureHandlers } from './ioctl/torture.js';

/** [MS-SMB2] 3.3.5.15. The control codes are implemented in `ioctl/`. */
export function ioctl(request: IoctlRequest, context: Smb2Context): Smb2Answer | Promise<Smb2Answer> {
  const sent = request.input.length + request.output.length;
  context.requireCharge(Math.max(sent, request.maxInputResponse + request.maxOutputResponse));
  if (request.flags !== IoctlFlags.IsFsctl) throw new StatusError(NtStatus.NotSupported);
  const handler = handlerOf(request.ctlCode, context);
  if (handler === undefined) {
    context.open(request.fileId);
    throw new StatusError(NtStatus.InvalidDeviceRequest);
  }
  const outcome = handler(request, context);
  return outcome instanceof Promise
    ? outcome.then((done) => answer(request, context, done))
    : answer(request, context, outcome);
}

function handlerOf(code: number, { core }: Smb2Context): FsctlHandler | undefined {
  const table: Readonly<Record<number, FsctlHandler | undefined>> = fsctlHandlers;
  return table[code] ?? (core.options.torture === true ? tortureHandlers[code] : undefined);
}

function answer(request: IoctlRequest, context: Smb2Context, done: FsctlAnswer): Smb2Answer {
  if (done.output.length > request.maxOutputResponse) throw new StatusError(NtStatus.BufferTooSmall);
  const response = new IoctlResponse();
  response.ctlCode = request.ctlCode;
  // The response to a related request carries the actual FileId.
  response.fileId = (request.fileId.isRelated ? context.request.fileId : undefined) ?? request.fileId;
  response.output = done.output;
  response.padding = done.padding ?? 0;
  return new Smb2Answer(response, done.status);
}
