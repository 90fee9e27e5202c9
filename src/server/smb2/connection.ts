import type { FramePort } from '#engine/frame-port.js';
import type { SessionSecurity } from '#engine/smb2/security.js';
import { Smb2ServerConnection } from '#engine/smb2/server-connection.js';
import type { Smb2ServerRequest } from '#engine/smb2/server-request.js';
import type { Unsolicited } from '#engine/smb2/server-sender.js';
import { Transcript } from '#engine/smb2/session-keys.js';
import { NIL_GUID } from '#wire/dtyp/guid.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { ErrorResponse } from '#wire/smb2/command/error.js';
import { GlobalCap } from '#wire/smb2/command/negotiate.js';
import { commandOf } from '#wire/smb2/commands.js';
import { Command } from '#wire/smb2/header.js';
import { closeSession } from '../action/close.js';
import { loseSession } from '../action/durable.js';
import { isLogonFailure, refusal } from '../audit.js';
import type { ServerCore } from '../core.js';
import type { ConnectionEvents, Protocol } from '../protocol.js';
import type { Session } from '../state/session.js';
import { Smb2Answer, Smb2Context } from './context.js';
import { type AnyHandler, handlers } from './handlers.js';
import { noTorture, type Torture } from './ioctl/torture.js';
import type { Channel, ChannelConnection, Smb2Session } from './session.js';
import { Unsure } from './unsure.js';

/** Delay before a long-running request gets an interim response. */
const INTERIM_MS = 500;

/** How long to wait for a peer that acknowledges nothing. */
const UNACKED_MS = 1000;

/** The SMB2 server side of one connection: negotiated parameters, sessions, and dispatch of requests to handlers. */
export class Smb2Server implements Protocol, ChannelConnection {
  readonly core: ServerCore;
  readonly port: FramePort;
  readonly engine: Smb2ServerConnection;
  /** Channels of this connection, by session id. */
  readonly channels: Map<bigint, Channel> = new Map();
  /** NEGOTIATE messages, for preauthentication integrity (3.1.1). */
  readonly transcript: Transcript = new Transcript();
  /** Results of NEGOTIATE; VALIDATE_NEGOTIATE_INFO compares against them. */
  cipher = 0;
  signingAlgorithm = 0;
  capabilities = 0;
  securityMode = 0;
  /** MaxReadSize and MaxWriteSize. */
  maxTransfer = 0;
  maxTransact = 0;
  clientGuid: string = NIL_GUID;
  clientCapabilities = 0;
  clientSecurityMode = 0;
  clientDialects: readonly number[] = [];
  readonly torture: Torture = noTorture();
  readonly #unsure: Unsure;
  /** The connection is lost: its requests only continue for clients that come back over another one. */
  lost = false;
  readonly #on: Omit<ConnectionEvents, 'replace'>;

  constructor(core: ServerCore, port: FramePort, on: Omit<ConnectionEvents, 'replace'>) {
    this.core = core;
    this.port = port;
    this.#on = on;
    this.#unsure = new Unsure(core.clock, core.limits.breakTimeMs);
    const limits = {
      maxCredits: core.limits.credits,
      maxCreditsUnauthenticated: core.limits.unauthenticatedCredits,
      maxCompound: core.limits.compound,
      maxAsync: core.limits.asyncRequests,
      maxDeferredBytes: core.limits.deferredBytes,
      interimMs: INTERIM_MS,
    };
    this.engine = new Smb2ServerConnection(port, this, limits, core.encoder);
  }

  get dialect(): number {
    return this.engine.dialect;
  }

  /** Whether sessions may have several channels, so that requests may be replayed. */
  get multiChannel(): boolean {
    return (this.capabilities & GlobalCap.MultiChannel) !== 0;
  }

  /** Connection.SupportsDirectoryLeasing. */
  get directoryLeasing(): boolean {
    return (this.capabilities & GlobalCap.DirectoryLeasing) !== 0;
  }

  /** NEGOTIATE has been completed. */
  get negotiated(): boolean {
    return this.engine.dialect !== 0;
  }

  /** Fixes the dialect for the rest of the connection. */
  agree(dialect: number): void {
    this.engine.dialect = dialect;
  }

