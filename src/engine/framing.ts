import { ConnectionLost } from '#wire/erref/errors.js';
import { DIRECT_TCP_MAX_LENGTH, NETBIOS_MAX_LENGTH, SessionPacketType } from '#wire/netbios/session-packet.js';

/** How lengths are written: 24 bits after a zero ([MS-SMB2] 2.1), or 17 bits after the type ([RFC1002] 4.3.1). */
export type Framing = 'direct' | 'netbios';

const HEADER = 4;
/** Frames up to this size that come in pieces are gathered in a buffer that grows with what has really arrived. */
const EAGER = 65536;
const FIRST_GATHER = 2048;

/** Longest message that a framing can carry. */
export function maxFrame(framing: Framing): number {
  return framing === 'direct' ? DIRECT_TCP_MAX_LENGTH : NETBIOS_MAX_LENGTH;
}

/** Writes the 4-byte header. */
export function writeFrameHeader(framing: Framing, type: number, length: number, into: Uint8Array): void {
  into[0] = type;
  into[1] = framing === 'netbios' ? (length >>> 16) & 1 : (length >>> 16) & 0xff;
  into[2] = (length >>> 8) & 0xff;
  into[3] = length & 0xff;
}

/**
 * Cuts a byte stream into frames. A frame that lies inside one chunk is handed on as a view of it; one that spans
 * chunks is copied once. Lengths beyond `limit` end the connection before anything is allocated for them.
 */
export class FrameReader {
  /** Bytes of the longest message accepted now. */
  limit: number;
  readonly #framing: Framing;
  readonly #onFrame: (type: number, frame: Uint8Array) => void;
  #header = new Uint8Array(HEADER);
  #headerFill = 0;
  #type = 0;
  #length = -1;
  #gather: Uint8Array | undefined;
  #fill = 0;

  constructor(framing: Framing, limit: number, onFrame: (type: number, frame: Uint8Array) => void) {
    this.#framing = framing;
    this.limit = limit;
    this.#onFrame = onFrame;
  }

  /** Takes a chunk; throws ConnectionLost when the stream cannot be what it should be. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#length === -1) {
        at = this.#takeHeader(chunk, at);
        if (this.#length === -1) return;
        if (this.#length === 0) this.#deliver(chunk.subarray(0, 0));
      } else if (this.#gather === undefined && chunk.length - at >= this.#length) {
        const frame = chunk.subarray(at, at + this.#length);
        at += this.#length;
        this.#deliver(frame);
      } else {
        at = this.#takeBody(chunk, at);
      }
    }
  }

  #takeHeader(chunk: Uint8Array, from: number): number {
    let at = from;
    while (this.#headerFill < HEADER && at < chunk.length) this.#header[this.#headerFill++] = chunk[at++] as number;
    if (this.#headerFill < HEADER) return at;
    this.#headerFill = 0;
    const [type, high, middle, low] = this.#header as unknown as [number, number, number, number];
    const length = ((this.#framing === 'netbios' ? high & 1 : high) << 16) | (middle << 8) | low;
    checkHeader(this.#framing, type, high);
    if (length > this.limit) {
      throw new ConnectionLost(`a message of ${length} bytes; ${this.limit} are allowed now`, { retryable: false });
    }
    this.#type = type;
    this.#length = length;
    return at;
  }

  #takeBody(chunk: Uint8Array, from: number): number {
    const length = this.#length;
    const take = Math.min(chunk.length - from, length - this.#fill);
    this.#gather = this.#room(this.#fill + take, length);
    this.#gather.set(chunk.subarray(from, from + take), this.#fill);
    this.#fill += take;
    if (this.#fill === length) this.#deliver(this.#gather.subarray(0, length));
    return from + take;
  }

  // A small frame's buffer grows with what arrived, so that announcing a length costs a peer's memory, not ours.
  #room(needed: number, length: number): Uint8Array {
    const had = this.#gather;
    if (had !== undefined && had.length >= needed) return had;
    const size = length > EAGER ? length : Math.min(length, Math.max(FIRST_GATHER, needed * 2));
    const gather = new Uint8Array(size);
    if (had !== undefined) gather.set(had.subarray(0, this.#fill));
    return gather;
  }

  #deliver(frame: Uint8Array): void {
    const type = this.#type;
    this.#length = -1;
    this.#gather = undefined;
    this.#fill = 0;
    this.#onFrame(type, frame);
  }
}

function checkHeader(framing: Framing, type: number, flags: number): void {
  if (type === SessionPacketType.Message && (framing === 'direct' || flags <= 1)) return;
  if (framing === 'netbios' && type >= SessionPacketType.Request && type <= SessionPacketType.KeepAlive && flags <= 1)
    return;
  // A keep-alive is harmless on direct TCP too; some clients send it there.
  if (type === SessionPacketType.KeepAlive && flags === 0) return;
  const http = type === 0x47 || type === 0x4f || type === 0x50 || type === 0x48;
  throw new ConnectionLost(http ? 'the peer speaks HTTP, not SMB' : `no SMB frame begins with byte ${type}`, {
    retryable: false,
    code: http ? 'SMB_PEER_SPEAKS_HTTP' : 'SMB_BAD_FRAME',
  });
}
