import { sealedSessionId } from '#crypto/sealing.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { isError, NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import type { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import { CancelRequest } from '#wire/smb2/command/cancel.js';
import { ErrorResponse } from '#wire/smb2/command/error.js';
import { type CommandCode, commands, responseIsError } from '#wire/smb2/commands.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command, HEADER_LENGTH, HeaderFlags, Smb2Header } from '#wire/smb2/header.js';
import { FRAME_HEADER, type FramePort } from '../frame-port.js';
import { type Loan, Loans } from '../loan.js';
import { offAbort, onAbort } from '../on-abort.js';
import { compose, type Outgoing, verifySignature } from './compose.js';
import { Gathering, type Together, type Waiter } from './gathering.js';
import { refuse, tooDear } from './refusal.js';
import { type SessionSecurity, sendSealed, unseal } from './security.js';
import { type Incoming, splitCompound } from './split.js';

/** A request to be made. */
export interface Smb2Call {
  readonly command: number;
  readonly body: Wire;
  /** Credits it costs: one per 64 KiB sent or received. Default 1. */
  readonly charge?: number;
  /** Statuses besides Success that count as an answer rather than a failure. */
  readonly accept?: readonly number[];
  /** Its names are full DFS paths: server, share, path ([MS-SMB2] 2.2.1.2, SMB2_FLAGS_DFS_OPERATIONS). */
  readonly dfs?: boolean;
  /** For errors: what the call was about. */
  readonly path?: string | undefined;
}

export interface CallOptions {
  readonly session?: SessionSecurity | undefined;
  /** The tree connect that the call belongs to. */
  readonly treeId?: number;
  readonly signal?: AbortSignal | undefined;
  /** Encrypts even if the session does not require it (a share may). */
  readonly encrypt?: boolean;
  /** Signs even if the session does not require it, as for messages that protect the negotiation itself. */
  readonly sign?: boolean;
  /** The caller verifies the signature of the reply, because its key is not known yet. */
  readonly unverified?: boolean;
  /** [MS-SMB2] 2.2.1.2 ChannelSequence: how many channels of the session have been lost. Sent in 3.x only. */
  readonly channelSequence?: number;
  /** The request is resent: the channel was lost before the reply came ([MS-SMB2] 3.2.4.1.4). */
  readonly replay?: boolean;
  /** Sees the bytes of the request as sent: for the preauthentication integrity hash. */
  readonly observe?: (bytes: Uint8Array) => void;
}

export interface Smb2Reply {
  readonly header: Smb2Header;
  readonly body: Wire;
  readonly bytes: Uint8Array;
  /** Promises that the body's bytes are no longer in use, so that their memory can be reused. Optional to call. */
  readonly release: () => void;
}

/** A call that was sent. */
interface Waiting {
  readonly call: Smb2Call;
  readonly options: CallOptions;
  readonly messageId: number;
  readonly index: number;
  readonly waiter: Waiter<Smb2Reply>;
  asyncId: number;
  /** An interim response has come. */
  interim: boolean;
  unlisten: (() => void) | undefined;
  readonly frame: Queued;
}

/** A frame, which may have to wait for credits. */
interface Queued {
  readonly calls: readonly Smb2Call[];
  readonly options: CallOptions;
  readonly charge: number;
  readonly waiter: Waiter<Smb2Reply>;
  /** Set once the frame is sent, if it contains the caller's own memory. */
  loan: Loan | undefined;
}

const decoder = new Decoder();
const TRANSFORM = 0xfd;
const SMB1 = 0xff;
const SMB2 = 0xfe;
const MAX_COMPOUND = 256;
const KEEP = (): void => undefined;
/** Errors whose data says where to look instead ([MS-SMB2] 2.2.2.2). */
const TELLING: readonly number[] = [NtStatus.StoppedOnSymlink, NtStatus.BadNetworkName];
/** Number of credits that we try to hold: enough for several large requests in flight. */
const CREDIT_TARGET = 512;

/** Only WRITE data is sent directly from the caller's memory. */
function lends({ command }: Smb2Call): boolean {
  return command === Command.Write;
}

function isSealed({ session, encrypt }: CallOptions): boolean {
  return session?.sealer !== undefined && (session.encryptionRequired || encrypt === true);
}

