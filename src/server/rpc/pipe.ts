import type { Eventually } from '#auth/mechanism.js';
import type { Patience } from '#coord/patience.js';
import { notes } from '#tap/events.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { PDU_HEADER, pduLength } from '#wire/rpc/pdu.js';

/** Bytes that a pipe holds for either side. */
const MAX_BUFFERED = 1024 * 1024;
/** Reads that wait on a pipe. */
const MOST_READERS = 16;

const NONE: Uint8Array = new Uint8Array(0);

/** The other end: takes a PDU, whose bytes are its own, and answers it; undefined ends the conversation. */
export interface PipeServer {
  receive(pdu: Uint8Array): Eventually<readonly Uint8Array[] | undefined>;
  close(): void;
}

/** What came out of a pipe: `more` of the same message is still there. */
export interface PipeData {
  readonly data: Uint8Array;
  readonly more: boolean;
}

/** A read that waits for something to read. */
interface Reader {
  readonly room: number;
  readonly resolve: (data: PipeData) => void;
  readonly reject: (error: StatusError) => void;
}

/** What a look into a pipe shows. */
export interface PipeView {
  readonly available: number;
  readonly messages: number;
  /** Of the first message. */
  readonly messageLength: number;
  readonly data: Uint8Array;
}

/**
 * A named pipe in message mode whose other end is an RPC server in this process ([MS-RPCE] 2.1.1.2). Whole PDUs go
 * in, however the writes cut them, and are answered one after the other; each answer PDU is a message to be read. A
 * read of an empty pipe waits.
 */
export class Pipe {
  readonly name: string;
  /** Reading gives messages one by one; false: bytes, wherever the messages end. */
  messageMode = true;
  readonly #rpc: PipeServer;
  #input: Uint8Array = NONE;
  readonly #output: Uint8Array[] = [];
  readonly #readers = new Set<Reader>();
  #buffered = 0;
  #working = false;
  #closed = false;

  constructor(name: string, rpc: PipeServer) {
    this.name = name;
    this.#rpc = rpc;
  }

  /** Bytes that wait to be read. */
  get available(): number {
    return this.#buffered;
  }

  /** Takes bytes from the client. */
  write(bytes: Uint8Array): void {
    this.#requireOpen();
    if (this.#input.length + bytes.length > MAX_BUFFERED) throw new StatusError(NtStatus.InsufficientResources);
    const input = new Uint8Array(this.#input.length + bytes.length);
    input.set(this.#input);
    input.set(bytes, this.#input.length);
    this.#input = input;
    this.#work();
    this.#requireOpen();
  }

  /** Writes, and reads what answers it ([MS-FSCC] 2.3.53). Nothing may be left from before. */
  transceive(bytes: Uint8Array, room: number, patience: Patience): PipeData | Promise<PipeData> {
    this.#requireOpen();
    if (!this.messageMode) throw new StatusError(NtStatus.InvalidReadMode);
    if (this.#output.length > 0 || this.#readers.size > 0) throw new StatusError(NtStatus.PipeBusy);
    this.write(bytes);
    return this.read(room, patience);
  }

  #requireOpen(): void {
    if (this.#closed) throw new StatusError(NtStatus.PipeDisconnected);
  }

  #work(): void {
    while (!this.#working && !this.#closed) {
      const pdu = this.#next();
      if (pdu === undefined) return;
      const answers = this.#rpc.receive(pdu);
      if (!(answers instanceof Promise)) {
        this.#deliver(answers);
        continue;
      }
      this.#working = true;
      const goOn = (pdus: readonly Uint8Array[] | undefined): void => {
        this.#working = false;
        if (this.#closed) return;
        this.#deliver(pdus);
        this.#work();
      };
      answers.then(goOn, (error: unknown) => {
        notes.publish({
          level: 'error',
          what: 'unexpected error',
          connection: undefined,
          details: { command: 'RPC', error },
        });
        goOn(undefined);
      });
    }
  }

  /** The next PDU that is whole; what cannot be one ends the conversation, not the connection. */
  #next(): Uint8Array | undefined {
    if (this.#input.length < PDU_HEADER) return undefined;
    const length = pduLength(this.#input);
    if (length < PDU_HEADER) {
      this.#end(NtStatus.PipeDisconnected);
      return undefined;
    }
    if (length > this.#input.length) return undefined;
    const pdu = this.#input.subarray(0, length);
    this.#input = this.#input.subarray(length);
    return pdu;
  }

  #deliver(answers: readonly Uint8Array[] | undefined): void {
    const size = answers?.reduce((sum, answer) => sum + answer.length, 0) ?? 0;
    if (answers === undefined || this.#buffered + size > MAX_BUFFERED) return this.#end(NtStatus.PipeDisconnected);
    this.#output.push(...answers);
    this.#buffered += size;
    for (const reader of this.#readers) {
      if (this.#output.length === 0) return;
      this.#readers.delete(reader);
      reader.resolve(this.#take(reader.room));
    }
  }

  /** The next message, or as much of it as `room` lets. Waits for one, as long as the reader has patience. */
  read(room: number, patience: Patience): PipeData | Promise<PipeData> {
    this.#requireOpen();
    if (this.#output.length > 0) return this.#take(room);
    if (this.#readers.size >= MOST_READERS) throw new StatusError(NtStatus.InsufficientResources);
    patience.waits();
    const { signal } = patience;
    return new Promise((resolve, reject) => {
      const reader: Reader = { room, resolve, reject };
      this.#readers.add(reader);
      const cancelled = (): void => {
        if (this.#readers.delete(reader)) reject(new StatusError(NtStatus.Cancelled));
      };
      if (signal.aborted) cancelled();
      else signal.addEventListener('abort', cancelled, { once: true });
    });
  }

  /** What is there to be read, without taking it ([MS-FSCC] 2.3.47). */
  peek(room: number): PipeView {
    this.#requireOpen();
    const first = this.#output[0] ?? NONE;
    return {
      available: this.#buffered,
      messages: this.#output.length,
      messageLength: first.length,
      data: first.subarray(0, room),
    };
  }

  #take(room: number): PipeData {
    const message = this.#output[0] ?? NONE;
    const data = message.subarray(0, room);
    const more = data.length < message.length;
    if (more) this.#output[0] = message.subarray(room);
    else this.#output.shift();
    this.#buffered -= data.length;
    return { data, more: more && this.messageMode };
  }

  close(): void {
    this.#end(NtStatus.PipeBroken);
  }

  // Who still waits hears what became of the pipe.
  #end(status: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#input = NONE;
    this.#output.length = 0;
    this.#buffered = 0;
    this.#rpc.close();
    for (const reader of this.#readers) reader.reject(new StatusError(status));
    this.#readers.clear();
  }
}
