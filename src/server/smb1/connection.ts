import type { FramePort } from '#engine/frame-port.js';
import { Smb1ServerConnection } from '#engine/smb1/server-connection.js';
import type { Smb1ServerRequest } from '#engine/smb1/server-request.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Malformed } from '#wire/io/malformed.js';
import { commandName, SMB1_COMMAND_NAMES, Smb1Command } from '#wire/smb1/smb1-command.js';
import { closeSession } from '../action/close.js';
import { isLogonFailure, refusal } from '../audit.js';
import type { ServerCore } from '../core.js';
import type { ConnectionEvents, Protocol } from '../protocol.js';
import { Numbers } from '../state/numbers.js';
import type { Open } from '../state/open.js';
import type { Session, SharedNumbers } from '../state/session.js';
import type { Tree } from '../state/tree.js';
import { Smb1Answer, Smb1Context } from './context.js';
import { type AnyHandler, handlers } from './handlers.js';
import type { WaitingLock } from './locking-andx.js';
import { Searches } from './searches.js';
import { Smb1Session } from './session.js';
import { MAX_HELD, MAX_MPX, SMALLEST_BUFFER } from './sizes.js';
import { answersAs, PendingTransactions } from './transactions.js';

/** The SMB1 server side of one connection: negotiated parameters, sessions, and dispatch of requests to handlers. */
export class Smb1Server implements Protocol {
  readonly core: ServerCore;
  readonly port: FramePort;
  readonly events: ConnectionEvents;
  readonly engine: Smb1ServerConnection;
  readonly sessions: Map<number, Smb1Session> = new Map();
  /** Share-level security: each tree connect has its own session, by TID. */
  readonly shareSessions: Map<number, Session> = new Map();
  readonly numbers: SharedNumbers = { trees: new Numbers(), opens: new Numbers() };
  readonly searches: Searches;
  readonly transactions: PendingTransactions = new PendingTransactions();
  /** The PID that opened each file, for PROCESS_EXIT. */
  readonly processes: WeakMap<Open, number> = new WeakMap();
  /** Offset of the last refused lock, per open. */
  readonly refusedLocks: WeakMap<Open, bigint> = new WeakMap();
  /** Waiting lock requests, oldest first. */
  readonly waitingLocks: Set<WaitingLock> = new Set();
  negotiated = false;
  extendedSecurity = false;
  /** The 8-byte challenge of NEGOTIATE; one per connection. */
  challenge: Uint8Array = new Uint8Array(0);
  capabilities = 0;
  clientCapabilities = 0;
  #clientBuffer = SMALLEST_BUFFER;
  #knowsClient = false;
  readonly #uids = new Numbers();

  constructor(core: ServerCore, port: FramePort, events: ConnectionEvents) {
    this.core = core;
    this.port = port;
    this.events = events;
    this.searches = new Searches(core);
    this.engine = new Smb1ServerConnection(port, this, { maxMpx: MAX_MPX, maxHeld: MAX_HELD }, core.encoder);
  }

  /** Share-level security: a password per share instead of a logon. */
  get shareLevel(): boolean {
    return this.core.options.smb1?.security === 'share';
  }

  /** The client's MaxBufferSize: the longest message it accepts. */
  get clientBuffer(): number {
    return this.#clientBuffer;
  }

