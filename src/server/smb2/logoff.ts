import { type LogoffRequest, LogoffResponse } from '#wire/smb2/command/logoff.js';
import type { Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.6: durable opens outlast that, too. What stands behind it in a compound finds no session any more. */
export async function logoff(_request: LogoffRequest, context: Smb2Context): Promise<LogoffResponse> {
  const { channel, connection } = context;
  await connection.endSession(channel.session, true);
  return new LogoffResponse();
}
