import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Wire } from '#wire/io/layout.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import type { Smb1Header } from '#wire/smb1/header.js';

/** Ids shared by the commands of one message: those that one assigns are used by the next ([MS-CIFS] 2.2.3.4). */
export interface ChainIds {
  uid: number;
  tid: number;
  /** FID of a file opened by a command of this message. */
  fid: number | undefined;
}

/** Options of a response besides its status and body. */
export interface Smb1ResponseOptions {
  /** Releases memory that the body refers to, once it has been sent. */
  readonly release?: (() => void) | undefined;
  /** Further messages of the same response: more echoes, more parts of a transaction. */
  readonly more?: readonly Wire[] | undefined;
  /** Command code of the response, if it differs: the last secondary request is answered as the primary one. */
  readonly command?: number | undefined;
}

/** What a request needs from the connection that it came on. */
export interface Smb1RequestOwner {
  respond(request: Smb1ServerRequest, status: number, body: Wire | undefined, options: Smb1ResponseOptions): void;
  beginSigning(request: Smb1ServerRequest, key: Uint8Array): void;
}

/** One command of a message being processed by the server; answered at most once. */
export class Smb1ServerRequest {
  /** Header of the whole message. */
  readonly header: Smb1Header;
  readonly command: number;
  readonly body: Wire;
  readonly ids: ChainIds;
  answered = false;
  /** Waits for an event that may never happen. */
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

  /** Aborted by NT_CANCEL, and when the connection is lost. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#cancelled) this.#abort.abort(new StatusError(NtStatus.Cancelled));
    return this.#abort.signal;
  }

  /** The answer is no longer wanted: aborts the signal. */
  cancel(): void {
    this.#cancelled = true;
    this.#abort?.abort(new StatusError(NtStatus.Cancelled));
  }

  /** Sends the response. Any status other than success or a warning ends the chain. */
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

  /** Starts signing with the response to this request ([MS-CIFS] 3.3.5.43). */
  beginSigning(key: Uint8Array): void {
    this.#owner.beginSigning(this, key);
  }
}
