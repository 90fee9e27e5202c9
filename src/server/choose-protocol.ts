import type { FramePort } from '#engine/frame-port.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import type { ServerCore } from './core.js';
import { NT1 } from './options.js';
import type { Protocol } from './protocol.js';
import { Smb2Server } from './smb2/connection.js';

/** What a protocol may ask of the connection that it speaks over. */
export interface ConnectionEvents {
  readonly fail: (error: unknown) => void;
  readonly authenticated: () => void;
  /** The peer goes on in another protocol (SMB1 NEGOTIATE that leads to SMB2). */
  readonly replace: (protocol: Protocol) => void;
}

const SMB1 = 0xff;
const SMB2 = 0xfe;

/** The protocol that a connection's first message begins ([MS-SMB2] 3.3.5.3). */
export function chooseProtocol(
  core: ServerCore,
  port: FramePort,
  frame: Uint8Array,
  events: ConnectionEvents,
): Protocol {
  if (frame[0] === SMB2 && core.maxDialect > NT1) return new Smb2Server(core, port, events);
  throw new ConnectionLost(
    frame[0] === SMB1 ? 'the client speaks SMB1 only' : `no dialect begins with byte ${frame[0] ?? 'none'}`,
    { retryable: false },
  );
}
