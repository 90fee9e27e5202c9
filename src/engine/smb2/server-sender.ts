import { NtStatus } from '#wire/erref/nt-status.js';
import type { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { HeaderFlags, Smb2Header } from '#wire/smb2/header.js';
import { FRAME_HEADER, type FramePort } from '../frame-port.js';
import type { Ready, Sendable } from './batch.js';
import { compose } from './compose.js';
import { type SessionSecurity, sendSealed } from './security.js';
import type { ResponseOptions, Smb2ServerRequest } from './server-request.js';

/** A server message that is not a response. */
export interface Unsolicited {
  readonly command: number;
  readonly body: Wire;
  readonly sessionId: bigint;
}

/** Contents of a response besides its body. */
export interface ResponseFacts {
  readonly status: number;
  readonly credits: number;
  readonly options: ResponseOptions;
}

/** Builds and sends a server's messages, signed and encrypted as their sessions require. */
export class ServerSender {
  readonly #port: FramePort;
  readonly #security: (sessionId: bigint) => SessionSecurity | undefined;
  readonly #encoder: Encoder;

  constructor(port: FramePort, security: (id: bigint) => SessionSecurity | undefined, encoder: Encoder) {
    this.#port = port;
    this.#security = security;
    this.#encoder = encoder;
  }

  /** The response to a request, to be sent alone or with others. */
  response(request: Smb2ServerRequest, body: Wire, { status, credits, options }: ResponseFacts): Ready {
    const asked = request.header;
    const header = new Smb2Header();
    header.command = asked.command;
    header.status = status;
    header.creditCharge = asked.creditCharge;
    header.credits = credits;
    header.messageId = asked.messageId;
    header.sessionId = options.sessionId ?? request.sessionId;
    header.flags = HeaderFlags.ServerToRedir | (request.previous ? HeaderFlags.RelatedOperations : 0);
    if (request.asyncId === 0) {
      header.treeId = options.treeId ?? request.treeId;
    } else {
      header.flags |= HeaderFlags.AsyncCommand;
      header.asyncId = request.asyncId;
    }
    // Responses are still protected by a session that has ended meanwhile.
    const security = this.#security(header.sessionId) ?? request.security;
    const sign = !request.encrypted && isSignedBack(request, status, options, security);
    if (sign) header.flags |= HeaderFlags.Signed;
    else if (request.signed && !request.encrypted && !security?.signer) echoSignature(header, asked);
    return { header, body, signWith: sign ? security : undefined, request, options };
  }

  /** Sends messages as one frame; `sent` is called when their memory is free again. */
  send(dialect: number, ready: readonly Sendable[], sealing: SessionSecurity | undefined, sent?: () => void): void {
    this.#encoder.dialect = dialect;
    const parts = compose(this.#encoder, ready, true);
    for (const { options } of ready) {
      if (options.observe && ready.length === 1) options.observe((parts[0] as Uint8Array).subarray(FRAME_HEADER));
    }
    if (!sealing?.sealer) {
      this.#port.send(parts, undefined, () => {
        releaseAll(ready);
        sent?.();
      });
      return;
    }
    sendSealed(this.#port, parts, { sealer: sealing.sealer, id: sealing.id }, sent);
    releaseAll(ready);
  }

  /**
   * Sends an unsolicited message ([MS-SMB2] 3.3.4.6), encrypted if `sealing` is given. All such messages have the same
   * message id, so they are never signed: AES-GMAC must not reuse a nonce.
   */
  notify(dialect: number, message: Unsolicited, sealing: SessionSecurity | undefined): void {
    const header = new Smb2Header();
    header.command = message.command;
    header.flags = HeaderFlags.ServerToRedir;
    header.messageId = -1;
    header.sessionId = message.sessionId;
    this.send(dialect, [{ header, body: message.body, signWith: undefined, options: {} }], sealing);
  }
}

// [MS-SMB2] 3.3.4.1.1. An interim response is signed only if the session requires it, and never with AES-GMAC: the
// final response has the same message id, from which the nonce is made.
function isSignedBack(
  request: Smb2ServerRequest,
  status: number,
  options: ResponseOptions,
  security: SessionSecurity | undefined,
): boolean {
  if (!security?.signer) return false;
  if (status === NtStatus.Pending) return security.signingRequired && security.signer.name !== 'AES-GMAC';
  return request.signed || options.sign === true || security.signingRequired;
}

// As Windows does: without a key to sign with, the response repeats the request's signature. Clients that insist on
// signing would otherwise ignore the status.
function echoSignature(header: Smb2Header, asked: Smb2Header): void {
  header.flags |= HeaderFlags.Signed;
  header.signature = asked.signature;
}

function releaseAll(ready: readonly Sendable[]): void {
  for (const { options } of ready) options.release?.();
}
