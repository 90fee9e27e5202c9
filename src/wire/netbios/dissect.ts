import { Dissector, dissectWith, type Field } from '../io/dissector.js';
import type { Wire } from '../io/layout.js';
import type { Malformed } from '../io/malformed.js';
import { NEGATIVE_RESPONSE_NAMES, SessionNegativeResponse } from './session-negative-response.js';
import { DirectTcpHeader, SESSION_PACKET_NAMES, SessionHeader, SessionPacketType } from './session-packet.js';
import { SessionRequest } from './session-request.js';
import { SessionRetargetResponse } from './session-retarget-response.js';

export interface NetbiosDissection {
  /** `SESSION_REQUEST`, `SESSION_MESSAGE`; for a refusal with its reason. */
  readonly name: string;
  readonly type: number;
  /** Bytes after the header, according to the header. */
  readonly length: number;
  readonly fields: readonly Field[];
  readonly malformed: Malformed | undefined;
}

function bodyOf(type: number): Wire | undefined {
  switch (type) {
    case SessionPacketType.Request:
      return new SessionRequest();
    case SessionPacketType.NegativeResponse:
      return new SessionNegativeResponse();
    case SessionPacketType.RetargetResponse:
      return new SessionRetargetResponse();
    default:
      return undefined;
  }
}

function summary(type: number, body: Wire | undefined): string {
  const name = SESSION_PACKET_NAMES[type] ?? `SESSION_0x${type.toString(16).padStart(2, '0')}`;
  if (body instanceof SessionRequest) return `${name} ${body.callingName} -> ${body.calledName}`;
  if (body instanceof SessionNegativeResponse) {
    return `${name} ${NEGATIVE_RESPONSE_NAMES[body.errorCode] ?? `0x${body.errorCode.toString(16)}`}`;
  }
  if (body instanceof SessionRetargetResponse) return `${name} ${body.address}:${body.port}`;
  return name;
}

/**
 * Dissects the header, and the packet after it unless it is a message. `direct`: port 445, where the length has 24 bits
 * and there are only messages, apart from occasional keep-alives.
 */
export function dissectNetbios(bytes: Uint8Array, direct: boolean): NetbiosDissection {
  const io = new Dissector().reset(bytes);
  const header = direct ? new DirectTcpHeader() : new SessionHeader();
  const head = dissectWith(io, header);
  const { type, length } = header;
  if (head.malformed) return { name: summary(type, undefined), type, length, ...head };
  const body = bodyOf(type);
  if (!body) return { name: summary(type, undefined), type, length, ...head };
  io.end = Math.min(io.end, io.pos + length);
  const { fields, malformed } = dissectWith(io, body);
  return { name: malformed ? summary(type, undefined) : summary(type, body), type, length, fields, malformed };
}
