import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Wire } from '#wire/io/layout.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import type { Smb1Header } from '#wire/smb1/header.js';

/** What the commands of one message have in common: what one of them allots, the next ones use ([MS-CIFS] 2.2.3.4). */
export interface ChainIds {
  uid: number;
  tid: number;
  /** Of a file that a command of this message opened. */
  fid: number | undefined;
}

/** How a response is sent, beyond its status and body. */
export interface Smb1ResponseOptions {
  /** Gives back memory that the body refers to, once it has been sent. */
  readonly release?: (() => void) | undefined;
  /** Further messages of the same answer: more echoes, more pieces of a transaction. */
  readonly more?: readonly Wire[] | undefined;
  /** What the answer calls itself: the last secondary request is answered as the first one. */
  readonly command?: number | undefined;
}

/** What a request asks of the connection that it came on. */
export interface Smb1RequestOwner {
  respond(request: Smb1ServerRequest, status: number, body: Wire | undefined, options: Smb1ResponseOptions): void;
  beginSigning(request: Smb1ServerRequest, key: Uint8Array): void;
}

/** One command of a message on its way through the server: answered at most once. */
export class Smb1ServerRequest {
  /** Of the whole message. */
  readonly header: Smb1Header;
  readonly command: number;
  readonly body: Wire;
  readonly ids: ChainIds;
  answered = false;
  /** Waits for something that may never happen. */
  held = false;
  readonly #owner: Smb1RequestOwner;
  #abort: AbortController | undefined;
  #cancelled = false;

  constructor(owner: Smb1RequestOwner, header: Smb1Header, command: number, body: Wire, ids: ChainIds) {
    this.#owner = owner;
    this.header = header;
    this.command = command;
    this.body = body;
    this.ids = ids;
  }

  /** Aborted by NT_CANCEL, and when the connection goes away. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#cancelled) this.#abort.abort(new StatusError(NtStatus.Cancelled));
    return this.#abort.signal;
  }

  /** Says that nobody waits for the answer any more. */
  cancel(): void {
    this.#cancelled = true;
    this.#abort?.abort(new StatusError(NtStatus.Cancelled));
  }

  /** Sends the response. Any but success and a warning ends the chain. */
  respond(status: number, body: Wire = new EmptyBlock(), options: Smb1ResponseOptions = {}): void {
    if (this.answered) return;
    this.answered = true;
    this.#owner.respond(this, status, body, options);
  }

  /** Ends the request without a response. */
  drop(): void {
    if (this.answered) return;
    this.answered = true;
    this.#owner.respond(this, NtStatus.Success, undefined, {});
  }

  /** Everything after this request is signed; so is its own response ([MS-CIFS] 3.3.5.43). */
  beginSigning(key: Uint8Array): void {
    this.#owner.beginSigning(this, key);
  }
}
