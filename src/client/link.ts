import { BufferPool } from '#engine/buffer-pool.js';
import { FramePort } from '#engine/frame-port.js';
import { FrameReader, type Framing, maxFrame } from '#engine/framing.js';
import type { Clock, Receiver, Transport } from '#engine/transport.js';
import { connectionFacts } from '#tap/events.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { Malformed } from '#wire/io/malformed.js';
import { SessionPacketType } from '#wire/netbios/session-packet.js';

/** The protocol engine above the framing layer, for one dialect family. */
export interface FrameSink {
  /** Requests that have not been answered. */
  readonly outstanding: number;
  /**
   * The oldest response that arrived before its request was sent; it stays the same if the server has stopped reading.
   */
  readonly early?: object | undefined;
  /**
   * Handles a frame; throws if that must end the connection. `release` returns the frame's memory; call it at most
   * once.
   */
  receive(frame: Uint8Array, release: () => void): void;
  /** The connection is gone; called once. */
  closed(cause: unknown): void;
}

/** Largest frame before NEGOTIATE has finished. */
const FIRST_LIMIT = 0x1ffff;
const buffers = new BufferPool();

/**
 * Connects a transport with the engine on top: splits the stream into frames and watches for a dead peer. A server that
 * is completely silent is probed after half the time-out, and given up after all of it if it still owes an answer. So a
 * dead peer is detected within one time-out while requests are pending, and within one and a half otherwise.
 */
export class Link implements Receiver {
  readonly port: FramePort;
  readonly clock: Clock;
  /** Sends a keep-alive; undefined while the server could not answer one. */
  probe: (() => void) | undefined;
  /** Receives NetBIOS session service frames; undefined unless one is expected. */
  onService: ((type: number, body: Uint8Array) => void) | undefined;
  readonly #transport: Transport;
  readonly #reader: FrameReader;
  readonly #timeoutMs: number;
  #sink: FrameSink | undefined;
  #lost: unknown;
  #heardAt: number;
  /** When the server last owed us nothing. */
  #idleAt: number;
  #probed = false;
  /** The early response at the last check, and when it was first seen. */
  #early: object | undefined;
  #earlyAt = 0;
  readonly #listeners: (() => void)[] = [];
  #stopWatch: (() => void) | undefined;

  constructor(transport: Transport, framing: Framing, clock: Clock, timeoutMs: number) {
    const { local, remote } = transport.endpoints;
    this.port = new FramePort(transport, framing, connectionFacts({ role: 'client', framing, local, remote }), clock);
    this.clock = clock;
    this.#transport = transport;
    this.#timeoutMs = timeoutMs;
    this.#heardAt = this.#idleAt = clock.now();
    const limit = Math.min(FIRST_LIMIT, maxFrame(framing));
    this.#reader = new FrameReader(framing, limit, buffers, (type, frame, release) =>
      this.#frame(type, frame, release),
    );
    transport.start(this);
    this.#watch();
  }

  /** Calls back when the connection is gone; immediately if it already is. */
  whenLost(listener: () => void): void {
    if (this.#lost !== undefined) listener();
    else this.#listeners.push(listener);
  }

  /** Why the connection is gone; undefined while it is alive. */
  get lost(): unknown {
    return this.#lost;
  }

  /** Installs an engine, replacing the previous one. */
  set sink(sink: FrameSink) {
    this.#sink = sink;
    if (this.#lost !== undefined) sink.closed(this.#lost);
  }

  /** Sets the largest message to accept. */
  allow(bytes: number): void {
    this.#reader.limit = Math.min(Math.max(bytes, FIRST_LIMIT), maxFrame(this.port.framing));
  }

  receive(chunk: Uint8Array): void {
    this.#read(() => this.#reader.push(chunk));
  }

  target(): Uint8Array | undefined {
    return this.#lost === undefined ? this.#reader.target() : undefined;
  }

  placed(n: number): void {
    this.#read(() => this.#reader.placed(n));
  }

  #read(take: () => void): void {
    this.#heard();
    if (this.#lost !== undefined) return;
    try {
      take();
    } catch (error) {
      this.fail(error instanceof Malformed ? nonsense(error) : error);
    }
  }

  #heard(): void {
    this.#heardAt = this.clock.now();
    this.#probed = false;
  }

  #frame(type: number, frame: Uint8Array, release: () => void): void {
    if (type === SessionPacketType.Message) {
      if (!this.#sink) throw new ConnectionLost('the server speaks first', { retryable: false });
      this.#sink.receive(frame, release);
      return;
    }
    this.port.received(type, frame);
    if (type === SessionPacketType.KeepAlive) return;
    if (!this.onService)
      throw new ConnectionLost('a frame of the session service at a wrong time', { retryable: false });
    this.onService(type, frame);
  }

  closed(cause: Error | undefined): void {
    const message = cause === undefined ? 'the server closed the connection' : `the connection broke: ${cause.message}`;
    this.#end(new ConnectionLost(message, { ...(cause === undefined ? {} : { cause }) }));
  }

  /** Ends the connection at once because of an error. */
  fail(error: unknown): void {
    this.#end(error);
    this.#transport.destroy();
  }

  /** Ends the connection after everything has been sent. */
  end(): void {
    this.#end(new ConnectionLost('the connection was closed by this side', { code: 'SMB_CLOSED', retryable: false }));
    this.#transport.end();
  }

  #end(cause: unknown): void {
    if (this.#lost !== undefined) return;
    this.#lost = cause;
    this.#stopWatch?.();
    this.port.closed();
    this.#sink?.closed(cause);
    for (const tell of this.#listeners.splice(0)) tell();
  }

  #watch(): void {
    const step = this.#timeoutMs / 4;
    this.#stopWatch = this.clock.after(step, () => {
      this.#check();
      if (this.#lost === undefined) this.#watch();
    });
  }

  #check(): void {
    const now = this.clock.now();
    const idle = !this.#sink || this.#sink.outstanding === 0;
    if (idle) this.#idleAt = now;
    const silence = now - Math.max(this.#heardAt, this.#idleAt);
    const early = this.#sink?.early;
    if (early !== this.#early) this.#earlyAt = now;
    this.#early = early;
    if (early && now - this.#earlyAt >= this.#timeoutMs) {
      const what = 'the server answered before it had read what it was asked, and reads no further';
      this.fail(new ConnectionLost(what, { code: 'ETIMEDOUT' }));
    } else if (silence >= this.#timeoutMs) {
      const what = `the server was silent for ${Math.round(silence / 1000)} s while it owed an answer`;
      this.fail(new ConnectionLost(what, { code: 'ETIMEDOUT' }));
    } else if (now - this.#heardAt >= this.#timeoutMs / 2 && this.probe && !this.#probed) {
      this.#probed = true;
      this.probe();
    }
  }
}

function nonsense(cause: Malformed): ConnectionLost {
  const message = `the server sent what is no message: ${cause.message}`;
  return new ConnectionLost(message, { retryable: false, code: cause.code, cause });
}
