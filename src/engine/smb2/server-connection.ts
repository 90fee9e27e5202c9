import { sealedSessionId } from '#crypto/sealing.js';
import { notes } from '#tap/events.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import type { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import { ErrorResponse } from '#wire/smb2/command/error.js';
import { type CommandCode, commands } from '#wire/smb2/commands.js';
import { Command, HeaderFlags, Smb2Header } from '#wire/smb2/header.js';
import { FRAME_HEADER, type FramePort } from '../frame-port.js';
import { Batch, checkSessions, idsOf, isUnderpaid, type Ready, type Sendable } from './batch.js';
import { compose, isSigned, verifySignature } from './compose.js';
import { type SessionSecurity, unseal } from './security.js';
import { SequenceWindow } from './sequence-window.js';
import { type RequestOwner, type ResponseOptions, Smb2ServerRequest } from './server-request.js';
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
}

/** A message of the server that answers nothing. */
export interface Unsolicited {
  readonly command: number;
  readonly body: Wire;
  readonly sessionId: bigint;
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
  readonly #encoder: Encoder;
  readonly #window: SequenceWindow;
  /** Requests that wait for their answer, with the frame that they came in. */
  readonly #pending = new Map<Smb2ServerRequest, Batch>();
  /** Frames that wait until there is less under way. */
  readonly #deferred: Batch[] = [];
  #deferredWeight = 0;
  #working = 0;
  #sending = 0;
  #beginning = false;
  #asyncIds = 0;
  #closed = false;

  constructor(port: FramePort, host: Smb2Host, limits: Smb2Limits, encoder: Encoder) {
    this.#port = port;
    this.#host = host;
    this.#limits = limits;
    this.#encoder = encoder;
    this.#window = new SequenceWindow(limits.maxCredits);
  }

  /** Requests that wait for their answer. */
  get pending(): number {
    return this.#pending.size;
  }

  /**
   * Takes one frame, and calls `release` when its memory is free again. Throws Malformed or ConnectionLost when the
   * connection has to end for it.
   */
  receive(frame: Uint8Array, release: () => void): void {
    const sealed = frame[0] === TRANSFORM;
    const sealing = sealed ? this.#host.security(sealedSessionId(frame)) : undefined;
    const plain = sealed ? unseal(frame, sealing) : frame;
    this.#port.received(0, frame, sealed ? plain : undefined);
    if (plain[0] !== SMB2) throw new Malformed('ProtocolId', 0, 'not an SMB2 message');
    const incoming = splitCompound(decoder, plain, this.#limits.maxCompound);
    if (sealed) {
      checkSessions(incoming, sealedSessionId(frame));
      release();
    }
    const batch = new Batch(incoming, frame.length, sealing, sealed ? () => undefined : release);
    // In order, and CANCEL, which costs nothing, at once.
    if (batch.charge > 0 && (this.#deferred.length > 0 || !this.#hasRoomFor(batch))) this.#defer(batch);
    else this.#begin(batch);
  }

  // Message ids are looked at when a frame begins: who sends on beyond his credits must not make us hold it all.
  #defer(batch: Batch): void {
    this.#deferredWeight += batch.weight;
    if (this.#deferredWeight > this.#maxCredits) {
      throw new ConnectionLost('more requests than there were credits for', { retryable: false });
    }
    this.#deferred.push(batch);
  }

  get #maxCredits(): number {
    return this.authenticated ? this.#limits.maxCredits : this.#limits.maxCreditsUnauthenticated;
  }

  /** Ends what is under way: nobody is there to be answered. */
  closed(): void {
    this.#closed = true;
    this.#deferred.length = 0;
    for (const request of this.#pending.keys()) request.cancel();
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
    for (let next = this.#deferred[0]; next !== undefined; next = this.#deferred[0]) {
      if (this.#closed || !this.#hasRoomFor(next)) break;
      this.#deferred.shift();
      this.#deferredWeight -= next.weight;
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
      const refusal = this.#refusal(message, request);
      if (refusal === NtStatus.Success) this.#host.handle(request);
      else request.respond(refusal, new ErrorResponse());
      if (!request.answered && request.asyncId === 0) {
        batch.running = false;
        return;
      }
    }
    batch.running = false;
    const ready = batch.ready.splice(0);
    const { charge } = batch;
    this.#working -= charge;
    batch.charge = 0;
    this.#sending += charge;
    // The next one's data can be on its way from the disk while this one's is sealed and sent.
    this.#beginNext();
    this.#answerAll(ready, batch, () => {
      this.#sending -= charge;
      this.#beginNext();
    });
    if (batch.open === 0) batch.release();
  }

  #answerAll(ready: readonly Ready[], batch: Batch, sent: () => void): void {
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
    batch.last = request;
    this.#pending.set(request, batch);
    batch.open++;
    return request;
  }

  /** The status to refuse a request with before anybody looks at what it wants, or Success. */
  #refusal(message: Incoming, request: Smb2ServerRequest): number {
    const { header, bytes } = message;
    if (!this.#isProtected(message, request)) return NtStatus.AccessDenied;
    if (request.orphan || header.isResponse || isUnderpaid(message, this.dialect)) return NtStatus.InvalidParameter;
    const codec = commands[header.command as CommandCode];
    if (!codec) return NtStatus.InvalidParameter;
    const body = codec.request();
    try {
      decoder.dialect = this.dialect;
      new Smb2Header().layout(decoder.reset(bytes));
      body.layout(decoder);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.#note(request, error);
      return NtStatus.InvalidParameter;
    }
    request.body = body;
    return NtStatus.Success;
  }

