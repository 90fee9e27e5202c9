import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { FileId } from '#wire/io/file-id.js';
import type { Wire } from '#wire/io/layout.js';
import { HeaderFlags, type Smb2Header } from '#wire/smb2/header.js';
import { isSigned } from './compose.js';
import type { SessionSecurity } from './security.js';

/** Options of a response besides its status and body. */
export interface ResponseOptions {
  /** Releases memory that the body refers to, once it has been sent. */
  readonly release?: (() => void) | undefined;
  /** Sees the response's bytes as they are sent: for the preauthentication integrity hash. */
  readonly observe?: (bytes: Uint8Array) => void;
  /** The session that the response belongs to, if not the request's. */
  readonly sessionId?: bigint;
  readonly treeId?: number;
  /** Signs even though the request was not signed (last SESSION_SETUP response). */
  readonly sign?: boolean;
}

/** What a request needs from the connection that it came on. */
export interface RequestOwner {
  respond(request: Smb2ServerRequest, status: number, body: Wire, options: ResponseOptions): void;
  goAsync(request: Smb2ServerRequest): void;
}

/** A request being processed by the server; answered exactly once. */
export class Smb2ServerRequest {
  readonly header: Smb2Header;
  /** The message's bytes, for the preauthentication integrity hash. */
  readonly bytes: Uint8Array;
  /** The frame was encrypted, so the response must be too. */
  readonly encrypted: boolean;
  readonly signed: boolean;
  /** Keys and requirements of its session on arrival, for responses after the session has ended. */
  security: SessionSecurity | undefined = undefined;
  /** Decoded body, set before the request is handed on. */
  body: Wire;
  /** The request before this one in its compound, if this one is related to it. */
  readonly previous: Smb2ServerRequest | undefined;
  /** It claims to be related to a previous request, but there is none. */
  readonly orphan: boolean;
  /** Session, tree and file that related requests after this one inherit. */
  sessionId: bigint;
  treeId: number;
  fileId: FileId | undefined;
  /** Status of the response, once there is one: related requests after a failure fail too. */
  status: number = NtStatus.Pending;
  /** Nonzero once the request has gone asynchronous. */
  asyncId = 0;
  /** Number of checks for slow requests made before it arrived. */
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
    // A request cannot be related to an orphan ([MS-SMB2] 3.3.5.2.7.2).
    this.previous = related && previous?.orphan === false ? previous : undefined;
    this.orphan = related && this.previous === undefined;
    this.sessionId = this.previous?.sessionId ?? message.header.sessionId;
    this.treeId = this.previous?.treeId ?? message.header.treeId;
    this.fileId = this.previous?.fileId;
  }

  /** Aborted by CANCEL, and when the connection is lost. */
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
   * Sends the interim response ([MS-SMB2] 3.3.4.2), as the final one has to wait for an event. If the request may not
   * go asynchronous, it is refused and its signal aborted.
   */
  goAsync(): void {
    if (!this.answered && this.asyncId === 0) this.#owner.goAsync(this);
  }
}
