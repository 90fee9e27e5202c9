import { FRAME_HEADER, joined } from '#engine/frame-port.js';
import { compose } from '#engine/smb2/compose.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { ErrorResponse } from '#wire/smb2/command/error.js';
import { HeaderFlags, Smb2Header } from '#wire/smb2/header.js';

/** An unsigned frame that answers every request of a frame with one status. */
export function refusal(parts: readonly Uint8Array[], status: number): Uint8Array {
  const frame = joined(parts).subarray(FRAME_HEADER);
  const messages = [];
  for (let at = 0; ; ) {
    const asked = new Smb2Header();
    asked.layout(new Decoder().reset(frame.subarray(at)));
    const { command, messageId, sessionId, treeId } = asked;
    const header = Object.assign(new Smb2Header(), { command, messageId, sessionId, treeId, status });
    header.flags = HeaderFlags.ServerToRedir | (asked.flags & HeaderFlags.RelatedOperations);
    header.credits = 1 + asked.creditCharge;
    messages.push({ header, body: new ErrorResponse(status), signWith: undefined });
    if (asked.nextCommand === 0) break;
    at += asked.nextCommand;
  }
  const answer = joined(compose(new Encoder(), messages, false));
  new DataView(answer.buffer).setUint32(0, answer.length - FRAME_HEADER);
  return answer;
}