function isSigned({ session, sign }: CallOptions): boolean {
  return session?.signer !== undefined && (session.signingRequired || sign === true);
}

/**
 * The client side of an SMB2 connection, sockets aside: message ids, credits (calls wait in order until there are
 * enough), compounds, signing, encryption, matching of replies, interim responses, cancel.
 */
export class Smb2ClientConnection {
  /** Negotiated dialect revision; 0 until then. */
  dialect = 0;
  /** Sessions of this connection by id, used to verify and decrypt messages. */
  readonly sessions: Map<bigint, SessionSecurity> = new Map();
  /** Called with oplock and lease breaks. */
  onBreak: ((message: Incoming) => void) | undefined;
  readonly #port: FramePort;
  readonly #encoder: Encoder;
  readonly #waiting = new Map<number, Waiting>();
  readonly #queue: Queued[] = [];
  readonly #loans = new Loans();
  #credits = 1;
  /** Credits of calls without any response yet; an interim response already returns whatever credits there will be. */
  #spent = 0;
  #nextMessageId = 0;
  #lost: unknown;

  constructor(port: FramePort, encoder: Encoder) {
    this.#port = port;
    this.#encoder = encoder;
  }

  /** Calls without a final reply, or whose reply came before they had been sent completely. */
  get outstanding(): number {
    return this.#waiting.size + this.#queue.length + this.#loans.size;
  }

  /** The oldest reply that came before its call had been sent; stays the same while the server does not read. */
  get early(): object | undefined {
    return this.#loans.oldest;
  }

  /** Credits available now. */
  get credits(): number {
    return this.#credits;
  }

  /** Credits that we have or expect: a frame that costs more may never be sent. */
  get reach(): number {
    return this.#credits + this.#spent;
  }

  /** After an SMB1 NEGOTIATE led here: it has used message id 0, and its reply granted `credits`. */
  enterByMultiProtocol(credits: number): void {
    this.#nextMessageId = 1;
    this.#credits = credits;
  }

