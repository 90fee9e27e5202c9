import { CloseFlags, type CloseRequest, CloseResponse } from '#wire/smb2/command/close.js';
import { close as closeOpen } from '../action/close.js';
import { nodeFacts } from '../action/facts.js';
import type { Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.10. */
export async function close(request: CloseRequest, context: Smb2Context): Promise<CloseResponse> {
  const open = context.open(request.fileId);
  const response = new CloseResponse();
  if (open.kind === 'disk' && (request.flags & CloseFlags.PostqueryAttrib) !== 0) {
    const facts = nodeFacts(await open.backend.stat(open.handle));
    response.flags = CloseFlags.PostqueryAttrib;
    response.creationTime = facts.creationTime;
    response.lastAccessTime = facts.lastAccessTime;
    response.lastWriteTime = facts.lastWriteTime;
    response.changeTime = facts.changeTime;
    response.allocationSize = facts.allocationSize;
    response.endofFile = facts.size;
    response.fileAttributes = facts.attributes;
  }
  await closeOpen(context.core, open);
  return response;
}
