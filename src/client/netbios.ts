import { FRAME_HEADER } from '#engine/frame-port.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { ANY_SERVER, NetbiosName, NetbiosSuffix } from '#wire/netbios/netbios-name.js';
import { NEGATIVE_RESPONSE_NAMES, SessionNegativeResponse } from '#wire/netbios/session-negative-response.js';
import { SessionPacketType } from '#wire/netbios/session-packet.js';
import { SessionRequest } from '#wire/netbios/session-request.js';
import { SessionRetargetResponse } from '#wire/netbios/session-retarget-response.js';
import type { Link } from './link.js';

/** Where the session service redirects us. */
export interface Retarget {
  readonly host: string;
  readonly port: number;
}

/** Our own name in session requests. */
const CALLING_NAME = 'SOMBRERO';

/**
 * Establishes a NetBIOS session ([RFC1002] 5.3.1). Returns undefined on success, or the address to try instead; throws
 * ConnectionLost with the server's reason if it refuses.
 */
export function requestSession(
  link: Link,
  calledName: string | undefined,
  timeoutMs: number,
): Promise<Retarget | undefined> {
  const request = new SessionRequest();
  request.calledName = NetbiosName.of(calledName ?? ANY_SERVER, NetbiosSuffix.Server);
  request.callingName = NetbiosName.of(CALLING_NAME, NetbiosSuffix.Workstation);
  const encoder = new Encoder(512).begin(FRAME_HEADER);
  request.layout(encoder);
  return new Promise((resolve, reject) => {
    const stop = link.clock.after(timeoutMs, () => {
      link.fail(
        new ConnectionLost(`no answer to the NetBIOS session request within ${timeoutMs} ms`, { code: 'ETIMEDOUT' }),
      );
    });
    link.sink = {
      outstanding: 0,
      receive: () => {
        throw new ConnectionLost('a message before the NetBIOS session was there', { retryable: false });
      },
      closed: (cause) => {
        stop();
        reject(cause);
      },
    };
    link.onService = (type, body) => {
      stop();
      link.onService = undefined;
      resolve(answer(type, body));
    };
    link.port.sendService(SessionPacketType.Request, encoder.end());
  });
}

function answer(type: number, body: Uint8Array): Retarget | undefined {
  const io = new Decoder().reset(body);
  if (type === SessionPacketType.PositiveResponse) return undefined;
  if (type === SessionPacketType.RetargetResponse) {
    const retarget = new SessionRetargetResponse();
    retarget.layout(io);
    return { host: retarget.address, port: retarget.port };
  }
  if (type !== SessionPacketType.NegativeResponse) {
    throw new ConnectionLost(`an answer of type ${type} to a NetBIOS session request`, { retryable: false });
  }
  const refusal = new SessionNegativeResponse();
  refusal.layout(io);
  const reason = NEGATIVE_RESPONSE_NAMES[refusal.errorCode] ?? `0x${refusal.errorCode.toString(16)}`;
  throw new ConnectionLost(`the server refused the NetBIOS session: ${reason}`, {
    retryable: false,
    code: 'SMB_NETBIOS_REFUSED',
  });
}
