import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import { WriteFlags, type WriteRequest, WriteResponse } from '#wire/smb2/command/write.js';
import { write as writeFile } from '../action/write.js';
import { requireAccess } from '../state/open.js';
import type { Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.13. */
export async function write(request: WriteRequest, context: Smb2Context): Promise<WriteResponse> {
  context.requireCharge(request.data.length, context.connection.maxTransfer);
  const open = context.open(request.fileId);
  const response = new WriteResponse();
  response.count = request.data.length;
  if (open.kind === 'pipe') {
    requireAccess(open, FileAccess.WriteData);
    open.pipe.write(request.data);
    return response;
  }
  // Only local programs may write at the end by an offset of all ones ([MS-FSA] 2.1.5.4).
  if (request.offset < 0) throw new StatusError(NtStatus.InvalidParameter);
  const asked = (request.flags & WriteFlags.WriteThrough) !== 0 || (open.options & CreateOptions.WriteThrough) !== 0;
  // Data written through a persistent open must survive a server crash.
  const through = asked || open.durable?.tenacity === 'persistent';
  await writeFile(context.core, open, request.data, request.offset, through);
  return response;
}
