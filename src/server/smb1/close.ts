import { FileAccess } from '#wire/dtyp/access-mask.js';
import { FileBasicInformation } from '#wire/fscc/file-info/basic.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import type { CloseRequest } from '#wire/smb1/command/close.js';
import { close as closeOpen } from '../action/close.js';
import { applyFileInfo } from '../action/set-info.js';
import type { DiskOpen } from '../state/open.js';
import type { Smb1Context } from './context.js';
import { filetimeOfUtime } from './times.js';

/** [MS-CIFS] 3.3.5.7. */
export async function close(request: CloseRequest, context: Smb1Context): Promise<EmptyBlock> {
  const open = context.open(request.fid);
  try {
    const time = filetimeOfUtime(request.lastTimeModified);
    if (open.kind === 'disk' && time !== 0n) await setTime(context, open, time);
  } finally {
    await closeOpen(context.core, open);
    context.request.ids.fid = undefined;
  }
  return new EmptyBlock();
}

// Clients send a time even for files they have only read.
async function setTime({ core }: Smb1Context, open: DiskOpen, lastWriteTime: bigint): Promise<void> {
  if ((open.grantedAccess & FileAccess.WriteAttributes) === 0) return;
  const info = Object.assign(new FileBasicInformation(), { lastWriteTime });
  await applyFileInfo(core, open, FileInfoClass.Basic, info);
}
