import { EmptyBlock } from '#wire/smb1/block.js';
import { closeTree } from '../action/close.js';
import type { Smb1Context } from './context.js';

/** [MS-CIFS] 3.3.5.41. */
export async function treeDisconnect(_request: EmptyBlock, context: Smb1Context): Promise<EmptyBlock> {
  const { tree, connection, core } = context;
  await closeTree(core, tree);
  await connection.disconnected(tree);
  return new EmptyBlock();
}
