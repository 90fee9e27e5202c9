import type { Decoder } from '#wire/io/decoder.js';
import { Malformed } from '#wire/io/malformed.js';
import { Smb2Header } from '#wire/smb2/header.js';

const HEADER_SIZE = 64;

/** One message of a received frame. */
export interface Incoming {
  readonly header: Smb2Header;
  /** The whole message, header and padding included: what a signature covers. */
  readonly bytes: Uint8Array;
}

/**
 * Splits a frame into its messages ([MS-SMB2] 3.3.5.2.7): NextCommand must be a multiple of 8, move forward and stay
 * inside. Malformed when it does not, or when there are more than `limit`.
 */
export function splitCompound(io: Decoder, frame: Uint8Array, limit: number): Incoming[] {
  const messages: Incoming[] = [];
  let from = 0;
  for (;;) {
    if (messages.length === limit) throw new Malformed('NextCommand', from, `more than ${limit} messages in a frame`);
    const header = new Smb2Header();
    header.layout(io.reset(frame, from));
    const next = header.nextCommand;
    if (next !== 0 && (next % 8 !== 0 || next < HEADER_SIZE || from + next + HEADER_SIZE > frame.length)) {
      throw new Malformed('NextCommand', from, `leads to ${next}`);
    }
    const to = next === 0 ? frame.length : from + next;
    messages.push({ header, bytes: frame.subarray(from, to) });
    if (next === 0) return messages;
    from = to;
  }
}
