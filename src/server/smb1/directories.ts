import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import type { CheckDirectoryRequest } from '#wire/smb1/command/check-directory.js';
import type { CreateDirectoryRequest } from '#wire/smb1/command/create-directory.js';
import type { DeleteDirectoryRequest } from '#wire/smb1/command/delete-directory.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { setDisposition } from '../action/set-info/disposition.js';
import { byPath } from './by-path.js';
import type { Smb1Context } from './context.js';

const options = CreateOptions.DirectoryFile;

/** [MS-CIFS] 3.3.5.3, also for TRANS2_CREATE_DIRECTORY. */
export async function createDirectory(
  { directoryName }: Pick<CreateDirectoryRequest, 'directoryName'>,
  context: Smb1Context,
): Promise<EmptyBlock> {
  const how = { access: FileAccess.ReadAttributes, options, disposition: CreateDisposition.Create };
  await byPath(context, directoryName, how, async () => undefined);
  return new EmptyBlock();
}

/** [MS-CIFS] 3.3.5.4. */
export async function deleteDirectory(request: DeleteDirectoryRequest, context: Smb1Context): Promise<EmptyBlock> {
  const access = FileAccess.Delete | FileAccess.ReadAttributes;
  await byPath(context, request.directoryName, { access, options }, (open) => setDisposition(context.core, open, true));
  return new EmptyBlock();
}

/** [MS-CIFS] 3.3.5.19. DOS uses it to check a path, and expects a path error rather than a missing file. */
export async function checkDirectory(request: CheckDirectoryRequest, context: Smb1Context): Promise<EmptyBlock> {
  try {
    const access = FileAccess.ReadAttributes;
    await byPath(context, request.directoryName, { access, options }, async () => undefined);
    return new EmptyBlock();
  } catch (error) {
    const missing = error instanceof StatusError && error.status === NtStatus.ObjectNameNotFound;
    if (missing && !context.request.header.isNtStatus) throw new StatusError(NtStatus.ObjectPathNotFound);
    throw error;
  }
}
