import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EmptyAndXBlock } from '#wire/smb1/block.js';
import type { Smb1Context } from './context.js';

/** [MS-CIFS] 3.3.5.44. */
export async function logoffAndX(_request: EmptyAndXBlock, context: Smb1Context): Promise<EmptyAndXBlock> {
  const { connection, request } = context;
  // There are no logons under share-level security.
  if (connection.shareLevel) return new EmptyAndXBlock();
  const session = connection.sessions.get(request.ids.uid);
  if (session === undefined) throw new StatusError(NtStatus.SmbBadUid);
  await connection.endSession(session);
  return new EmptyAndXBlock();
}
