import { sealedSessionId } from '#crypto/sealing.js';
import { notes } from '#tap/events.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import type { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import { ErrorResponse } from '#wire/smb2/command/error.js';
import { Command } from '#wire/smb2/header.js';
import type { FramePort } from '../frame-port.js';
import { admission, isSignedAsDemanded } from './admission.js';
import { Batch, checkSessions, idsOf, type Ready } from './batch.js';
import { Deferred } from './deferred.js';
import { type SessionSecurity, unseal } from './security.js';
import { SequenceWindow } from './sequence-window.js';
import { type RequestOwner, type ResponseOptions, Smb2ServerRequest } from './server-request.js';
import { ServerSender, type Unsolicited } from './server-sender.js';
import { type Incoming, splitCompound } from './split.js';

/** The layer above the engine. */
export interface Smb2Host {
  /** Keys and requirements of the session with that id on this connection. */
  security(sessionId: bigint): SessionSecurity | undefined;
  /** Handles a request whose message id, signature and encryption have been checked. Must answer it, now or later. */
  handle(request: Smb2ServerRequest): void;
  /** The connection has to end because of what the peer did. */
  fail(error: unknown): void;
}

export interface Smb2Limits {
  /** Credits a client may hold; a power of two. */
  readonly maxCredits: number;
  /** Credits before the client has logged on. */
  readonly maxCreditsUnauthenticated: number;
  /** Maximum number of requests in one compound. */
  readonly maxCompound: number;
  /** Maximum number of requests waiting after an interim response. */
  readonly maxAsync: number;
  /** Bytes of deferred frames beyond which reading from the peer stops. */
  readonly maxDeferredBytes: number;
  /** Milliseconds after which an unfinished request gets an interim response; it may take up to twice as long. */
  readonly interimMs: number;
}

/**
 * Limit in credits for requests in progress, and again for responses being sent. One or two large transfers in each
 * stage keep disk and network busy; with more of them, data would only wait in memory and drop out of the CPU caches.
 */
const MAX_UNDER_WAY = 32;

const decoder = new Decoder();
const TRANSFORM = 0xfd;
const SMB2 = 0xfe;

/**
 * The server side of an SMB2 connection, sockets aside: decrypts, splits compounds, tracks message ids and credits,
 * verifies signatures, passes the requests of each frame up one at a time, and composes, signs and encrypts responses.
 */
export class Smb2ServerConnection implements RequestOwner {
  /** Negotiated dialect revision; 0 until then. */
  dialect = 0;
  authenticated = false;
  readonly #port: FramePort;
  readonly #host: Smb2Host;
  readonly #limits: Smb2Limits;
  readonly #sender: ServerSender;
  readonly #window: SequenceWindow;
  /** Unanswered requests, with the frame that each came in. */
  readonly #pending = new Map<Smb2ServerRequest, Batch>();
  /** Frames that wait until there is less in progress. */
  readonly #deferred: Deferred;
  #working = 0;
  #sending = 0;
  #beginning = false;
  /** Unanswered requests that went asynchronous. */
  #async = 0;
  #asyncIds = 0;
  /** Number of checks for slow requests so far. */
  #looks = 0;
  #cancelLook: (() => void) | undefined;
  #closed = false;

  constructor(port: FramePort, host: Smb2Host, limits: Smb2Limits, encoder: Encoder) {
    this.#port = port;
    this.#host = host;
    this.#limits = limits;
    this.#sender = new ServerSender(port, (id) => host.security(id), encoder);
    this.#window = new SequenceWindow(limits.maxCredits);
    this.#deferred = new Deferred(port.transport, limits.maxDeferredBytes);
  }

  /** Number of unanswered requests. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Whether no request is in progress or deferred and no response is being sent, asynchronous requests aside. */
  get idle(): boolean {
    return this.#pending.size === this.#async && this.#deferred.next === undefined && this.#sending === 0;
  }

