import { NtStatus } from '#wire/erref/nt-status.js';
import { type LogoffRequest, LogoffResponse } from '#wire/smb2/command/logoff.js';
import { loseSession } from '../action/durable.js';
import type { Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.6: durable opens outlast that, too. The response is still signed and sealed as the session was: it goes before the session does. */
export async function logoff(_request: LogoffRequest, context: Smb2Context): Promise<undefined> {
  const { channel, connection, request, session, core } = context;
  channel.session.stopOpening();
  await loseSession(core, session);
  request.respond(NtStatus.Success, new LogoffResponse());
  await connection.endSession(channel.session);
  return undefined;
}