  /** Stores what the first session setup says about the client; later ones do not change it. */
  meet(maxBufferSize: number, capabilities: number): void {
    if (this.#knowsClient) return;
    this.#knowsClient = true;
    this.#clientBuffer = Math.max(maxBufferSize, SMALLEST_BUFFER);
    this.clientCapabilities = capabilities;
  }

  get pending(): number {
    return this.engine.pending;
  }

  *held(): Iterable<Session> {
    for (const { session } of this.sessions.values()) if (session) yield session;
    yield* this.shareSessions.values();
  }

  receive(frame: Uint8Array, release: () => void): void {
    this.engine.receive(frame, release);
  }

  /** Called on the first successful logon: lifts the limits for unauthenticated connections. */
  authenticated(): void {
    this.events.authenticated();
  }

  fail(error: unknown): void {
    this.events.fail(error);
  }

  handle(request: Smb1ServerRequest): void {
    if (!this.negotiated && request.command !== Smb1Command.Negotiate) {
      request.drop();
      this.fail(new ConnectionLost(`${commandName(request.command)} before NEGOTIATE`, { retryable: false }));
      return;
    }
    const handler = handlers[request.command];
    if (!handler) {
      const known = SMB1_COMMAND_NAMES[request.command] !== undefined;
      return request.respond(known ? NtStatus.NotSupported : NtStatus.SmbBadCommand);
    }
    try {
      const answer = handler(request.body, new Smb1Context(this, request));
      if (answer instanceof Promise) {
        answer
          .then(
            (done) => this.#answer(request, done),
            (error) => this.#refuse(request, error),
          )
          .catch((error) => this.fail(error));
      } else {
        this.#answer(request, answer);
      }
    } catch (error) {
      this.#refuse(request, error);
    }
  }

  #answer(request: Smb1ServerRequest, answer: Awaited<ReturnType<AnyHandler>>): void {
    const command = answersAs(request.command);
    if (answer instanceof Smb1Answer) {
      const { status, body, release, more } = answer;
      request.respond(status, body, { release, more, command });
    } else if (answer !== undefined) {
      request.respond(NtStatus.Success, answer, { command });
    }
  }

  /** The one place where an exception becomes an error response. */
  #refuse(request: Smb1ServerRequest, error: unknown): void {
    const told = refusal(this.port.facts, commandName(request.command), error);
    const status = error instanceof Malformed ? NtStatus.InvalidSmb : told;
    const answer = (): void => request.respond(status, undefined, { command: answersAs(request.command) });
    if (isLogonFailure(told)) this.events.refuseLogon(answer);
    else answer();
  }

  /** Creates a session without a logon yet. */
  newSession(): Smb1Session {
    const uid = this.sessions.size < this.core.limits.sessions ? this.#uids.next() : 0;
    if (uid === 0) throw new StatusError(NtStatus.InsufficientResources);
    this.#uids.take(uid);
    const session = new Smb1Session(uid);
    this.sessions.set(uid, session);
    return session;
  }

  /** The session of a UID; under share-level security, only the TID matters. */
  sessionOf(uid: number, tid: number): Session {
    const session = this.findSession(uid, tid);
    if (session === undefined) throw new StatusError(this.shareLevel ? NtStatus.SmbBadTid : NtStatus.SmbBadUid);
    return session;
  }

  findSession(uid: number, tid: number): Session | undefined {
    return this.shareLevel ? this.shareSessions.get(tid) : this.sessions.get(uid)?.session;
  }

  /** A tree connect has ended. */
  async disconnected(tree: Tree): Promise<void> {
    this.searches.forget(tree);
    if (!this.shareSessions.delete(tree.id)) return;
    await closeSession(this.core, tree.session);
  }

  /** Ends a session: closes its files and cancels its pending requests. */
  async endSession(session: Smb1Session): Promise<void> {
    this.sessions.delete(session.uid);
    this.#uids.free(session.uid);
    if (session.registered !== undefined) this.core.sessions.delete(session.registered);
    if (!session.session) return;
    for (const tree of session.session.trees.values()) this.searches.forget(tree);
    await closeSession(this.core, session.session);
  }

  get idle(): boolean {
    let waiting = 0;
    for (const session of this.held()) waiting += session.waiting + session.waitingLocks;
    return this.engine.pending <= waiting;
  }

  async closed(): Promise<void> {
    this.engine.closed();
    await this.endSessions();
  }

  async endSessions(): Promise<void> {
    const shares = [...this.shareSessions.values()].map((session) => closeSession(this.core, session));
    await Promise.all([...this.sessions.values()].map((session) => this.endSession(session)));
    await Promise.all(shares);
  }
}
