import { type EchoRequest, EchoResponse } from '#wire/smb1/command/echo.js';
import { Smb1Answer, type Smb1Context } from './context.js';

/** Limits on the number of echoes per request and on their total size. Before a logon, only one echo is sent. */
const MOST_ECHOES = 100;
const MOST_BYTES = 128 * 1024;

/** [MS-CIFS] 3.3.5.33. */
export function echo({ echoCount, data }: EchoRequest, { request, connection }: Smb1Context): Smb1Answer | undefined {
  const affordable = Math.max(1, Math.floor(MOST_BYTES / (data.length + 1)));
  const isKnown = connection.shareSessions.size > 0 || [...connection.sessions.values()].some(({ session }) => session);
  const count = Math.min(echoCount, isKnown ? MOST_ECHOES : 1, affordable);
  const [first, ...more] = Array.from({ length: count }, (_, i) =>
    Object.assign(new EchoResponse(), { sequenceNumber: i + 1, data }),
  );
  if (first === undefined) {
    request.drop();
    return undefined;
  }
  return Object.assign(new Smb1Answer(first), { more });
}
