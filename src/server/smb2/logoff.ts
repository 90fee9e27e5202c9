import { type LogoffRequest, LogoffResponse } from '#wire/smb2/command/logoff.js';
import type { Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.6: durable opens survive a logoff, too. Later requests of the same compound find no session. */
export async function logoff(_request: LogoffRequest, context: Smb2Context): Promise<LogoffResponse> {
  const { channel, connection } = context;
  await connection.endSession(channel.session, true);
  return new LogoffResponse();
}