  /** Makes one call. Rejects with StatusError if the server refuses it, ConnectionLost if the connection is lost. */
  call(call: Smb2Call, options: CallOptions = {}): Promise<Smb2Reply> {
    return new Promise((answered, failed) => {
      this.#make([call], options, {
        answered: (_index, reply) => answered(reply),
        failed: (_index, error) => failed(error),
      });
    });
  }

  /** Makes related calls in one frame ([MS-SMB2] 3.2.4.1.4); each has its own outcome. */
  compound(calls: readonly Smb2Call[], options: CallOptions = {}): Promise<Smb2Reply>[] {
    const settle: { resolve: (reply: Smb2Reply) => void; reject: (error: unknown) => void }[] = [];
    const replies = calls.map(() => new Promise<Smb2Reply>((resolve, reject) => void settle.push({ resolve, reject })));
    this.#make(calls, options, {
      answered: (index, reply) => settle[index]?.resolve(reply),
      failed: (index, error) => settle[index]?.reject(error),
    });
    return replies;
  }

  /** As `compound`, but with one promise that resolves when all calls have ended. */
  together(calls: readonly Smb2Call[], options: CallOptions = {}): Promise<Together<Smb2Reply>> {
    return new Promise((resolve) => this.#make(calls, options, new Gathering(calls.length, resolve)));
  }

  #make(calls: readonly Smb2Call[], options: CallOptions, waiter: Waiter<Smb2Reply>): void {
    let charge = 0;
    for (const call of calls) charge += call.charge ?? 1;
    const frame = { calls, options, charge, waiter, loan: undefined };
    if (this.#lost !== undefined) return refuse(frame, this.#lost);
    if (options.signal?.aborted) return refuse(frame, options.signal.reason);
    this.#queue.push(frame);
    this.#pump();
  }

  #pump(): void {
    for (;;) {
      const next = this.#queue[0];
      if (!next) return;
      const { signal } = next.options;
      // Only replies grant credits: with none outstanding there will never be enough.
      const never = next.charge > this.#credits && this.#waiting.size === 0;
      if (next.charge > this.#credits && !signal?.aborted && !never) return;
      this.#queue.shift();
      if (signal?.aborted) refuse(next, signal.reason);
      else if (never) refuse(next, tooDear(next));
      else this.#send(next);
    }
  }

  #send(frame: Queued): void {
    const { calls, options, waiter } = frame;
    const { session } = options;
    const sealed = isSealed(options);
    const sign = !sealed && isSigned(options);
    const messages: Outgoing[] = [];
    for (const call of calls) {
      const index = messages.length;
      const header = this.#header(call, index, options);
      if (sign) header.flags |= HeaderFlags.Signed;
      const { messageId } = header;
      this.#wait({ call, options, messageId, index, waiter, frame, asyncId: 0, interim: false, unlisten: undefined });
      messages.push({ header, body: call.body, signWith: sign ? session : undefined });
    }
    this.#encoder.dialect = this.dialect;
    const parts = compose(this.#encoder, messages, false);
    options.observe?.((parts[0] as Uint8Array).subarray(FRAME_HEADER));
    if (sealed || !calls.some(lends)) return this.#emit(parts, sealed ? session : undefined);
    frame.loan = this.#loans.begin();
    this.#port.send(parts, undefined, frame.loan.end);
  }

  #emit(parts: readonly Uint8Array[], sealWith: SessionSecurity | undefined): void {
    if (!sealWith?.sealer) this.#port.send(parts);
    else sendSealed(this.#port, parts, { sealer: sealWith.sealer, id: sealWith.id });
  }

  #header(call: Smb2Call, index: number, options: CallOptions): Smb2Header {
    const { session, treeId, channelSequence, replay } = options;
    const charge = call.charge ?? 1;
    const header = new Smb2Header();
    header.command = call.command;
    header.creditCharge = this.dialect >= Dialect.Smb210 ? charge : 0;
    header.messageId = this.#nextMessageId;
    header.sessionId = session?.id ?? 0n;
    header.treeId = treeId ?? 0;
    if (index > 0) header.flags |= HeaderFlags.RelatedOperations;
    if (this.dialect >= Dialect.Smb300) {
      header.status = (channelSequence ?? 0) & 0xffff;
      if (replay) header.flags |= HeaderFlags.ReplayOperation;
    }
    if (call.dfs) header.flags |= HeaderFlags.DfsOperations;
    this.#nextMessageId += charge;
    this.#credits -= charge;
    this.#spent += charge;
    header.credits = charge + Math.max(0, Math.min(CREDIT_TARGET - this.#credits - charge, CREDIT_TARGET));
    return header;
  }

  #wait(waiting: Waiting): void {
    this.#waiting.set(waiting.messageId, waiting);
    const { signal } = waiting.options;
    if (!signal) return;
    const cancel = (): void => this.#cancel(waiting);
    onAbort(signal, cancel);
    waiting.unlisten = () => offAbort(signal, cancel);
  }

  // The call still waits for its reply, STATUS_CANCELLED or not, so that a file opened meanwhile is not leaked.
  #cancel(waiting: Waiting): void {
    const { session } = waiting.options;
    const header = new Smb2Header();
    header.command = Command.Cancel;
    header.messageId = waiting.messageId;
    header.sessionId = session?.id ?? 0n;
    if (waiting.asyncId !== 0) {
      header.flags |= HeaderFlags.AsyncCommand;
      header.asyncId = waiting.asyncId;
    }
    const sealed = isSealed(waiting.options);
    const sign = !sealed && isSigned(waiting.options);
    if (sign) header.flags |= HeaderFlags.Signed;
    const parts = compose(
      this.#encoder,
      [{ header, body: new CancelRequest(), signWith: sign ? session : undefined }],
      false,
    );
    this.#emit(parts, sealed ? session : undefined);
  }

  /** Handles one frame. Throws Malformed or ConnectionLost if the connection has to end because of it. */
  receive(frame: Uint8Array, release: () => void = KEEP): void {
    const sealed = frame[0] === TRANSFORM;
    const asSent = sealed && this.#port.tapped ? frame.slice() : frame;
    const plain = sealed ? this.#unseal(frame) : frame;
    this.#port.received(0, asSent, sealed ? plain : undefined);
    if (plain[0] === SMB1) {
      throw new ConnectionLost('the server answers in SMB1', { retryable: false, code: 'SMB_ONLY_SMB1' });
    }
    if (plain[0] !== SMB2) throw new Malformed('ProtocolId', 0, 'not an SMB2 message');
    const messages = splitCompound(decoder, plain, MAX_COMPOUND);
    // A frame's memory can be released only along with its single message.
    const each = messages.length > 1 ? KEEP : release;
    for (const message of messages) this.#take(message, sealed, each);
    this.#pump();
  }

  #unseal(frame: Uint8Array): Uint8Array {
    return unseal(frame, this.sessions.get(sealedSessionId(frame)));
  }

  #take(message: Incoming, sealed: boolean, release: () => void): void {
    const { header } = message;
    if (header.messageId === -1) {
      // [MS-SMB2] 3.2.5.19; other unsolicited messages are ignored.
      if (header.command === Command.OplockBreak) this.onBreak?.(message);
      return;
    }
    this.#credits += header.credits;
    const waiting = this.#waiting.get(header.messageId);
    if (!waiting) throw new ConnectionLost(`a reply to message ${header.messageId}, which was not sent`);
    if (!waiting.interim) this.#spent -= waiting.call.charge ?? 1;
    if (header.status === NtStatus.Pending && (header.flags & HeaderFlags.AsyncCommand) !== 0) {
      waiting.interim = true;
      waiting.asyncId = header.asyncId;
      return;
    }
    this.#waiting.delete(header.messageId);
    waiting.unlisten?.();
    if (header.status === NtStatus.Cancelled && waiting.options.signal?.aborted) {
      waiting.waiter.failed(waiting.index, waiting.options.signal.reason);
      return;
    }
    try {
      this.#checkProtection(message, waiting, sealed);
      const reply = this.#reply(message, waiting, release);
      const { frame, waiter, index } = waiting;
      if (!frame.loan) return waiter.answered(index, reply);
      const failed = (cause: unknown): void => waiter.failed(index, cause);
      frame.loan.answer(() => waiter.answered(index, reply), failed);
    } catch (error) {
      waiting.waiter.failed(waiting.index, error);
      if (!(error instanceof StatusError)) throw error;
    }
  }

  // [MS-SMB2] 3.2.5.1.3: a reply that must be signed is rejected without a valid signature.
  #checkProtection(message: Incoming, waiting: Waiting, sealed: boolean): void {
    const { session } = waiting.options;
    if (sealed || !session) return;
    if (session.encryptionRequired || waiting.options.encrypt === true) {
      throw new ConnectionLost('the server answered an encrypted request in the clear', { retryable: false });
    }
    if (!isSigned(waiting.options) || waiting.options.unverified) return;
    if (!verifySignature(message.bytes, message.header, session, true)) {
      throw new ConnectionLost('the signature of a reply is wrong', { retryable: false, code: 'SMB_BAD_SIGNATURE' });
    }
  }

  #reply({ header, bytes }: Incoming, { call }: Waiting, release: () => void): Smb2Reply {
    const { status } = header;
    if (header.command !== call.command) throw new ConnectionLost('a reply to another command than was sent');
    const size = (bytes[HEADER_LENGTH] ?? 0) | ((bytes[HEADER_LENGTH + 1] ?? 0) << 8);
    const failed = responseIsError(status, header.command, size);
    const codec = commands[call.command as CommandCode];
    const refused = failed || (isError(status) && status !== NtStatus.MoreProcessingRequired);
    if (refused && !call.accept?.includes(status)) {
      const telling = failed && TELLING.includes(status);
      const data = telling ? this.#body(bytes, new ErrorResponse(status)).data : undefined;
      throw new StatusError(status, { command: codec.name, path: call.path, data });
    }
    const body = this.#body(bytes, failed ? new ErrorResponse(status) : codec.response());
    return { header, body, bytes, release };
  }

  #body<T extends Wire>(bytes: Uint8Array, body: T): T {
    decoder.dialect = this.dialect;
    decoder.reset(bytes).skip('Header', HEADER_LENGTH);
    body.layout(decoder);
    return body;
  }

  /** Fails all calls with the cause. */
  closed(cause: unknown): void {
    if (this.#lost !== undefined) return;
    this.#lost = cause;
    for (const waiting of this.#waiting.values()) {
      waiting.unlisten?.();
      waiting.waiter.failed(waiting.index, cause);
    }
    this.#waiting.clear();
    this.#loans.closed(cause);
    for (const queued of this.#queue.splice(0)) refuse(queued, cause);
  }
}
