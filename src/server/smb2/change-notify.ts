import { StatusError } from '#wire/erref/errors.js';
import { isError } from '#wire/erref/nt-status.js';
import { ChangeNotifyFlags, type ChangeNotifyRequest, ChangeNotifyResponse } from '#wire/smb2/command/change-notify.js';
import { ErrorResponse } from '#wire/smb2/command/error.js';
import { responseIsError } from '#wire/smb2/commands.js';
import { Command } from '#wire/smb2/header.js';
import { watch } from '../action/watch.js';
import { Smb2Answer, type Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.19. Sends an interim response at once, as the final one has to wait for a change. */
export async function changeNotify(request: ChangeNotifyRequest, context: Smb2Context): Promise<Smb2Answer> {
  context.requireCharge(request.outputBufferLength);
  const open = context.diskOpen(request.fileId);
  const outcome = watch(context.core, open, {
    filter: request.completionFilter,
    recursive: (request.flags & ChangeNotifyFlags.WatchTree) !== 0,
    maxBytes: request.outputBufferLength,
    signal: context.request.signal,
  });
  context.request.goAsync();
  const { status, changes } = await outcome;
  if (isError(status)) throw new StatusError(status);
  // [MS-SMB2] 3.3.4.4: the end of a watch is sent as an error response.
  if (responseIsError(status, Command.ChangeNotify)) return new Smb2Answer(new ErrorResponse(), status);
  const response = new ChangeNotifyResponse();
  response.output = changes;
  return new Smb2Answer(response, status);
}
