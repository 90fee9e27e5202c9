import type { FramePort } from '#engine/frame-port.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import type { ServerCore } from './core.js';
import { NT1 } from './options.js';
import type { ConnectionEvents, Protocol } from './protocol.js';
import { Smb1Server } from './smb1/connection.js';
import { Smb2Server } from './smb2/connection.js';

const SMB1 = 0xff;
const SMB2 = 0xfe;

/**
 * Chooses the protocol by a connection's first message ([MS-SMB2] 3.3.5.3). An SMB1 NEGOTIATE is examined even when
 * SMB1 is not served: it may offer SMB2, and if not, it gets a proper refusal.
 */
export function chooseProtocol(
  core: ServerCore,
  port: FramePort,
  frame: Uint8Array,
  events: ConnectionEvents,
): Protocol {
  if (frame[0] === SMB2 && core.maxDialect > NT1) return new Smb2Server(core, port, events);
  if (frame[0] === SMB1) return new Smb1Server(core, port, events);
  throw new ConnectionLost(
    frame[0] === SMB2 ? 'the client speaks SMB2 only' : `no dialect begins with byte ${frame[0] ?? 'none'}`,
    { retryable: false },
  );
}
