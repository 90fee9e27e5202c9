import { connect, createServer, type OnReadOpts, type Server, Socket } from 'node:net';
import { totalLength } from '#engine/frame-port.js';
import type { Endpoints, Receiver, Transport } from '#engine/transport.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { systemClock } from './clock.js';
import { Outlet } from './outlet.js';

/** Queued bytes at which we stop reading from a peer that does not read from us. */
const HIGH_WATER = 16 * 1024 * 1024;
const SCRATCH = 65_536;
const KEEP_ALIVE_MS = 60_000;

/** Memory that small reads go to. Where reading is synchronous, one piece serves all sockets. */
const shared = process.platform === 'win32' ? undefined : new Uint8Array(SCRATCH);

/** The receiving half of a socket: reads go straight to where the receiver wants them, or to scratch memory. */
class Intake {
  #receiver: Receiver | undefined;
  #early: Uint8Array[] = [];
  #placing = false;
  #scratch: Uint8Array | undefined = shared;

  /** What `node:net` calls for each read: where to, and what came. */
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

  /** Bytes of a socket that reads by itself. */
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

/** A socket as the engine sees it: the only place where bytes meet `node:net`. */
class TcpTransport implements Transport {
  readonly endpoints: Endpoints;
  readonly #socket: Socket;
  readonly #intake: Intake;
  readonly #outlet: Outlet;
  #cause: Error | undefined;
  /** Why nothing is read: the peer does not read either, or we are told so. */
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
    // A peer that went away without a word is noticed in the end.
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
    // A peer that never closes its side must not keep ours.
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
 * An accepted socket that reads where we say. `createServer` has no `onread`, so its socket's handle goes into one of
 * our own; where there is no such handle (other runtimes) the socket is used as it is, which costs a copy.
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
  // The shell stands for the connection in the server's count.
  socket.once('close', () => shell.destroy());
  return transport;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Stops accepting; connections live on. */
  close(): Promise<void>;
}

/** Listens on TCP. `port` 0 lets the system choose. */
export function listenTcp(port: number, host: string, accept: (transport: Transport) => void): Promise<Listener> {
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => accept(adopt(socket)));
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
