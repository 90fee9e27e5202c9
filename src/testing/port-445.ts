import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Cleanup } from './peers.js';

/** Makes a server reachable on port 445 of an unused loopback address. */
export async function onPort445(t: Cleanup, port: number): Promise<string> {
  const host = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
  const sockets = new Set<Socket>();
  const forward = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
    client.pipe(server).pipe(client);
  });
  forward.listen(445, host);
  await once(forward, 'listening');
  t.after(() => {
    forward.close();
    for (const socket of sockets) socket.destroy();
  });
  return host;
}
