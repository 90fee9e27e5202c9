import { verify } from '#crypto/signing.js';
import type { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { HeaderFlags, type Smb2Header } from '#wire/smb2/header.js';
import { FRAME_HEADER, totalLength } from '../frame-port.js';
import type { SessionSecurity } from './security.js';

/** Offsets of the SMB2 header fields that are filled in once the message is complete ([MS-SMB2] 2.2.1). */
const NEXT_COMMAND = 20;
const SIGNATURE = 48;
const SIGNATURE_END = 64;

/** A message to be sent. */
export interface Outgoing {
  readonly header: Smb2Header;
  readonly body: Wire;
  /** Signs the message when given. */
  readonly signWith: SessionSecurity | undefined;
}

const PADDING: readonly Uint8Array[] = Array.from({ length: 8 }, (_, length) => new Uint8Array(length));

/**
 * Encodes the messages of one frame, links a compound, pads and signs ([MS-SMB2] 3.1.4.1, 3.2.4.1.4). The first part
 * begins with FRAME_HEADER reserved bytes; bulk data is not copied.
 */
export function compose(io: Encoder, messages: readonly Outgoing[], fromServer: boolean): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const last = messages.at(-1);
  for (const message of messages) add(parts, io, message, message !== last, fromServer);
  return parts;
}

function add(parts: Uint8Array[], io: Encoder, message: Outgoing, more: boolean, fromServer: boolean): void {
  const first = parts.length === 0;
  io.begin(first ? FRAME_HEADER : 0);
  message.header.layout(io);
  message.body.layout(io);
  const whole = io.end();
  const head = first ? whole.subarray(FRAME_HEADER) : whole;
  const own = io.payload.length === 0 ? [head] : [head, io.payload];
  io.payload = PADDING[0] as Uint8Array;
  if (more) link(head, pad(own));
  // [MS-SMB2] 3.3.4.1.3 makes padding the last message optional; Windows and Samba pad it like the others.
  else if (fromServer && !first) pad(own);
  if (message.signWith?.signer) sign(message, head, own, fromServer);
  own[0] = whole;
  for (const part of own) parts.push(part);
}

function link(head: Uint8Array, next: number): void {
  head[NEXT_COMMAND] = next & 0xff;
  head[NEXT_COMMAND + 1] = (next >>> 8) & 0xff;
  head[NEXT_COMMAND + 2] = (next >>> 16) & 0xff;
  head[NEXT_COMMAND + 3] = next >>> 24;
}

/** Pads to a multiple of 8 and returns the padded length. */
function pad(own: Uint8Array[]): number {
  const length = totalLength(own);
  const padding = -length & 7;
  if (padding !== 0) own.push(PADDING[padding] as Uint8Array);
  return length + padding;
}

function sign(message: Outgoing, head: Uint8Array, own: readonly Uint8Array[], fromServer: boolean): void {
  const { header } = message;
  message.signWith?.signer?.sign(own, head.subarray(SIGNATURE, SIGNATURE_END), {
    messageId: header.messageId,
    fromServer,
    cancel: header.isCancel,
  });
}

/** Whether the signature of a received message is valid for the session's key. */
export function verifySignature(
  message: Uint8Array,
  header: Smb2Header,
  security: SessionSecurity,
  fromServer: boolean,
): boolean {
  if (!security.signer) return false;
  return verify(security.signer, message, { messageId: header.messageId, fromServer, cancel: header.isCancel });
}

/** Whether the header claims that the message is signed. */
export function isSigned(header: Smb2Header): boolean {
  return (header.flags & HeaderFlags.Signed) !== 0;
}
