import { EmptyBlock } from '#wire/smb1/block.js';
import { closeAll } from '../action/close.js';
import type { Smb1Context } from './context.js';

/** [MS-CIFS] 3.3.5.20: closes the files and searches that the process has opened. */
export async function processExit(_request: EmptyBlock, context: Smb1Context): Promise<EmptyBlock> {
  const { session, connection, core, request } = context;
  const { pid } = request.header;
  const mine = [...session.opens.values()].filter((open) => connection.processes.get(open) === pid);
  await closeAll(core, mine);
  return new EmptyBlock();
}
