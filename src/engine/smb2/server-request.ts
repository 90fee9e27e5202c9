import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { FileId } from '#wire/io/file-id.js';
import type { Wire } from '#wire/io/layout.js';
import { HeaderFlags, type Smb2Header } from '#wire/smb2/header.js';
import { isSigned } from './compose.js';
import type { SessionSecurity } from './security.js';

/** How a response is sent, beyond its status and body. */
export interface ResponseOptions {
  /** Gives back memory that the body refers to, once it has been sent. */
  readonly release?: (() => void) | undefined;
  /** Sees the response's bytes as they are sent: for the preauthentication integrity hash. */
  readonly observe?: (bytes: Uint8Array) => void;
  /** The session that the response belongs to, when it is not the request's. */
  readonly sessionId?: bigint;
  readonly treeId?: number;
  /** Signs although the request was not signed (last SESSION_SETUP response). */
  readonly sign?: boolean;
}

/** What a request asks of the connection that it came on. */
export interface RequestOwner {
  respond(request: Smb2ServerRequest, status: number, body: Wire, options: ResponseOptions): void;
  goAsync(request: Smb2ServerRequest): void;
}

/** A request on its way through the server: answered exactly once. */
export class Smb2ServerRequest {
  readonly header: Smb2Header;
  /** The message's bytes, for the preauthentication integrity hash. */
  readonly bytes: Uint8Array;
  /** The frame was encrypted; so must the response be. */
  readonly encrypted: boolean;
  readonly signed: boolean;
  /** How its session was protected when it came, for answers after the session has ended. */
  security: SessionSecurity | undefined = undefined;
  /** Decoded body, set before the request is handed on. */
  body: Wire;
  /** The request before this one in its compound, when this one is related to it. */
  readonly previous: Smb2ServerRequest | undefined;
  /** It says that it is related to a request before it, and there is none. */
  readonly orphan: boolean;
  /** What related requests after this one mean by "the same" session, tree and file. */
  sessionId: bigint;
  treeId: number;
  fileId: FileId | undefined;
  /** Status of the response, once there is one: related requests after a failure fail likewise. */
  status: number = NtStatus.Pending;
  /** Not 0 once an interim response was sent. */
  asyncId = 0;
  /** The engine's look for slow requests before which it came. */
  since = 0;
  answered = false;
  readonly #owner: RequestOwner;
  #abort: AbortController | undefined;
  #cancelled = false;

  constructor(
    owner: RequestOwner,
    message: { header: Smb2Header; bytes: Uint8Array; encrypted: boolean },
    body: Wire,
    previous: Smb2ServerRequest | undefined,
  ) {
    this.#owner = owner;
    this.header = message.header;
    this.bytes = message.bytes;
    this.encrypted = message.encrypted;
    this.signed = isSigned(message.header);
    this.body = body;
    const related = (message.header.flags & HeaderFlags.RelatedOperations) !== 0;
    // Nothing can be related to what is itself related to nothing ([MS-SMB2] 3.3.5.2.7.2).
    this.previous = related && previous?.orphan === false ? previous : undefined;
    this.orphan = related && this.previous === undefined;
    this.sessionId = this.previous?.sessionId ?? message.header.sessionId;
    this.treeId = this.previous?.treeId ?? message.header.treeId;
    this.fileId = this.previous?.fileId;
  }

  /** Aborted by CANCEL, and when the connection goes away. */
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

  /** Sends the response. */
  respond(status: number, body: Wire, options: ResponseOptions = {}): void {
    if (this.answered) {
      options.release?.();
      return;
    }
    this.answered = true;
    this.status = status;
    this.#owner.respond(this, status, body, options);
  }

  /**
   * Sends the interim response ([MS-SMB2] 3.3.4.2): the answer takes until something happens. Where that may not be, the
   * request is refused and its signal aborted.
   */
  goAsync(): void {
    if (!this.answered && this.asyncId === 0) this.#owner.goAsync(this);
  }
}
