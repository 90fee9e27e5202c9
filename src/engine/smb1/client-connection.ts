import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { isError, NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import type { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import { NtTransactResponse } from '#wire/smb1/command/nt-transact.js';
import { TransactionResponse } from '#wire/smb1/command/transaction.js';
import { isSmb1, Smb1Flags, Smb1Flags2, Smb1Header } from '#wire/smb1/header.js';
import { readMessage, Smb1Message, writeMessage } from '#wire/smb1/message.js';
import { commandName, Smb1Command } from '#wire/smb1/smb1-command.js';
import { TransactionAssembler } from '#wire/smb1/transaction-assembler.js';
import { FRAME_HEADER, type FramePort } from '../frame-port.js';
import { type Loan, Loans } from '../loan.js';
import { offAbort, onAbort } from '../on-abort.js';
import { Smb1ClientSigning } from './client-signing.js';

/** A request to be made. */
export interface Smb1Call {
  readonly command: number;
  readonly body: Wire;
  readonly uid?: number;
  readonly tid?: number;
  /** Statuses besides Success that count as an answer rather than a failure. */
  readonly accept?: readonly number[];
  /** For errors: what the call was about. */
  readonly path?: string | undefined;
  /** Secondary requests of a transaction: sent after the interim response; only the last one is answered. */
  readonly secondaries?: readonly { readonly command: number; readonly body: Wire }[];
  /** FLAGS2 bits for this request in addition to the connection's. */
  readonly flags2?: number;
  /** Waits at the server for an event: does not count against `maxMpx`, and aborting it sends NT_CANCEL. */
  readonly patient?: boolean;
}

export interface Smb1Reply {
  readonly header: Smb1Header;
  readonly body: Wire;
  /** The frame as received. */
  readonly bytes: Uint8Array;
  /** Reassembled parameters of a transaction; empty for other replies, like `data`. */
  readonly parameters: Uint8Array;
  readonly data: Uint8Array;
}

interface Waiting {
  readonly call: Smb1Call;
  readonly mid: number;
  /** Sequence number of the reply's signature. */
  sequence: number;
  /** Secondary requests not sent yet. */
  secondaries: NonNullable<Smb1Call['secondaries']>;
  readonly resolve: (reply: Smb1Reply) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
  assembler: TransactionAssembler | undefined;
  unlisten: (() => void) | undefined;
  /** Set if the caller's own memory was sent. */
  readonly loan: Loan | undefined;
}

interface Queued {
  readonly call: Smb1Call;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (reply: Smb1Reply) => void;
  readonly reject: (error: unknown) => void;
}

const decoder = new Decoder();
/** Largest parameters or data of a transaction that we accept, in bytes. */
const MAX_TRANSACTION = 1024 * 1024;
/** Multiplex id of unsolicited server messages: oplock breaks. */
const UNSOLICITED_MID = 0xffff;
const EMPTY: Uint8Array = new Uint8Array(0);

/** The client side of an SMB1 connection, sockets aside: multiplex ids, signing, matching, transactions, cancel. */
export class Smb1ClientConnection {
  /** FLAGS2 bits of every request; signing adds its own. */
  flags2: number = Smb1Flags2.LongNames | Smb1Flags2.NtStatus | Smb1Flags2.Unicode | Smb1Flags2.IsLongName;
  /** Maximum number of outstanding requests. */
  maxMpx = 1;
  readonly signing: Smb1ClientSigning = new Smb1ClientSigning();
  readonly #port: FramePort;
  readonly #encoder: Encoder;
  readonly #waiting = new Map<number, Waiting>();
  readonly #queue: Queued[] = [];
  readonly #loans = new Loans();
  #patient = 0;
  #lastMid = 0;
  #lost: unknown;

  constructor(port: FramePort, encoder: Encoder) {
    this.#port = port;
    this.#encoder = encoder;
  }

  /** Requests without an answer, or whose answer came before they had been sent completely. */
  get outstanding(): number {
    return this.#waiting.size + this.#queue.length + this.#loans.size;
  }

  /** The oldest answer that came before its request had been sent completely. */
  get early(): object | undefined {
    return this.#loans.oldest;
  }

  /** Makes one call. Rejects with StatusError if the server refuses it, ConnectionLost if the connection is lost. */
  call(call: Smb1Call, signal?: AbortSignal): Promise<Smb1Reply> {
    return new Promise((resolve, reject) => {
      const failure = this.#lost ?? (signal?.aborted ? signal.reason : undefined);
      if (failure !== undefined) return reject(failure);
      this.#queue.push({ call, signal, resolve, reject });
      this.#pump();
    });
  }

  #pump(): void {
    for (;;) {
      const next = this.#queue[0];
      if (!next || this.#waiting.size - this.#patient >= this.maxMpx) return;
      this.#queue.shift();
      if (next.signal?.aborted) next.reject(next.signal.reason);
      else this.#send(next);
    }
  }

  #send({ call, signal, resolve, reject }: Queued): void {
    const mid = this.#newMid();
    const { sequence, loan } = this.#emit(call, mid, true);
    const waiting: Waiting = {
      call,
      mid,
      sequence,
      secondaries: call.secondaries ?? [],
      resolve,
      reject,
      signal,
      assembler: undefined,
      unlisten: undefined,
      loan,
    };
    this.#waiting.set(mid, waiting);
    if (call.patient) this.#patient++;
    if (!signal || !call.patient) return;
    const cancel = (): void => this.#cancel(waiting);
    onAbort(signal, cancel);
    waiting.unlisten = () => offAbort(signal, cancel);
  }

  #newMid(): number {
    do {
      this.#lastMid = (this.#lastMid + 1) % UNSOLICITED_MID;
    } while (this.#waiting.has(this.#lastMid));
    return this.#lastMid;
  }

  // [MS-CIFS] 3.2.4.29: NT_CANCEL carries the ids of the request; only the request itself is answered.
  #cancel({ call, mid }: Waiting): void {
    this.#emit({ ...call, command: Smb1Command.NtCancel, body: new EmptyBlock() }, mid, false);
  }

  #emit(call: Smb1Call, mid: number, answered: boolean): { sequence: number; loan: Loan | undefined } {
    const header = new Smb1Header();
    header.command = call.command;
    header.flags = Smb1Flags.CaseInsensitive | Smb1Flags.CanonicalizedPaths;
    header.flags2 = this.flags2 | (call.flags2 ?? 0) | (this.signing.active ? Smb1Flags2.SecuritySignature : 0);
    header.uid = call.uid ?? 0;
    header.tid = call.tid ?? 0;
    // To the server the process id is only an opaque identifier.
    header.pidLow = 0xfeff;
    header.mid = mid;
    const io = this.#encoder;
    io.begin(FRAME_HEADER);
    writeMessage(io, Smb1Message.of(header, call.body));
    const whole = io.end();
    const payload = io.payload;
    io.payload = EMPTY;
    const rest = payload.length === 0 ? [] : [payload];
    const sequence = this.signing.sign([whole.subarray(FRAME_HEADER), ...rest], answered);
    const loan = rest.length === 0 ? undefined : this.#loans.begin();
    this.#port.send([whole, ...rest], undefined, loan?.end);
    return { sequence, loan };
  }

  /** Handles one frame. Throws Malformed or ConnectionLost if the connection has to end because of it. */
  receive(frame: Uint8Array): void {
    this.#port.received(0, frame);
    if (!isSmb1(frame)) throw new Malformed('Protocol', 0, 'not an SMB1 message');
    const header = new Smb1Header();
    header.layout(decoder.reset(frame));
    // We hold no oplocks, so ignore breaks.
    if (!header.isReply && header.mid === UNSOLICITED_MID) return;
    const waiting = this.#waiting.get(header.mid);
    if (!waiting || header.command !== waiting.call.command) {
      throw new ConnectionLost(`an answer to message ${header.mid}, which was not sent`);
    }
    this.#take(frame, header, waiting);
    this.#pump();
  }

  #take(frame: Uint8Array, header: Smb1Header, waiting: Waiting): void {
    let reply: Smb1Reply | undefined;
    try {
      this.#checkSignature(frame, waiting);
      reply = this.#reply(frame, header, waiting);
      if (!reply) return;
    } catch (error) {
      this.#settled(waiting);
      waiting.reject(error);
      if (!(error instanceof StatusError) && error !== waiting.signal?.reason) throw error;
      return;
    }
    this.#settled(waiting);
    const { loan, resolve, reject } = waiting;
    if (loan) loan.answer(() => resolve(reply), reject);
    else resolve(reply);
  }

  #settled(waiting: Waiting): void {
    if (this.#waiting.delete(waiting.mid) && waiting.call.patient) this.#patient--;
    waiting.unlisten?.();
  }

  // [MS-CIFS] 3.2.5.1: a reply that must be signed is rejected without a valid signature.
  #checkSignature(frame: Uint8Array, waiting: Waiting): void {
    if (waiting.sequence === -1 || this.signing.verify(frame, waiting.sequence)) return;
    throw new ConnectionLost('the signature of a reply is wrong', { retryable: false, code: 'SMB_BAD_SIGNATURE' });
  }

  #reply(frame: Uint8Array, header: Smb1Header, waiting: Waiting): Smb1Reply | undefined {
    const { call, signal } = waiting;
    const status = header.ntStatus;
    if (status === NtStatus.Cancelled && signal?.aborted) throw signal.reason;
    const accepted = status === NtStatus.Success || status === NtStatus.BufferOverflow || call.accept?.includes(status);
    if (!accepted && (isError(status) || status !== NtStatus.Success)) {
      const command = commandName(call.command);
      throw new StatusError(status, { command, ...(call.path === undefined ? {} : { path: call.path }) });
    }
    const message = new Smb1Message();
    readMessage(decoder.reset(frame), message);
    const body = message.blocks[0]?.body ?? new EmptyBlock();
    const common = { header: message.header, body, bytes: frame };
    return this.#whole(common, waiting);
  }

  /** The complete reply; undefined while parts of it are missing. */
  #whole(common: Pick<Smb1Reply, 'header' | 'body' | 'bytes'>, waiting: Waiting): Smb1Reply | undefined {
    const { body } = common;
    if (!(body instanceof TransactionResponse || body instanceof NtTransactResponse)) {
      if (waiting.secondaries.length > 0) return this.#sendSecondaries(waiting);
      return { ...common, parameters: EMPTY, data: EMPTY };
    }
    if (waiting.assembler) waiting.assembler.add(body);
    else waiting.assembler = new TransactionAssembler(body, MAX_TRANSACTION);
    const { assembler } = waiting;
    return assembler.complete ? { ...common, parameters: assembler.parameters, data: assembler.data } : undefined;
  }

  // [MS-CIFS] 3.2.5.1.4: sent after the interim response. The reply answers, and is signed for, the last secondary.
  #sendSecondaries(waiting: Waiting): undefined {
    const { call, mid, secondaries } = waiting;
    waiting.secondaries = [];
    for (const piece of secondaries) waiting.sequence = this.#emit({ ...call, ...piece }, mid, true).sequence;
  }

  /** Fails all calls with the cause. */
  closed(cause: unknown): void {
    if (this.#lost !== undefined) return;
    this.#lost = cause;
    for (const waiting of this.#waiting.values()) {
      waiting.unlisten?.();
      waiting.reject(cause);
    }
    this.#waiting.clear();
    this.#loans.closed(cause);
    for (const { reject } of this.#queue.splice(0)) reject(cause);
  }
}