  /**
   * Handles one frame, and calls `release` when its memory is free again. Throws Malformed or ConnectionLost if the
   * connection has to end because of it.
   */
  receive(frame: Uint8Array, release: () => void): void {
    const sealed = frame[0] === TRANSFORM;
    const sealing = sealed ? this.#host.security(sealedSessionId(frame)) : undefined;
    const asSent = sealed && this.#port.tapped ? frame.slice() : frame;
    const plain = sealed ? unseal(frame, sealing) : frame;
    this.#port.received(0, asSent, sealed ? plain : undefined);
    if (plain[0] !== SMB2) throw new Malformed('ProtocolId', 0, 'not an SMB2 message');
    const incoming = splitCompound(decoder, plain, this.#limits.maxCompound);
    if (sealed) checkSessions(incoming, sealedSessionId(frame), (id) => this.#host.security(id) !== undefined);
    const batch = new Batch(incoming, frame.length, sealing, release);
    // Frames begin in order; CANCEL, which is free, begins at once. Message ids are checked only when a frame begins,
    // so `Deferred` itself must stop a peer that sends more than its credits allow.
    const waits = batch.charge > 0 && (this.#deferred.next !== undefined || !this.#hasRoomFor(batch));
    if (waits) this.#deferred.add(batch, this.#maxCredits);
    else this.#begin(batch);
  }

  get #maxCredits(): number {
    return this.authenticated ? this.#limits.maxCredits : this.#limits.maxCreditsUnauthenticated;
  }

  /** Cancels pending requests: there is no one left to answer. */
  closed(): void {
    this.#closed = true;
    this.#deferred.clear();
    this.#cancelLook?.();
    for (const request of this.#pending.keys()) request.cancel();
  }

  /** Cancels the pending requests of a session that is ending: those of one `command`, or all. */
  cancelSession(sessionId: bigint, command?: number): void {
    for (const request of this.#pending.keys()) {
      const meant = command === undefined || request.header.command === command;
      if (request.sessionId === sessionId && meant) request.cancel();
    }
  }

  /** After an SMB1 NEGOTIATE led here: it has used message id 0 ([MS-SMB2] 3.3.5.3.1). */
  enterByMultiProtocol(): void {
    this.#window.consume(0, 1);
    this.#window.grant(1);
  }

  #hasRoomFor({ charge }: Batch): boolean {
    const mayWork = this.#working === 0 || this.#working + charge <= MAX_UNDER_WAY;
    return mayWork && this.#sending <= MAX_UNDER_WAY;
  }

  #begin(batch: Batch): void {
    this.#working += batch.charge;
    this.#advance(batch);
  }

  #beginNext(): void {
    if (this.#beginning) return;
    this.#beginning = true;
    for (let { next } = this.#deferred; next !== undefined; { next } = this.#deferred) {
      if (this.#closed || !this.#hasRoomFor(next)) break;
      this.#deferred.shift();
      try {
        this.#begin(next);
      } catch (error) {
        this.#host.fail(error);
      }
    }
    this.#beginning = false;
  }

  // Processes a frame until it is done or a request has to wait; `#resume` then continues.
  #advance(batch: Batch): void {
    batch.running = true;
    while (batch.next < batch.incoming.length) {
      const message = batch.incoming[batch.next++] as Incoming;
      if (message.header.isCancel) {
        this.#cancel(message, batch.sealing !== undefined);
        continue;
      }
      const request = this.#accept(message, batch);
      this.#handle(message, request, batch);
      if (!request.answered && (request.asyncId === 0 || batch.waitsFor(request))) {
        this.#watchTime();
        batch.running = false;
        return;
      }
    }
    batch.running = false;
    this.#finish(batch);
  }

  #handle(message: Incoming, request: Smb2ServerRequest, batch: Batch): void {
    const refusal = batch.cancelled?.has(message.header.messageId)
      ? NtStatus.Cancelled
      : admission(message, request, this.dialect, this.#note);
    if (refusal === NtStatus.Success) this.#host.handle(request);
    else request.respond(refusal, new ErrorResponse());
  }

  #finish(batch: Batch): void {
    this.#flush(batch);
    if (batch.open === 0) batch.release();
  }

