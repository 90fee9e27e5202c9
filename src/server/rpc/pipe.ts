import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { PDU_HEADER, pduLength } from '#wire/rpc/pdu.js';
import type { RpcConnection } from './rpc-connection.js';

/** Bytes that a pipe holds for either side. */
const MAX_BUFFERED = 1024 * 1024;

/** What came out of a pipe: `more` of the same message is still there. */
export interface PipeData {
  readonly data: Uint8Array;
  readonly more: boolean;
}

/**
 * A named pipe in message mode whose other end is an RPC server in this process ([MS-RPCE] 2.1.1.2). Whole PDUs go
 * in, however the writes cut them; each answer PDU is a message to be read.
 */
export class Pipe {
  readonly name: string;
  readonly #rpc: RpcConnection;
  #input: Uint8Array = new Uint8Array(0);
  readonly #output: Uint8Array[] = [];
  #buffered = 0;
  #closed = false;

  constructor(name: string, rpc: RpcConnection) {
    this.name = name;
    this.#rpc = rpc;
  }

  /** Bytes that wait to be read. */
  get available(): number {
    return this.#buffered;
  }

  /** Takes bytes from the client. */
  write(bytes: Uint8Array): void {
    if (this.#closed) throw new StatusError(NtStatus.PipeDisconnected);
    if (this.#input.length + bytes.length > MAX_BUFFERED) throw new StatusError(NtStatus.InsufficientResources);
    const input = new Uint8Array(this.#input.length + bytes.length);
    input.set(this.#input);
    input.set(bytes, this.#input.length);
    this.#input = input;
    this.#work();
  }

  #work(): void {
    for (;;) {
      const length = pduLength(this.#input);
      if (length === 0 || length > this.#input.length) return;
      if (length < PDU_HEADER) return this.#break();
      const pdu = this.#input.subarray(0, length);
      this.#input = this.#input.subarray(length);
      const answers = this.#rpc.receive(pdu);
      if (answers === undefined) return this.#break();
      for (const answer of answers) this.#queue(answer);
    }
  }

  #queue(answer: Uint8Array): void {
    if (this.#buffered + answer.length > MAX_BUFFERED) return this.#break();
    this.#output.push(answer);
    this.#buffered += answer.length;
  }

  // What cannot be a PDU ends the conversation, not the connection.
  #break(): void {
    this.close();
    throw new StatusError(NtStatus.PipeDisconnected);
  }

  /** The next message, or as much of it as `room` lets; PipeEmpty if there is none. */
  read(room: number): PipeData {
    if (this.#closed) throw new StatusError(NtStatus.PipeDisconnected);
    const message = this.#output[0];
    if (message === undefined) throw new StatusError(NtStatus.PipeEmpty);
    const data = message.subarray(0, room);
    const more = data.length < message.length;
    if (more) this.#output[0] = message.subarray(room);
    else this.#output.shift();
    this.#buffered -= data.length;
    return { data, more };
  }

  close(): void {
    this.#closed = true;
    this.#input = new Uint8Array(0);
    this.#output.length = 0;
    this.#buffered = 0;
  }
}
