import type { Decoder } from '#wire/io/decoder.js';
import { Malformed } from '#wire/io/malformed.js';
import { Smb2Header } from '#wire/smb2/header.js';

const HEADER_SIZE = 64;

/** One message of a received frame. */
export interface Incoming {
  readonly header: Smb2Header;
  /** The whole message including header and padding, which is what a signature covers. */
  readonly bytes: Uint8Array;
}

/**
 * Splits a frame into its messages ([MS-SMB2] 3.3.5.2.7). Throws Malformed if a NextCommand is not a multiple of 8,
 * does not move forward or leaves the frame, or if there are more than `limit` messages.
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
