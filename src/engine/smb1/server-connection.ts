import { notes } from '#tap/events.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder, EMPTY } from '#wire/io/decoder.js';
import type { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import { isDosError } from '#wire/smb1/dos-errors.js';
import { isSmb1, Smb1Flags2, Smb1Header } from '#wire/smb1/header.js';
import { type Block, readMessage, Smb1Message, writeMessage } from '#wire/smb1/message.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import { FRAME_HEADER, type FramePort } from '../frame-port.js';
import { type ChainIds, type Smb1RequestOwner, type Smb1ResponseOptions, Smb1ServerRequest } from './server-request.js';
import { Smb1ServerSigning } from './server-signing.js';

/** The layer above the engine. */
export interface Smb1Host {
  /** Handles a request that has passed the signature check. Must answer or drop it, now or later. */
  handle(request: Smb1ServerRequest): void;
  /** The connection has to end because of what the peer did. */
  fail(error: unknown): void;
}

export interface Smb1Limits {
  /** MaxMpxCount: maximum number of concurrent requests. */
  readonly maxMpx: number;
  /** How many of them may be held open waiting for an event. */
  readonly maxHeld: number;
}

/** A received message whose commands are being processed in order. */
interface Batch {
  readonly header: Smb1Header;
  readonly blocks: readonly Block[];
  /** Set if the last block is malformed. */
  readonly malformed: Malformed | undefined;
  readonly ids: ChainIds;
  readonly release: () => void;
  /** Sequence number of the request's signature; -1 while signing is inactive. */
  sequence: number;
  next: number;
  /** `#advance` is running: an answer given meanwhile need not resume it. */
  running: boolean;
  status: number;
  readonly answers: Block[];
  readonly more: Wire[];
  readonly releases: (() => void)[];
}

const decoder = new Decoder();
const WARNING = 2;

// Warnings (BUFFER_OVERFLOW) carry a result; a status of severity 0 or 1 other than Success may be a DOS error.
const endsChain = (status: number): boolean => status !== NtStatus.Success && status >>> 30 !== WARNING;

/**
 * The server side of an SMB1 connection, sockets aside: verifies signatures, splits AndX chains, passes the commands of
 * each message up one at a time, and chains and signs the responses ([MS-CIFS] 3.3.5.2, 3.3.4.1).
 */
export class Smb1ServerConnection implements Smb1RequestOwner {
  /** FLAGS2 bits that responses copy from their requests. */
  flags2Mask: number = Smb1Flags2.Unicode | Smb1Flags2.NtStatus | Smb1Flags2.ExtendedSecurity;
  readonly #port: FramePort;
  readonly #host: Smb1Host;
  readonly #limits: Smb1Limits;
  readonly #encoder: Encoder;
  readonly #signing = new Smb1ServerSigning();
  /** Unanswered requests, with the message that each came in. */
  readonly #pending = new Map<Smb1ServerRequest, Batch>();
  #closed = false;

  constructor(port: FramePort, host: Smb1Host, limits: Smb1Limits, encoder: Encoder) {
    this.#port = port;
    this.#host = host;
    this.#limits = limits;
    this.#encoder = encoder;
  }

  /** Number of unanswered requests. */
  get pending(): number {
    return this.#pending.size;
  }

  get signs(): boolean {
    return this.#signing.active;
  }

  /** Marks a request as held open; false if there are too many such requests. */
  hold(request: Smb1ServerRequest): boolean {
    let held = 0;
    for (const other of this.#pending.keys()) if (other.held) held++;
    if (held >= this.#limits.maxHeld) return false;
    request.held = true;
    return true;
  }

  /**
   * Handles one frame, and calls `release` when its memory is free again. Throws Malformed or ConnectionLost if the
   * connection has to end because of it.
   */
  receive(frame: Uint8Array, release: () => void): void {
    this.#port.received(0, frame);
    if (!isSmb1(frame)) throw new Malformed('Protocol', 0, 'not an SMB1 message');
    const header = new Smb1Header();
    header.layout(decoder.reset(frame));
    if (header.isReply) throw new ConnectionLost('a reply from a client', { retryable: false });
    const sequence = this.#signing.active ? this.#signing.next : -1;
    const isCancel = header.command === Smb1Command.NtCancel;
    const accepted = this.#signing.accept(frame, isCancel);
    if (isCancel) {
      if (accepted) this.#cancel(header);
      release();
      return;
    }
    const refusal = accepted ? this.#overload() : NtStatus.AccessDenied;
    const batch = refusal === undefined ? this.#batch(frame, header) : undefined;
    this.#begin(batch ?? { blocks: [], header }, sequence, release, refusal);
  }

  #overload(): number | undefined {
    return this.#pending.size >= this.#limits.maxMpx ? NtStatus.InsufficientResources : undefined;
  }

  #batch(frame: Uint8Array, header: Smb1Header): Pick<Batch, 'blocks' | 'header' | 'malformed'> {
    const message = new Smb1Message(header);
    try {
      readMessage(decoder.reset(frame), message);
      return { header, blocks: message.blocks, malformed: undefined };
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.#note(message, error);
      return { header, blocks: message.blocks, malformed: error };
    }
  }

  #note(message: Smb1Message, error: Malformed): void {
    if (!notes.wanted) return;
    const details = { command: message.name, reason: error.message };
    notes.publish({ level: 'debug', what: 'malformed request', connection: this.#port.facts, details });
  }

  #begin(
    facts: { header: Smb1Header; blocks: readonly Block[]; malformed?: Malformed | undefined },
    sequence: number,
    release: () => void,
    refusal: number | undefined,
  ): void {
    const { header, blocks, malformed } = facts;
    const batch: Batch = {
      header,
      blocks,
      malformed,
      ids: { uid: header.uid, tid: header.tid, fid: undefined },
      release,
      sequence,
      next: 0,
      running: false,
      status: NtStatus.Success,
      answers: [],
      more: [],
      releases: [],
    };
    if (refusal === undefined) {
      this.#advance(batch);
      return;
    }
    batch.status = refusal;
    batch.answers.push({ command: header.command, body: new EmptyBlock() });
    this.#finish(batch);
  }

  // Processes a message until it is done or a command has to wait; `#resume` then continues.
  #advance(batch: Batch): void {
    batch.running = true;
    while (batch.next < batch.blocks.length) {
      const { command, body } = batch.blocks[batch.next++] as Block;
      const request = new Smb1ServerRequest(this, batch.header, command, body, batch.ids);
      this.#pending.set(request, batch);
      if (batch.malformed && batch.next === batch.blocks.length) request.respond(NtStatus.InvalidSmb);
      else this.#host.handle(request);
      if (!request.answered) {
        batch.running = false;
        return;
      }
    }
    batch.running = false;
    this.#finish(batch);
  }

  #resume(batch: Batch): void {
    if (batch.running) return;
    try {
      this.#advance(batch);
    } catch (error) {
      this.#host.fail(error);
    }
  }

  respond(request: Smb1ServerRequest, status: number, body: Wire | undefined, options: Smb1ResponseOptions): void {
    const batch = this.#pending.get(request);
    this.#pending.delete(request);
    if (!batch || this.#closed) {
      options.release?.();
      return;
    }
    if (body) batch.answers.push({ command: options.command ?? request.command, body });
    if (options.more) batch.more.push(...options.more);
    if (options.release) batch.releases.push(options.release);
    if (status !== NtStatus.Success) batch.status = status;
    if (endsChain(status)) batch.next = batch.blocks.length;
    this.#resume(batch);
  }

  beginSigning(request: Smb1ServerRequest, key: Uint8Array): void {
    const batch = this.#pending.get(request);
    if (!batch || this.#signing.active) return;
    this.#signing.begin(key);
    batch.sequence = 0;
  }

  // NT_CANCEL itself is never answered; the request it cancels is ([MS-CIFS] 3.3.5.52).
  #cancel(header: Smb1Header): void {
    for (const request of this.#pending.keys()) {
      const { header: asked, ids, held } = request;
      const meant = asked.mid === header.mid && asked.pid === header.pid;
      if (held && meant && ids.uid === header.uid && ids.tid === header.tid) request.cancel();
    }
  }

  #finish(batch: Batch): void {
    const { answers, more, releases } = batch;
    const release = (): void => {
      batch.release();
      for (const give of releases) give();
    };
    if (answers.length === 0) {
      release();
      return;
    }
    const { command } = answers[answers.length - 1] as Block;
    this.#send(batch, answers, more.length === 0 ? release : undefined);
    more.forEach((body, i) => {
      this.#send(batch, [{ command, body }], i === more.length - 1 ? release : undefined);
    });
  }

  #send(batch: Batch, blocks: Block[], release: (() => void) | undefined): void {
    const signs = batch.sequence !== -1;
    const header = batch.header.reply();
    header.uid = batch.ids.uid;
    header.tid = batch.ids.tid;
    header.flags2 =
      (header.flags2 & this.flags2Mask) | Smb1Flags2.LongNames | (signs ? Smb1Flags2.SecuritySignature : 0);
    // Clients that look at the severity would take a DOS error in the NTSTATUS field for success.
    if (isDosError(batch.status)) header.flags2 &= ~Smb1Flags2.NtStatus;
    header.ntStatus = batch.status;
    const io = this.#encoder;
    io.begin(FRAME_HEADER);
    writeMessage(io, new Smb1Message(header, blocks));
    const whole = io.end();
    const { payload } = io;
    io.payload = EMPTY;
    const rest = payload.length === 0 ? [] : [payload];
    // Every message of a response has its request's sequence number plus one ([MS-CIFS] 3.3.4.1.1).
    if (signs) this.#signing.sign([whole.subarray(FRAME_HEADER), ...rest], batch.sequence + 1);
    this.#port.send([whole, ...rest], undefined, release);
  }

  /** Cancels pending requests: there is no one left to answer. */
  closed(): void {
    this.#closed = true;
    for (const request of this.#pending.keys()) request.cancel();
  }
}
