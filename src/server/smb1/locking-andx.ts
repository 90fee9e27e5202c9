import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EmptyAndXBlock } from '#wire/smb1/block.js';
import { type LockingAndXRequest, TypeOfLock } from '#wire/smb1/command/locking-andx.js';
import type { Smb1Context } from './context.js';

/** [MS-CIFS] 3.3.5.30. Ranges are not locked, and so there is nothing to be unlocked. */
export function lockingAndX(request: LockingAndXRequest, context: Smb1Context): EmptyAndXBlock | undefined {
  context.diskOpen(request.fid);
  if (request.locks.length > 0) throw new StatusError(NtStatus.NotSupported);
  if (request.unlocks.length > 0) throw new StatusError(NtStatus.RangeNotLocked);
  if ((request.typeOfLock & TypeOfLock.OplockRelease) === 0) return new EmptyAndXBlock();
  // The answer to an oplock break is not answered.
  context.request.drop();
  return undefined;
}
