import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Endpoints, Receiver, Transport } from '#engine/transport.js';
import { ConnectionLost } from '#wire/erref/errors.js';

/** Queued bytes at which we stop reading from a peer that does not read from us. */
const HIGH_WATER = 16 * 1024 * 1024;

/** A socket as the engine sees it: the only place where bytes meet `node:net`. */
class TcpTransport implements Transport {
  readonly endpoints: Endpoints;
  readonly #socket: Socket;
  #cause: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.endpoints = {
      local: place(socket.localAddress, socket.localPort),
      remote: place(socket.remoteAddress, socket.remotePort),
    };
    socket.setNoDelay(true);
    socket.on('error', (error) => {
      this.#cause = error;
    });
  }

  start(receiver: Receiver): void {
    const socket = this.#socket;
    socket.on('data', (chunk: Buffer) => {
      receiver.receive(chunk);
      if (socket.writableLength > HIGH_WATER) socket.pause();
    });
    socket.on('drain', () => socket.resume());
    socket.on('close', () => receiver.closed(this.#cause));
  }

  send(parts: readonly Uint8Array[], done?: () => void): void {
    const socket = this.#socket;
    if (socket.destroyed || socket.writableEnded) {
      done?.();
      return;
    }
    const last = parts.length - 1;
    if (last > 0) socket.cork();
    for (let i = 0; i < last; i++) socket.write(parts[i] as Uint8Array);
    socket.write(parts[last] as Uint8Array, done && (() => done()));
    if (last > 0) socket.uncork();
  }

  end(): void {
    this.#socket.end();
    // A peer that never closes its side must not keep ours.
    this.#socket.destroySoon();
  }

  destroy(cause?: Error): void {
    this.#cause ??= cause;
    this.#socket.destroy();
  }
}

function place(address: string | undefined, port: number | undefined): string {
  if (address === undefined) return '?';
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Stops accepting; connections live on. */
  close(): Promise<void>;
}

/** Listens on TCP. `port` 0 lets the system choose. */
export function listenTcp(port: number, host: string, accept: (transport: Transport) => void): Promise<Listener> {
  const server = createServer({ noDelay: true }, (socket) => accept(new TcpTransport(socket)));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      // After start-up the only errors are failed accepts (no descriptors left): the next one may succeed.
      server.on('error', () => undefined);
      resolve(listenerOf(server));
    });
  });
}

function listenerOf(server: Server): Listener {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP listener');
  return {
    host: address.address,
    port: address.port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Connects within `timeoutMs`; ConnectionLost if that fails, the signal's reason if it is aborted. */
export function connectTcp(
  port: number,
  host: string,
  options: { timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<Transport> {
  const { signal, timeoutMs } = options;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new ConnectionLost(`no answer from ${host}:${port} within ${timeoutMs} ms`, { code: 'ETIMEDOUT' }));
    }, timeoutMs);
    const abort = (): void => {
      socket.destroy();
      settle();
      reject(signal?.reason);
    };
    const fail = (error: NodeJS.ErrnoException): void => {
      settle();
      reject(
        new ConnectionLost(`cannot reach ${host}:${port}: ${error.message}`, {
          cause: error,
          code: error.code ?? 'SMB_CONNECTION_LOST',
        }),
      );
    };
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.removeListener('error', fail);
    };
    signal?.addEventListener('abort', abort, { once: true });
    socket.once('error', fail);
    socket.once('connect', () => {
      settle();
      resolve(new TcpTransport(socket));
    });
  });
}