  get pending(): number {
    return this.engine.pending;
  }

  get idle(): boolean {
    return this.engine.idle;
  }

  *held(): Iterable<Session> {
    for (const { session } of this.channels.values()) if (session.session) yield session.session;
  }

  receive(frame: Uint8Array, release: () => void): void {
    this.engine.receive(frame, release);
  }

  /** Called on the first successful logon: lifts the limits for unauthenticated connections. */
  authenticated(): void {
    this.engine.authenticated = true;
    this.#on.authenticated();
  }

  security(sessionId: bigint): SessionSecurity | undefined {
    return this.channels.get(sessionId)?.security;
  }

  notify(message: Unsolicited, sealing: SessionSecurity | undefined, lost: () => void): boolean {
    if (this.torture.deaf) {
      this.core.clock.after(UNACKED_MS, () => {
        this.fail(new ConnectionLost('nothing is acknowledged', { retryable: false }));
      });
    }
    if (!this.engine.notify(message, sealing)) return false;
    this.#unsure.add(lost);
    return true;
  }

  cancelSession(sessionId: bigint, command?: number): void {
    this.engine.cancelSession(sessionId, command);
  }

  fail(error: unknown): void {
    this.#on.fail(error);
  }

  handle(request: Smb2ServerRequest): void {
    const handler = (handlers as Readonly<Record<number, AnyHandler | undefined>>)[request.header.command];
    // [MS-SMB2] 3.3.5.2: no other command is served before NEGOTIATE.
    if (!this.negotiated && handler !== handlers[Command.Negotiate]) {
      return this.#on.fail(new ConnectionLost('a request before NEGOTIATE', { retryable: false }));
    }
    const context = new Smb2Context(this, request);
    if (!handler) return this.#refuse(context, new StatusError(NtStatus.NotSupported));
    try {
      const answer = handler(request.body, context);
      if (answer instanceof Promise) {
        answer
          .then(
            (done) => this.#answer(context, done),
            (error) => this.#refuse(context, error),
          )
          .catch((error) => this.#on.fail(error));
      } else {
        this.#answer(context, answer);
      }
    } catch (error) {
      this.#refuse(context, error);
    }
  }

  #answer(context: Smb2Context, answer: Awaited<ReturnType<AnyHandler>>): void {
    const { request } = context;
    context.done();
    if (answer instanceof Smb2Answer) request.respond(answer.status, answer.body, answer);
    else if (answer !== undefined) request.respond(NtStatus.Success, answer);
  }

  /** The one place where an exception becomes an error response. */
  #refuse(context: Smb2Context, error: unknown): void {
    const { request } = context;
    context.done();
    const { command } = request.header;
    const name = commandOf(command)?.name ?? String(command);
    const status = refusal(this.port.facts, name, error);
    const answer = (): void => request.respond(status, new ErrorResponse());
    if (isLogonFailure(status)) this.#on.refuseLogon(answer);
    else answer();
  }

  /**
   * Ends a session on all of its channels: closes its files and cancels its pending requests. With `lost`, durable
   * opens are kept for the client to reclaim.
   */
  async endSession(session: Smb2Session, lost = false): Promise<void> {
    const channels = [...session.channels];
    session.stopOpening();
    for (const channel of channels) session.leave(channel);
    this.core.smb2Sessions.delete(session.id);
    this.core.sessions.delete(session.id);
    if (session.session) await (lost ? loseSession : closeSession)(this.core, session.session);
    for (const { connection } of channels) connection.cancelSession(session.id);
  }

  async closed(): Promise<void> {
    this.lost = true;
    this.engine.closed();
    const ended = this.endSessions();
    this.#unsure.lost();
    await ended;
  }

  /** [MS-SMB2] 3.3.7.1: a session ends with its last channel. */
  async endSessions(): Promise<void> {
    const ends = [...this.channels.values()].filter((channel) => channel.session.endsWith(channel));
    for (const channel of this.channels.values()) if (!ends.includes(channel)) channel.session.leave(channel);
    await Promise.all(ends.map(({ session }) => this.endSession(session, true)));
  }
}
