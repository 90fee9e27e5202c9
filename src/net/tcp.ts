import { connect, createServer, type OnReadOpts, type Server, Socket } from 'node:net';
import { totalLength } from '#engine/frame-port.js';
import type { Endpoints, Receiver, Transport } from '#engine/transport.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { systemClock } from './clock.js';
import { Outlet } from './outlet.js';

/** Send-queue size at which we stop reading from a peer that does not read from us. */
const HIGH_WATER = 16 * 1024 * 1024;
const SCRATCH = 65_536;
const KEEP_ALIVE_MS = 60_000;

/** Scratch memory for small reads. Where reads are synchronous, one buffer serves all sockets. */
const shared = process.platform === 'win32' ? undefined : new Uint8Array(SCRATCH);

/** The receiving half of a socket: reads go directly to the receiver's memory, or to scratch memory. */
class Intake {
  #receiver: Receiver | undefined;
  #early: Uint8Array[] = [];
  #placing = false;
  #scratch: Uint8Array | undefined = shared;

  /** Called by `node:net` for each read: supplies the buffer, then takes the result. */
  readonly onread: OnReadOpts = {
    buffer: () => this.#next(),
    callback: (n, buffer) => {
      this.#take(n, buffer);
      return true;
    },
  };

  start(receiver: Receiver): void {
    this.#receiver = receiver;
    for (const chunk of this.#early.splice(0)) receiver.receive(chunk);
  }

  /** Data from a socket that allocates its own buffers. */
  push(chunk: Uint8Array): void {
    if (this.#receiver) this.#receiver.receive(chunk);
    else this.#early.push(chunk.slice());
  }

  #next(): Uint8Array {
    const target = this.#receiver?.target();
    this.#placing = target !== undefined;
    if (target) return target;
    this.#scratch ??= new Uint8Array(SCRATCH);
    return this.#scratch;
  }

  #take(n: number, buffer: Uint8Array): void {
    if (this.#placing) this.#receiver?.placed(n);
    else this.push(buffer.subarray(0, n));
  }
}

/** A socket as the engine's transport: the only place that touches `node:net`. */
class TcpTransport implements Transport {
  readonly endpoints: Endpoints;
  readonly #socket: Socket;
  readonly #intake: Intake;
  readonly #outlet: Outlet;
  #cause: Error | undefined;
  /** Reasons not to read: the peer is not reading either, or reading was paused. */
  #full = false;
  #paused = false;

  constructor(socket: Socket, intake: Intake) {
    this.#socket = socket;
    this.#intake = intake;
    this.#outlet = new Outlet(socket);
    this.endpoints = {
      local: place(socket.localAddress, socket.localPort),
      remote: place(socket.remoteAddress, socket.remotePort),
    };
    // Keep-alive detects a peer that vanished silently.
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('error', (error) => {
      this.#cause = error;
    });
  }

  start(receiver: Receiver): void {
    const socket = this.#socket;
    this.#intake.start(receiver);
    socket.on('close', () => receiver.closed(this.#cause));
    socket.on('drain', () => {
      this.#full = false;
      this.#flow();
    });
    this.#flow();
  }

  send(parts: readonly Uint8Array[], done?: () => void): void {
    const socket = this.#socket;
    if (socket.destroyed || socket.writableEnded) {
      done?.();
      return;
    }
    this.#outlet.send(parts, totalLength(parts), done);
    if (socket.writableLength <= HIGH_WATER) return;
    this.#full = true;
    this.#flow();
  }

  pause(): void {
    this.#paused = true;
    this.#flow();
  }

  resume(): void {
    this.#paused = false;
    this.#flow();
  }

  #flow(): void {
    if (this.#full || this.#paused) this.#socket.pause();
    else this.#socket.resume();
  }

  end(): void {
    this.#outlet.flush();
    // A peer that never closes its side must not keep our socket open.
    this.#socket.destroySoon();
  }

  destroy(cause?: Error): void {
    this.#cause ??= cause;
    this.#outlet.flush();
    this.#socket.destroy();
  }
}

function place(address: string | undefined, port: number | undefined): string {
  if (address === undefined) return '?';
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * Makes an accepted socket read into our buffers. `createServer` has no `onread` option, so the handle is moved into a
 * new socket; where there is no such handle (other runtimes) the socket is used as is, at the cost of a copy.
 */
function adopt(accepted: Socket): TcpTransport {
  const intake = new Intake();
  const shell = accepted as Socket & { _handle?: unknown };
  const handle = shell._handle;
  if (typeof handle !== 'object' || handle === null) {
    accepted.on('data', (chunk: Uint8Array) => intake.push(chunk));
    return new TcpTransport(accepted, intake);
  }
  shell._handle = null;
  const options = { handle, onread: intake.onread, manualStart: true };
  const socket = new Socket(options as ConstructorParameters<typeof Socket>[0]);
  socket.setNoDelay(true);
  const transport = new TcpTransport(socket, intake);
  // The original socket still counts as a connection of the server.
  socket.once('close', () => shell.destroy());
  return transport;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Stops accepting; existing connections stay open. */
  close(): Promise<void>;
}

/** Listens on TCP. With `port` 0 the system chooses one. */
export function listenTcp(port: number, host: string, accept: (transport: Transport) => void): Promise<Listener> {
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => accept(adopt(socket)));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      // After start-up the only errors are failed accepts (out of file descriptors); the next one may succeed.
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

/** Connects within `timeoutMs`. ConnectionLost on failure; the signal's reason if aborted. */
export function connectTcp(
  port: number,
  host: string,
  options: { timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<Transport> {
  const { signal, timeoutMs } = options;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const intake = new Intake();
    const socket = connect({ host, port, noDelay: true, onread: intake.onread });
    const late = (): void => {
      socket.destroy();
      reject(new ConnectionLost(`no answer from ${host}:${port} within ${timeoutMs} ms`, { code: 'ETIMEDOUT' }));
    };
    const stopWaiting = systemClock.after(timeoutMs, late, true);
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
      stopWaiting();
      signal?.removeEventListener('abort', abort);
      socket.removeListener('error', fail);
    };
    signal?.addEventListener('abort', abort, { once: true });
    socket.once('error', fail);
    socket.once('connect', () => {
      settle();
      resolve(new TcpTransport(socket, intake));
    });
  });
}
