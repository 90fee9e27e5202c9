import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { hasWildcards } from '#wire/fscc/name-pattern.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import type { DeleteRequest } from '#wire/smb1/command/delete.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import { setDisposition } from '../action/set-info/disposition.js';
import { byPath } from './by-path.js';
import type { Smb1Context } from './context.js';
import { matchingPaths } from './matches.js';
import { isWanted } from './search-filter.js';

/** [MS-CIFS] 3.3.5.9: deletes one file, or all that match a pattern. */
export async function deleteFiles(request: DeleteRequest, context: Smb1Context): Promise<EmptyBlock> {
  const { fileName, searchAttributes } = request;
  if (!hasWildcards(fileName)) {
    await remove(context, fileName, searchAttributes);
    return new EmptyBlock();
  }
  const files = searchAttributes & ~FileAttributes.Directory;
  for (const path of await matchingPaths(context, fileName, files)) await remove(context, path, searchAttributes);
  return new EmptyBlock();
}

async function remove(context: Smb1Context, path: string, searchAttributes: number): Promise<void> {
  const access = FileAccess.Delete | FileAccess.ReadAttributes;
  await byPath(context, path, { access, options: CreateOptions.NonDirectoryFile }, async (open) => {
    const info = await open.backend.stat(open.handle);
    if (!isWanted({ info }, searchAttributes)) throw new StatusError(NtStatus.NoSuchFile);
    await setDisposition(context.core, open, true);
  });
}
