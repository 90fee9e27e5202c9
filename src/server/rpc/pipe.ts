import type { Eventually } from '#auth/mechanism.js';
import type { Patience } from '#coord/patience.js';
import { notes } from '#tap/events.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { PDU_HEADER, pduLength } from '#wire/rpc/pdu.js';

/** Buffer limit per direction, in bytes. */
const MAX_BUFFERED = 1024 * 1024;
/** Maximum number of waiting reads per pipe. */
const MOST_READERS = 16;

const NONE: Uint8Array = new Uint8Array(0);

/** The server end: takes ownership of a PDU and returns the response; undefined ends the conversation. */
export interface PipeServer {
  receive(pdu: Uint8Array): Eventually<readonly Uint8Array[] | undefined>;
  close(): void;
}

/** Data read from a pipe; `more`: the rest of the same message is still to be read. */
export interface PipeData {
  readonly data: Uint8Array;
  readonly more: boolean;
}

/** A waiting read. */
interface Reader {
  readonly room: number;
  readonly resolve: (data: PipeData) => void;
  readonly reject: (error: StatusError) => void;
}

/** Result of peeking into a pipe. */
export interface PipeView {
  readonly available: number;
  readonly messages: number;
  /** Length of the first message. */
  readonly messageLength: number;
  readonly data: Uint8Array;
}

/**
 * A named pipe in message mode whose other end is an RPC server in this process ([MS-RPCE] 2.1.1.2). Writes are
 * reassembled into whole PDUs, which are answered one after the other; each response PDU is a message to read. Reading
 * from an empty pipe waits.
 */
export class Pipe {
  readonly name: string;
  /** Reads return one message at a time; if false, bytes regardless of message boundaries. */
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

  /** Bytes available for reading. */
  get available(): number {
    return this.#buffered;
  }

  /** Writes bytes from the client. */
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

  /** Writes, and reads the response ([MS-FSCC] 2.3.53). No unread data may be left. */
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

  /** The next complete PDU; invalid data ends the conversation, not the connection. */
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

  /** Reads the next message, up to `room` bytes. Waits for one as long as `patience` allows. */
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

  /** Returns the available data without removing it ([MS-FSCC] 2.3.47). */
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

  // Waiting reads complete with the pipe's final status.
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
