import { FRAME_HEADER, type FramePort } from '#engine/frame-port.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { Decoder } from '#wire/io/decoder.js';
import { ANY_SERVER, NetbiosSuffix } from '#wire/netbios/netbios-name.js';
import { NegativeResponseCode } from '#wire/netbios/session-negative-response.js';
import { SessionPacketType } from '#wire/netbios/session-packet.js';
import { SessionRequest } from '#wire/netbios/session-request.js';

const decoder = new Decoder();

/** Server side of the NetBIOS session service ([RFC1002] 4.3 and 5.2): accepts or refuses sessions. */
export class NetbiosService {
  established = false;
  readonly #port: FramePort;
  readonly #name: string;
  readonly #strict: boolean;

  constructor(port: FramePort, name: string, strict: boolean) {
    this.#port = port;
    this.#name = name.toUpperCase();
    this.#strict = strict;
  }

  /** Handles a frame other than a session message. ConnectionLost when the connection has to end. */
  receive(type: number, frame: Uint8Array): void {
    this.#port.received(type, frame);
    if (type === SessionPacketType.KeepAlive) return;
    if (type !== SessionPacketType.Request || this.established) {
      throw new ConnectionLost(`a session service packet of type ${type} at the wrong time`, { retryable: false });
    }
    const request = this.#read(frame);
    const { name, suffix } = request.calledName;
    const ours = suffix === NetbiosSuffix.Server && [this.#name, ANY_SERVER].includes(name.toUpperCase());
    if (this.#strict && !ours) {
      this.#refuse(NegativeResponseCode.CalledNameNotPresent);
      throw new ConnectionLost(`a session for "${name}", which is not our name`, { retryable: false });
    }
    this.established = true;
    this.#port.sendService(SessionPacketType.PositiveResponse, new Uint8Array(FRAME_HEADER));
  }

  // A malformed request gets a negative response, too (RFC 1002 5.2.1).
  #read(frame: Uint8Array): SessionRequest {
    const request = new SessionRequest();
    try {
      request.layout(decoder.reset(frame));
    } catch (error) {
      this.#refuse(NegativeResponseCode.Unspecified);
      throw error;
    }
    return request;
  }

  #refuse(code: number): void {
    const refusal = new Uint8Array(FRAME_HEADER + 1);
    refusal[FRAME_HEADER] = code;
    this.#port.sendService(SessionPacketType.NegativeResponse, refusal);
  }

  /** Throws unless session messages are allowed by now. */
  requireSession(): void {
    if (!this.established && this.#strict) {
      throw new ConnectionLost('a message before the session request', { retryable: false });
    }
  }
}
