import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { hasWildcards } from '#wire/fscc/name-pattern.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import type { RenameRequest } from '#wire/smb1/command/rename.js';
import { rename as renameOpen } from '../action/set-info/rename.js';
import { byPath } from './by-path.js';
import type { Smb1Context } from './context.js';
import { isWanted } from './search-filter.js';

/** [MS-CIFS] 3.3.5.10. Renames one file or directory; wildcards are not supported. */
export async function rename(request: RenameRequest, context: Smb1Context): Promise<EmptyBlock> {
  const { oldFileName, newFileName, searchAttributes } = request;
  if (hasWildcards(oldFileName) || hasWildcards(newFileName)) throw new StatusError(NtStatus.ObjectNameInvalid);
  const to = context.path(newFileName);
  const access = FileAccess.Delete | FileAccess.ReadAttributes;
  await byPath(context, oldFileName, { access }, async (open) => {
    const info = await open.backend.stat(open.handle);
    // Directories always qualify: NT clients only ask for hidden and system files.
    if (!isWanted({ info }, searchAttributes | FileAttributes.Directory)) throw new StatusError(NtStatus.NoSuchFile);
    await renameOpen(context.core, open, to, { replace: false });
  });
  return new EmptyBlock();
}
