import { ConnectionLost } from '#wire/erref/errors.js';
import { DIRECT_TCP_MAX_LENGTH, NETBIOS_MAX_LENGTH, SessionPacketType } from '#wire/netbios/session-packet.js';
import type { BufferPool } from './buffer-pool.js';

/** How a frame length is encoded: 24 bits after a zero ([MS-SMB2] 2.1), or 17 bits after a type ([RFC1002] 4.3.1). */
export type Framing = 'direct' | 'netbios';

/**
 * Receives a frame, which may be kept indefinitely. Calling `release` promises that it is no longer in use, so that its
 * memory can be reused.
 */
export type OnFrame = (type: number, frame: Uint8Array, release: () => void) => void;

const HEADER = 4;
/** Frames up to this size are gathered in a buffer that grows with the bytes that have actually arrived. */
const EAGER = 65536;
const FIRST_GATHER = 2048;
const KEEP = (): void => undefined;

/** Length of the longest message that a framing can carry. */
export function maxFrame(framing: Framing): number {
  return framing === 'direct' ? DIRECT_TCP_MAX_LENGTH : NETBIOS_MAX_LENGTH;
}

/** Writes the 4-byte header. */
export function writeFrameHeader(framing: Framing, type: number, length: number, into: Uint8Array): void {
  if (length > maxFrame(framing))
    throw new RangeError(`a message of ${length} bytes is too long for ${framing} framing`);
  into[0] = type;
  into[1] = length >>> 16;
  into[2] = (length >>> 8) & 0xff;
  into[3] = length & 0xff;
}

/**
 * Splits a byte stream into frames. Large frames are gathered in pooled buffers, which a transport may fill directly
 * (`target`, `placed`) to avoid a copy. Small ones are copied once, because the transport reuses its memory. A length
 * beyond `limit` ends the connection before anything is allocated for it.
 */
export class FrameReader {
  /** Length in bytes of the longest message accepted at present. */
  limit: number;
  readonly #framing: Framing;
  readonly #pool: BufferPool;
  readonly #onFrame: OnFrame;
  #header = new Uint8Array(HEADER);
  #headerFill = 0;
  #type = 0;
  #length = -1;
  #gather: Uint8Array | undefined;
  #fill = 0;

  constructor(framing: Framing, limit: number, pool: BufferPool, onFrame: OnFrame) {
    this.#framing = framing;
    this.limit = limit;
    this.#pool = pool;
    this.#onFrame = onFrame;
  }

  /** Consumes a chunk; its memory is not used after this returns. Throws ConnectionLost if the stream is invalid. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#length === -1) {
        at = this.#takeHeader(chunk, at);
        this.#deliverEmpty();
      } else {
        at = this.#takeBody(chunk, at);
      }
    }
  }

  /** Where to put the next bytes of a large frame; undefined if they have to be pushed. */
  target(): Uint8Array | undefined {
    return this.#length > EAGER && this.#gather ? this.#gather.subarray(this.#fill, this.#length) : undefined;
  }

  /** Reports that `n` bytes were put into the target. */
  placed(n: number): void {
    this.#fill += n;
    this.#complete();
  }

  /** Discards an incomplete frame. */
  abandon(): void {
    if (this.#gather && this.#length > EAGER) this.#pool.give(this.#gather);
    this.#gather = undefined;
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
    const take = Math.min(chunk.length - from, this.#length - this.#fill);
    this.#gather = this.#room(this.#fill + take);
    this.#gather.set(chunk.subarray(from, from + take), this.#fill);
    this.#fill += take;
    this.#complete();
    return from + take;
  }

  // A small frame's buffer grows with what has arrived, so a peer cannot make us allocate just by announcing a length.
  #room(needed: number): Uint8Array {
    const length = this.#length;
    const had = this.#gather;
    if (had !== undefined && had.length >= needed) return had;
    if (length > EAGER) return this.#pool.take(length);
    const gather = new Uint8Array(Math.min(length, Math.max(FIRST_GATHER, needed * 2)));
    if (had !== undefined) gather.set(had.subarray(0, this.#fill));
    return gather;
  }

  #complete(): void {
    const gather = this.#gather;
    if (gather === undefined || this.#fill < this.#length) return;
    if (this.#length > EAGER) this.#deliver(gather, () => this.#pool.give(gather));
    else this.#deliver(gather.subarray(0, this.#length), KEEP);
  }

  #deliverEmpty(): void {
    if (this.#length === 0) this.#deliver(new Uint8Array(0), KEEP);
  }

  #deliver(frame: Uint8Array, release: () => void): void {
    const type = this.#type;
    this.#length = -1;
    this.#gather = undefined;
    this.#fill = 0;
    this.#onFrame(type, frame, release);
  }
}

/** Other protocols by their first byte: `SSH-2.0`, TLS alerts and handshakes, the greetings `220` and `+OK`. */
const TONGUES: Readonly<Record<number, string>> = {
  83: 'SSH',
  21: 'TLS',
  22: 'TLS',
  50: 'FTP or SMTP',
  43: 'POP3 or Redis',
};

function checkHeader(framing: Framing, type: number, flags: number): void {
  if (type === SessionPacketType.Message && (framing === 'direct' || flags <= 1)) return;
  if (framing === 'netbios' && type >= SessionPacketType.Request && type <= SessionPacketType.KeepAlive && flags <= 1) {
    return;
  }
  // A keep-alive is harmless on direct TCP too; some clients send it there.
  if (type === SessionPacketType.KeepAlive && flags === 0) return;
  const http = type === 0x47 || type === 0x4f || type === 0x50 || type === 0x48;
  const tongue = http ? 'HTTP' : TONGUES[type];
  const message = tongue ? `the peer speaks ${tongue}, not SMB` : `no SMB frame begins with byte ${type}`;
  throw new ConnectionLost(message, { retryable: false, code: http ? 'SMB_PEER_SPEAKS_HTTP' : 'SMB_BAD_FRAME' });
}
