import { Encoder } from '../io/encoder.js';
import type { Layout, Wire } from '../io/layout.js';
import {
  DIRECT_TCP_MAX_LENGTH,
  DirectTcpHeader,
  NETBIOS_MAX_LENGTH,
  SessionHeader,
  SessionPacketType,
} from './session-packet.js';

/** Writes the header of a message of `length` bytes at `at`; `direct` for port 445. */
export function writeMessageHeader(into: Uint8Array, at: number, length: number, direct: boolean): void {
  const limit = direct ? DIRECT_TCP_MAX_LENGTH : NETBIOS_MAX_LENGTH;
  if (length > limit) throw new RangeError(`a message of ${length} bytes is longer than ${limit}`);
  into[at] = SessionPacketType.Message;
  into[at + 1] = length >>> 16;
  into[at + 2] = (length >>> 8) & 0xff;
  into[at + 3] = length & 0xff;
}

class Packet implements Wire {
  readonly #type: number;
  readonly #body: Wire | undefined;
  constructor(type: number, body: Wire | undefined) {
    this.#type = type;
    this.#body = body;
  }
  layout(io: Layout): void {
    const body = this.#body ? new Encoder(512).encode(this.#body) : new Uint8Array(0);
    const header = new SessionHeader();
    header.type = this.#type;
    header.length = body.length;
    header.layout(io);
    io.rest('TRAILER', body);
  }
}

/** A whole session packet that is not a message: request, response, keep-alive. */
export function encodeSessionPacket(type: number, body?: Wire): Uint8Array {
  return new Encoder(512).encode(new Packet(type, body));
}

/** Reads the header at `at`; `direct` decides whether the length has 24 bits or 17. */
export function readSessionHeader(bytes: Uint8Array, at: number, direct: boolean): { type: number; length: number } {
  const header = direct ? new DirectTcpHeader() : new SessionHeader();
  const middle = bytes[at + 1] as number;
  header.type = bytes[at] as number;
  header.length = ((direct ? middle : middle & 1) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
  return header;
}
