import { connect, type Socket } from 'node:net';
import type { Receiver, Transport } from '#engine/transport.js';

const FRAME_HEADER = 4;

/** A server behind a TCP port, for in-process peers: each `accept` connects to it. */
export function overTcp(port: number): { accept(transport: Transport): void } {
  return { accept: (transport) => bridge(connect({ host: '127.0.0.1', port, noDelay: true }), transport) };
}

function bridge(socket: Socket, transport: Transport): void {
  const receiver: Receiver = {
    receive: (chunk) => void socket.write(Uint8Array.from(chunk)),
    target: () => undefined,
    placed: () => undefined,
    closed: () => void socket.destroy(),
  };
  let held: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= FRAME_HEADER) {
      const end = FRAME_HEADER + (held.readUInt32BE(0) & 0xff_ffff);
      if (held.length < end) return;
      transport.send([Uint8Array.from(held.subarray(0, end))]);
      held = held.subarray(end);
    }
  });
  socket.on('error', () => undefined);
  socket.on('close', () => transport.end());
  transport.start(receiver);
}
