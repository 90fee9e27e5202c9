import { type FlushRequest, FlushResponse } from '#wire/smb2/command/flush.js';
import { flush as flushFile } from '../action/write.js';
import type { Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.11. Pipes have no data to flush. */
export async function flush(request: FlushRequest, context: Smb2Context): Promise<FlushResponse> {
  const open = context.open(request.fileId);
  if (open.kind === 'disk') await flushFile(context.core, open);
  return new FlushResponse();
}
