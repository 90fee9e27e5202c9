import { FileAccess } from '#wire/dtyp/access-mask.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import type { FlushRequest } from '#wire/smb1/command/flush.js';
import { flush as flushFile } from '../action/write.js';
import type { Open } from '../state/open.js';
import type { Smb1Context } from './context.js';

const ALL = 0xffff;
const WRITING = FileAccess.WriteData | FileAccess.AppendData;

/** [MS-CIFS] 3.3.5.8: flushes one file, or all files opened by the process. */
export async function flush(request: FlushRequest, context: Smb1Context): Promise<EmptyBlock> {
  for (const open of opensOf(request, context)) if (open.kind === 'disk') await flushFile(context.core, open);
  return new EmptyBlock();
}

function opensOf({ fid }: FlushRequest, context: Smb1Context): Open[] {
  if (fid !== ALL) return [context.open(fid)];
  const { pid } = context.request.header;
  const { processes } = context.connection;
  const mine = (open: Open): boolean => processes.get(open) === pid && (open.grantedAccess & WRITING) !== 0;
  return [...context.tree.opens].filter(mine);
}
