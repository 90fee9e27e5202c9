import { type EchoRequest, EchoResponse } from '#wire/smb1/command/echo.js';
import { Smb1Answer, type Smb1Context } from './context.js';

/** Echoes to one request, and bytes of them all together: strangers may ask for echoes. */
const MOST_ECHOES = 100;
const MOST_BYTES = 128 * 1024;

/** [MS-CIFS] 3.3.5.33. */
export function echo({ echoCount, data }: EchoRequest, { request }: Smb1Context): Smb1Answer | undefined {
  const affordable = Math.max(1, Math.floor(MOST_BYTES / (data.length + 1)));
  const count = Math.min(echoCount, MOST_ECHOES, affordable);
  const [first, ...more] = Array.from({ length: count }, (_, i) =>
    Object.assign(new EchoResponse(), { sequenceNumber: i + 1, data }),
  );
  if (first === undefined) {
    request.drop();
    return undefined;
  }
  return Object.assign(new Smb1Answer(first), { more });
}
