import type { NodeInfo } from '#fs/backend.js';
import { StatusError } from '#wire/erref/errors.js';
import { CloseFlags, type CloseRequest, CloseResponse } from '#wire/smb2/command/close.js';
import { close as closeOpen } from '../action/close.js';
import { nodeFacts } from '../action/facts.js';
import type { DiskOpen } from '../state/open.js';
import { baseName } from '../volume.js';
import type { Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.10. */
export async function close(request: CloseRequest, context: Smb2Context): Promise<CloseResponse> {
  const open = context.open(request.fileId);
  const response = new CloseResponse();
  const wanted = open.kind === 'disk' && (request.flags & CloseFlags.PostqueryAttrib) !== 0;
  // Makes pending writes show in the write time before the attributes are read.
  if (wanted) await context.core.times.closing(open);
  const info = wanted ? await lastInfo(open) : undefined;
  if (info !== undefined) {
    const facts = nodeFacts(info, '', open.kind === 'disk' && open.claim.stream !== '');
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

/** Attributes of the file at close; undefined if it is already gone, which does not fail the close. */
async function lastInfo(open: DiskOpen): Promise<NodeInfo | undefined> {
  try {
    const info = await open.backend.stat(open.handle);
    return open.tree.share.shown(baseName(open.claim.path), info);
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}
