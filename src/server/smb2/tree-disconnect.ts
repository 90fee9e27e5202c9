import { type TreeDisconnectRequest, TreeDisconnectResponse } from '#wire/smb2/command/tree-disconnect.js';
import { closeTree } from '../action/close.js';
import type { Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.8. */
export async function treeDisconnect(
  _request: TreeDisconnectRequest,
  context: Smb2Context,
): Promise<TreeDisconnectResponse> {
  await closeTree(context.core, context.anyTree);
  return new TreeDisconnectResponse();
}