  // [MS-SMB2] 3.3.5.2.4 and 3.3.5.2.9: signed or sealed as the session demands.
  #isProtected(message: Incoming, { security, encrypted }: Smb2ServerRequest): boolean {
    const { command } = message.header;
    if (!security || encrypted) return true;
    if (security.encryptionRequired && command !== Command.SessionSetup) return false;
    return command === Command.Negotiate || isSignedAsDemanded(message, security);
  }

  #note(request: Smb2ServerRequest, error: Malformed): void {
    if (!notes.wanted) return;
    const details = { command: request.header.command, reason: error.message };
    notes.publish({ level: 'debug', what: 'malformed request', connection: this.#port.facts, details });
  }

  // CANCEL is never answered and uses no id ([MS-SMB2] 3.3.5.16).
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
  }

  goAsync(request: Smb2ServerRequest): void {
    const batch = this.#pending.get(request);
    if (!batch || this.#closed) return;
    request.asyncId = ++this.#asyncIds;
    const credits = this.#grant(request.header.credits);
    batch.ready.push(this.#outgoing(request, NtStatus.Pending, new ErrorResponse(), credits, {}));
    this.#resume(batch, request);
  }

  respond(request: Smb2ServerRequest, status: number, body: Wire, options: ResponseOptions): void {
    const batch = this.#pending.get(request);
    this.#pending.delete(request);
    if (batch) batch.open--;
    if (!batch || this.#closed) {
      options.release?.();
      return;
    }
    const interim = batch.ready.findIndex((ready) => ready.request === request);
    if (request.asyncId !== 0 && interim === -1) {
      // The interim response granted the credits; there are none left to grant.
      this.#send([this.#outgoing(request, status, body, 0, options)], batch.sealing);
      if (batch.open === 0 && !batch.running) batch.release();
      return;
    }
    // The answer overtook the interim response: then there is none.
    request.asyncId = 0;
    const credits = batch.ready[interim]?.header.credits ?? this.#grant(request.header.credits);
    const response = this.#outgoing(request, status, body, credits, options);
    if (interim === -1) batch.ready.push(response);
    else batch.ready[interim] = response;
    this.#resume(batch, request);
  }

  /**
   * Sends what nobody asked for ([MS-SMB2] 3.3.4.6), sealed if told how; false when the connection is gone. All such
   * messages have the same id, so none is signed: AES-GMAC must not meet a nonce twice.
   */
  notify(message: Unsolicited, sealing: SessionSecurity | undefined): boolean {
    if (this.#closed) return false;
    const header = new Smb2Header();
    header.command = message.command;
    header.flags = HeaderFlags.ServerToRedir;
    header.messageId = -1;
    header.sessionId = message.sessionId;
    this.#send([{ header, body: message.body, signWith: undefined, options: {} }], sealing);
    return true;
  }

  #outgoing(request: Smb2ServerRequest, status: number, body: Wire, credits: number, options: ResponseOptions): Ready {
    const asked = request.header;
    const header = new Smb2Header();
    header.command = asked.command;
    header.status = status;
    header.creditCharge = asked.creditCharge;
    header.credits = credits;
    header.messageId = asked.messageId;
    header.sessionId = options.sessionId ?? request.sessionId;
    header.flags = HeaderFlags.ServerToRedir | (request.previous ? HeaderFlags.RelatedOperations : 0);
    if (request.asyncId === 0) {
      header.treeId = options.treeId ?? request.treeId;
    } else {
      header.flags |= HeaderFlags.AsyncCommand;
      header.asyncId = request.asyncId;
    }
    // A session that has ended meanwhile still protects what is said of it.
    const security = this.#host.security(header.sessionId) ?? request.security;
    const demanded = request.signed || options.sign || security?.signingRequired;
    // [MS-SMB2] 3.3.4.2: no interim response is signed. Its id serves twice, which an AES-GMAC nonce must not.
    const sign = !request.encrypted && security?.signer && demanded && status !== NtStatus.Pending;
    if (sign) header.flags |= HeaderFlags.Signed;
    else if (request.signed && !security?.signer) echoSignature(header, asked);
    return { header, body, signWith: sign ? security : undefined, request, options };
  }

  #grant(asked: number): number {
    return this.#window.grant(Math.max(0, Math.min(Math.max(asked, 1), this.#maxCredits - this.#window.credits)));
  }

  #send(ready: readonly Sendable[], sealing: SessionSecurity | undefined, sent?: () => void): void {
    this.#encoder.dialect = this.dialect;
    const parts = compose(this.#encoder, ready, true);
    for (const { options } of ready) {
      if (options.observe && ready.length === 1) options.observe((parts[0] as Uint8Array).subarray(FRAME_HEADER));
    }
    if (!sealing?.sealer) {
      this.#port.send(parts, undefined, () => {
        releaseAll(ready);
        sent?.();
      });
      return;
    }
    const plain = [(parts[0] as Uint8Array).subarray(FRAME_HEADER), ...parts.slice(1)];
    this.#port.send([new Uint8Array(FRAME_HEADER), ...sealing.sealer.seal(plain, sealing.id)], plain, sent);
    releaseAll(ready);
  }
}

function isSignedAsDemanded({ header, bytes }: Incoming, security: SessionSecurity): boolean {
  if (!isSigned(header)) return !security.signingRequired;
  return !security.signer || verifySignature(bytes, header, security, false);
}

// As Windows: what cannot be signed for want of a key is answered with the signature that it came with. Clients that
// insist on signatures do not read the status otherwise.
function echoSignature(header: Smb2Header, asked: Smb2Header): void {
  header.flags |= HeaderFlags.Signed;
  header.signature = asked.signature;
}

function releaseAll(ready: readonly Sendable[]): void {
  for (const { options } of ready) options.release?.();
}
