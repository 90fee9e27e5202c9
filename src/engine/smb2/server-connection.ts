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

/** What stands above the engine. */
export interface Smb2Host {
  /** The session of this connection with that id, as far as protection goes. */
  security(sessionId: bigint): SessionSecurity | undefined;
  /** Takes a request that is in sequence and whose protection is in order. Must answer it, now or later. */
  handle(request: Smb2ServerRequest): void;
  /** The connection has to end for what the peer did. */
  fail(error: unknown): void;
}

export interface Smb2Limits {
  /** Credits a client may hold; a power of two. */
  readonly maxCredits: number;
  /** Credits before it has logged on. */
  readonly maxCreditsUnauthenticated: number;
  /** Requests in one compound. */
  readonly maxCompound: number;
  /** Requests that wait after their interim response. */
  readonly maxAsync: number;
  /** Bytes of frames that wait to begin, beyond which nothing more is read. */
  readonly maxDeferredBytes: number;
  /** Milliseconds after which a request that is still worked on gets an interim response; it may take twice as long. */
  readonly interimMs: number;
}

/**
 * Credits' worth of requests that are worked off at a time, and of answers that wait for the peer to take them. One
 * or two large transfers in each place keep disk and network busy; with more of them data would only wait in memory,
 * out of the processor's caches.
 */
const MAX_UNDER_WAY = 32;

const decoder = new Decoder();
const TRANSFORM = 0xfd;
const SMB2 = 0xfe;

/**
 * The server's end of an SMB2 connection without its sockets: unseals, splits compounds, keeps the message-id window
 * and credits, verifies, hands requests up one after the other per frame, and composes, signs and seals responses.
 */
export class Smb2ServerConnection implements RequestOwner {
  /** Agreed dialect revision; 0 before. */
  dialect = 0;
  authenticated = false;
  readonly #port: FramePort;
  readonly #host: Smb2Host;
  readonly #limits: Smb2Limits;
  readonly #sender: ServerSender;
  readonly #window: SequenceWindow;
  /** Requests that wait for their answer, with the frame that they came in. */
  readonly #pending = new Map<Smb2ServerRequest, Batch>();
  /** Frames that wait until there is less under way. */
  readonly #deferred: Deferred;
  #working = 0;
  #sending = 0;
  #beginning = false;
  /** Requests that went asynchronous and are not answered. */
  #async = 0;
  #asyncIds = 0;
  /** Counts the looks for slow requests. */
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

  /** Requests that wait for their answer. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Whether nothing is worked on, waits to begin or to be taken; requests that went asynchronous do not count. */
  get idle(): boolean {
    return this.#pending.size === this.#async && this.#deferred.next === undefined && this.#sending === 0;
  }

  /**
   * Takes one frame, and calls `release` when its memory is free again. Throws Malformed or ConnectionLost when the
   * connection has to end for it.
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
    // In order, and CANCEL, which costs nothing, at once. Message ids are looked at when a frame begins: who sends on
    // beyond his credits must not make us hold it all.
    const waits = batch.charge > 0 && (this.#deferred.next !== undefined || !this.#hasRoomFor(batch));
    if (waits) this.#deferred.add(batch, this.#maxCredits);
    else this.#begin(batch);
  }

  get #maxCredits(): number {
    return this.authenticated ? this.#limits.maxCredits : this.#limits.maxCreditsUnauthenticated;
  }

  /** Ends what is under way: nobody is there to be answered. */
  closed(): void {
    this.#closed = true;
    this.#deferred.clear();
    this.#cancelLook?.();
    for (const request of this.#pending.keys()) request.cancel();
  }

  /** Ends what still waits in a session that is at its end; of one `command`, or all of it. */
  cancelSession(sessionId: bigint, command?: number): void {
    for (const request of this.#pending.keys()) {
      const meant = command === undefined || request.header.command === command;
      if (request.sessionId === sessionId && meant) request.cancel();
    }
  }

  /** Takes the id of the SMB1 NEGOTIATE that led here ([MS-SMB2] 3.3.5.3.1): id 0 is used up by it. */
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

  // Works off a frame until it is through or a request takes its time; then `#resume` goes on.
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

  // Sends what is ready. The frame does not count as under way any more, either because it is through or because it
  // waits for something to happen.
  #flush(batch: Batch): void {
    const ready = batch.ready.splice(0);
    const { charge } = batch;
    this.#working -= charge;
    batch.charge = 0;
    this.#sending += charge;
    // The next one's data can be on its way from the disk while this one's is sealed and sent.
    this.#beginNext();
    const sent = (): void => {
      this.#sending -= charge;
      this.#beginNext();
    };
    if (ready.length > 0) this.#send(ready, batch.sealing, sent);
    else sent();
  }

  // Only the request that the rest of the frame waits for moves it on; others are answered along with it.
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

  // CANCEL is never answered and uses no id ([MS-SMB2] 3.3.5.16). It also reaches what has not begun.
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

  // One timer for all of a connection: a request that two looks find at work is slow.
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
      // Where too many wait already it goes on in silence: it is being done, which is no reason to refuse it.
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
    // What follows needs the file that this one opens: the client is told to wait, and so does the rest.
    if (batch.waitsFor(request)) this.#flush(batch);
    else this.#resume(batch, request);
  }

  // [MS-SMB2] 3.3.5.2.7: with others behind that are related to it, only an open may wait for something to happen;
  // Windows refuses the rest so.
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
      // The interim response granted the credits; there are none left to grant.
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
    // The answer overtook the interim response: then there is none.
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

  /** Sends what nobody asked for; false when the connection is gone. */
  notify(message: Unsolicited, sealing: SessionSecurity | undefined): boolean {
    if (!this.#closed) this.#sender.notify(this.dialect, message, sealing);
    return !this.#closed;
  }
}

// A logon's messages are hashed in the order of the specification, which knows no interim ones there.
function mayBeSlow(request: Smb2ServerRequest, batch: Batch): boolean {
  const { command } = request.header;
  if (command === Command.Negotiate || command === Command.SessionSetup) return false;
  return command === Command.Create || !batch.waitsFor(request);
}
