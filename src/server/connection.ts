import { FramePort } from '#engine/frame-port.js';
import { FrameReader, type Framing, maxFrame } from '#engine/framing.js';
import type { Receiver, Transport } from '#engine/transport.js';
import { connectionFacts, notes } from '#tap/events.js';
import { SmbError } from '#wire/erref/errors.js';
import { SessionPacketType } from '#wire/netbios/session-packet.js';
import { connectionNote } from './audit.js';
import { chooseProtocol } from './choose-protocol.js';
import type { ServerCore } from './core.js';
import { NetbiosService } from './netbios.js';
import type { Protocol } from './protocol.js';
import { Refusals } from './refusals.js';

/** How long delivering the last messages to a peer may take. */
const LINGER_MS = 2000;

/** Polling interval while draining a connection. */
const DRAIN_LOOK_MS = 20;

/** Message size allowance beyond the data payload. */
const OVERHEAD = 8192;

/** Keeps track of the server's connections. */
export interface ConnectionOwner {
  authenticated(connection: ServerConnection): void;
  closed(connection: ServerConnection): void;
}

/** One server connection: receives frames, selects the protocol, and handles shutdown. */
export class ServerConnection implements Receiver {
  authenticated = false;
  readonly port: FramePort;
  readonly #core: ServerCore;
  readonly #reader: FrameReader;
  readonly #netbios: NetbiosService | undefined;
  readonly #owner: ConnectionOwner;
  #cancelDeadline: () => void;
  #protocol: Protocol | undefined;
  readonly #refusals: Refusals;
  #ended = false;
  #draining = false;
  #finish: () => void = () => undefined;
  /** Resolves when everything opened over the connection has been closed. */
  readonly finished: Promise<void> = new Promise((resolve) => {
    this.#finish = resolve;
  });

  constructor(core: ServerCore, transport: Transport, framing: Framing, owner: ConnectionOwner) {
    this.#core = core;
    this.#owner = owner;
    this.#refusals = new Refusals(core.clock, core.limits.refusedLogons);
    const { local, remote } = transport.endpoints;
    this.port = new FramePort(
      transport,
      framing,
      connectionFacts({ role: 'server', framing, local, remote }),
      core.clock,
    );
    const limit = Math.min(core.limits.unauthenticatedMessage, maxFrame(framing));
    this.#reader = new FrameReader(framing, limit, core.buffers, (type, frame, release) =>
      this.#take(type, frame, release),
    );
    const strict = core.options.netbios?.strict === true;
    if (framing === 'netbios') this.#netbios = new NetbiosService(this.port, core.name, strict);
    this.#cancelDeadline = core.clock.after(core.limits.logonTimeMs, () => {
      if (!this.authenticated) this.fail(new SmbError('SMB_LOGON_TIMEOUT', 'nobody has logged on in time'));
    });
    connectionNote('connected', this.port.facts);
    transport.start(this);
  }

  /** The protocol in use; undefined before the first message. */
  get protocol(): Protocol | undefined {
    return this.#protocol;
  }

  receive(chunk: Uint8Array): void {
    this.#read(() => this.#reader.push(chunk));
  }

  target(): Uint8Array | undefined {
    return this.#reader.target();
  }

  placed(n: number): void {
    this.#read(() => this.#reader.placed(n));
  }

  #read(take: () => void): void {
    if (this.#ended) return;
    try {
      take();
    } catch (error) {
      this.fail(error);
    }
  }

  #take(type: number, frame: Uint8Array, release: () => void): void {
    if (this.#ended || this.#draining) return release();
    if (type !== SessionPacketType.Message) {
      this.#netbios?.receive(type, frame);
      return;
    }
    this.#netbios?.requireSession();
    this.#protocol ??= chooseProtocol(this.#core, this.port, frame, {
      fail: (error) => this.fail(error),
      authenticated: () => this.#onAuthenticated(),
      refuseLogon: (answer) => this.#refusals.tell(answer),
      replace: (protocol) => {
        this.#protocol = protocol;
      },
    });
    this.#protocol.receive(frame, release);
  }

  #onAuthenticated(): void {
    this.authenticated = true;
    this.#owner.authenticated(this);
    this.#reader.limit = Math.min(this.#core.limits.transaction + OVERHEAD, maxFrame(this.port.framing));
    this.#cancelDeadline();
  }

  /** Ends the connection after a protocol error or an internal one. Queued data is still sent. */
  fail(error: unknown): void {
    if (this.#ended) return;
    const expected = error instanceof SmbError;
    const reason = expected ? error.message : String(error);
    const details = expected ? { reason } : { reason, error };
    notes.publish({
      level: expected ? 'info' : 'error',
      what: 'connection ended by us',
      connection: this.port.facts,
      details,
    });
    this.end();
  }

  #report(error: unknown): void {
    notes.publish({
      level: 'error',
      what: 'clean-up failed',
      connection: this.port.facts,
      details: { reason: String(error), error },
    });
  }

  /**
   * Stops taking requests, waits up to `ms` for pending ones to be answered, then ends the sessions and the connection.
   */
  async drain(ms: number): Promise<void> {
    const { clock } = this.#core;
    this.#draining = true;
    const deadline = clock.now() + ms;
    const until = async (done: (protocol: Protocol) => boolean): Promise<void> => {
      while (this.#protocol && !done(this.#protocol) && !this.#ended && clock.now() < deadline) {
        // The peer may have disconnected: without its socket, only this timer keeps the process alive.
        await new Promise<void>((resolve) => clock.after(DRAIN_LOOK_MS, resolve, true));
      }
    };
    await until(({ idle }) => idle);
    if (!this.#ended) await this.#protocol?.endSessions();
    await until(({ pending }) => pending === 0);
    if (!this.#ended) this.end();
  }

  /** Sends queued data and closes, without waiting for a peer that does not read it. */
  end(): void {
    this.#ended = true;
    const { transport } = this.port;
    this.#cancelDeadline();
    this.#cancelDeadline = this.#core.clock.after(LINGER_MS, () => transport.destroy());
    transport.end();
  }

  closed(): void {
    this.#ended = true;
    this.#cancelDeadline();
    this.#reader.abandon();
    connectionNote('disconnected', this.port.facts);
    this.port.closed();
    this.#owner.closed(this);
    const cleanUp = this.#protocol?.closed() ?? Promise.resolve();
    cleanUp.catch((error: unknown) => this.#report(error)).finally(this.#finish);
  }
}