  // Sends what is ready. The frame no longer counts as in progress, because it is either done or waiting for an event.
  #flush(batch: Batch): void {
    const ready = batch.ready.splice(0);
    const { charge } = batch;
    this.#working -= charge;
    batch.charge = 0;
    this.#sending += charge;
    // Read the next frame's data from disk while this one's is encrypted and sent.
    this.#beginNext();
    const sent = (): void => {
      this.#sending -= charge;
      this.#beginNext();
    };
    if (ready.length > 0) this.#send(ready, batch.sealing, sent);
    else sent();
  }

  // Only the last request begun resumes the frame; responses to earlier ones go out along with it.
  #resume(batch: Batch, request: Smb2ServerRequest): void {
    if (batch.running || batch.last !== request) return;
    try {
      this.#advance(batch);
    } catch (error) {
      this.#host.fail(error);
    }
  }

  #accept(message: Incoming, batch: Batch): Smb2ServerRequest {
    const { header } = message;
    if (!this.#window.consume(header.messageId, idsOf(message, this.dialect))) {
      throw new ConnectionLost(`message id ${header.messageId} is not free for use`, { retryable: false });
    }
    const facts = { header, bytes: message.bytes, encrypted: batch.sealing !== undefined };
    const request = new Smb2ServerRequest(this, facts, new ErrorResponse(), batch.last);
    request.security = this.#host.security(request.sessionId);
    request.since = this.#looks;
    batch.last = request;
    this.#pending.set(request, batch);
    batch.open++;
    return request;
  }

  readonly #note = (request: Smb2ServerRequest, error: Malformed): void => {
    if (!notes.wanted) return;
    const details = { command: request.header.command, reason: error.message };
    notes.publish({ level: 'debug', what: 'malformed request', connection: this.#port.facts, details });
  };

  // CANCEL is never answered and uses no message id ([MS-SMB2] 3.3.5.16). It also reaches requests that have not begun.
  #cancel(message: Incoming, encrypted: boolean): void {
    const { header } = message;
    const security = this.#host.security(header.sessionId);
    if (security && !encrypted && !isSignedAsDemanded(message, security)) return;
    for (const request of this.#pending.keys()) {
      const meant = header.isAsync
        ? request.asyncId !== 0 && request.asyncId === header.asyncId
        : request.header.messageId === header.messageId;
      if (meant && request.sessionId === header.sessionId) request.cancel();
    }
    if (header.isAsync) return;
    this.#deferred.cancel(header);
    for (const batch of this.#pending.values()) batch.cancel(header);
  }

  // One timer per connection: a request still in progress at its second check is slow.
  #watchTime(): void {
    if (this.#closed) return;
    this.#cancelLook ??= this.#port.clock.after(this.#limits.interimMs, () => this.#look());
  }

  #look(): void {
    this.#cancelLook = undefined;
    this.#looks++;
    let atWork = false;
    for (const [request, batch] of [...this.#pending]) {
      if (request.answered || request.asyncId !== 0) continue;
      const slow = request.since + 1 < this.#looks && batch.last === request && mayBeSlow(request, batch);
      // If too many are asynchronous already, continue without an interim response: being slow is no reason to refuse.
      if (slow && this.#async < this.#limits.maxAsync) request.goAsync();
      else atWork = true;
    }
    if (atWork) this.#watchTime();
  }

  goAsync(request: Smb2ServerRequest): void {
    const batch = this.#pending.get(request);
    if (!batch || this.#closed) return;
    const refusal = this.#asyncRefusal(request, batch);
    if (refusal !== NtStatus.Success) {
      request.respond(refusal, new ErrorResponse());
      request.cancel();
      return;
    }
    this.#async++;
    request.asyncId = ++this.#asyncIds;
    const credits = this.#grant(request.header.credits);
    const facts = { status: NtStatus.Pending, credits, options: {} };
    batch.ready.push(this.#sender.response(request, new ErrorResponse(), facts));
    // The rest of the compound needs the file that this request opens: send the interim response now, and wait.
    if (batch.waitsFor(request)) this.#flush(batch);
    else this.#resume(batch, request);
  }

  // [MS-SMB2] 3.3.5.2.7: if related requests follow, only CREATE may go asynchronous; Windows refuses others with this
  // status.
  #asyncRefusal(request: Smb2ServerRequest, batch: Batch): number {
    if (batch.waitsFor(request) && request.header.command !== Command.Create) return NtStatus.InternalError;
    return this.#async >= this.#limits.maxAsync ? NtStatus.InsufficientResources : NtStatus.Success;
  }

  respond(request: Smb2ServerRequest, status: number, body: Wire, options: ResponseOptions): void {
    const batch = this.#pending.get(request);
    this.#pending.delete(request);
    if (batch) batch.open--;
    if (request.asyncId !== 0) this.#async--;
    if (!batch || this.#closed) {
      options.release?.();
      return;
    }
    const interim = batch.ready.findIndex((ready) => ready.request === request);
    if (request.asyncId !== 0 && interim === -1) {
      // The interim response has already granted the credits.
      const response = this.#sender.response(request, body, { status, credits: 0, options });
      if (batch.waitsFor(request)) {
        batch.ready.push(response);
        this.#resume(batch, request);
        return;
      }
      this.#send([response], batch.sealing);
      if (batch.open === 0 && !batch.running) batch.release();
      return;
    }
    // The interim response has not been sent yet: replace it with the final one.
    request.asyncId = 0;
    const credits = batch.ready[interim]?.header.credits ?? this.#grant(request.header.credits);
    const response = this.#sender.response(request, body, { status, credits, options });
    if (interim === -1) batch.ready.push(response);
    else batch.ready[interim] = response;
    this.#resume(batch, request);
  }

  #grant(asked: number): number {
    return this.#window.grant(Math.max(0, Math.min(Math.max(asked, 1), this.#maxCredits - this.#window.credits)));
  }

  #send(ready: readonly Ready[], sealing: SessionSecurity | undefined, sent?: () => void): void {
    this.#sender.send(this.dialect, ready, sealing, sent);
  }

  /** Sends an unsolicited message; false if the connection is closed. */
  notify(message: Unsolicited, sealing: SessionSecurity | undefined): boolean {
    if (!this.#closed) this.#sender.notify(this.dialect, message, sealing);
    return !this.#closed;
  }
}

// The preauthentication hash covers the logon's messages, and the specification has no interim responses among them.
function mayBeSlow(request: Smb2ServerRequest, batch: Batch): boolean {
  const { command } = request.header;
  if (command === Command.Negotiate || command === Command.SessionSetup) return false;
  return command === Command.Create || !batch.waitsFor(request);
}
