import { NtlmClient } from '#auth/ntlm-client.js';
import { FRAME_HEADER, joined } from '#engine/frame-port.js';
import { compose } from '#engine/smb2/compose.js';
import type { SessionSecurity } from '#engine/smb2/security.js';
import { protect, Transcript, unprotected } from '#engine/smb2/session-keys.js';
import { splitCompound } from '#engine/smb2/split.js';
import type { Receiver, Transport } from '#engine/transport.js';
import type { SmbServer } from '#server/server.js';
import { type Guid, NIL_GUID } from '#wire/dtyp/guid.js';
import { isError, NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { ErrorResponse } from '#wire/smb2/command/error.js';
import { GlobalCap, NegotiateRequest, SecurityMode } from '#wire/smb2/command/negotiate.js';
import { SessionSetupFlags, SessionSetupRequest, type SessionSetupResponse } from '#wire/smb2/command/session-setup.js';
import { TreeConnectRequest } from '#wire/smb2/command/tree-connect.js';
import { type CommandCode, commands } from '#wire/smb2/commands.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command, HeaderFlags, Smb2Header } from '#wire/smb2/header.js';
import { NegotiateContext, NegotiateContextType } from '#wire/smb2/negotiate-context/negotiate-context.js';
import {
  HashAlgorithm,
  PreauthIntegrityCapabilities,
} from '#wire/smb2/negotiate-context/preauth-integrity-capabilities.js';
import { SigningAlgorithm, SigningCapabilities } from '#wire/smb2/negotiate-context/signing-capabilities.js';

export interface PeerOptions {
  readonly dialect?: number;
  readonly framing?: 'direct' | 'netbios';
  readonly account?: string;
  readonly clientGuid?: Guid;
  /** SMB2_GLOBAL_CAP_*, in addition to multichannel. */
  readonly capabilities?: number;
  readonly password?: string;
  /** How to wait between checks for a response. By default one event loop turn, which is enough within one process. */
  readonly wait?: () => Promise<void>;
  /** Offered with 3.1.1. */
  readonly signingAlgorithm?: number;
}

/** Header fields and signing of one request. */
export interface Asking {
  readonly sessionId?: bigint;
  readonly treeId?: number;
  readonly flags?: number;
  readonly credits?: number;
  readonly messageId?: number;
  readonly asyncId?: number;
  /** For 3.x; it takes the place of the status in responses. */
  readonly channelSequence?: number;
  readonly signWith?: SessionSecurity;
}

/** A message of a server, decoded. */
export interface Reply {
  readonly header: Smb2Header;
  readonly body: Wire;
  readonly bytes: Uint8Array;
}

/** One event loop turn, in which promises settle. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A client on the level of messages, which does what the test says and nothing else. */
export class Smb2Peer {
  readonly replies: Reply[] = [];
  ended = false;
  readonly dialect: number;
  nextMessageId = 0;
  readonly #options: PeerOptions;
  readonly #transcript = new Transcript();
  #receiver: Receiver | undefined;
  #sent: Uint8Array = new Uint8Array(0);

  constructor(server: Pick<SmbServer, 'accept'>, options: PeerOptions = {}) {
    this.#options = options;
    this.dialect = options.dialect ?? Dialect.Smb210;
    const transport: Transport = {
      endpoints: { local: 'here', remote: 'there' },
      start: (receiver) => {
        this.#receiver = receiver;
      },
      send: (parts, done) => {
        this.#take(joined(parts).subarray(FRAME_HEADER));
        done?.();
      },
      end: () => {
        this.ended = true;
      },
      destroy: () => {
        this.ended = true;
        this.closed();
      },
    };
    server.accept(transport, options.framing ?? 'direct');
  }

  #take(frame: Uint8Array): void {
    for (const { header, bytes } of splitCompound(new Decoder(), frame, 64)) {
      const row = commands[header.command as CommandCode];
      const { status } = header;
      const failed = status === NtStatus.Pending || (isError(status) && status !== NtStatus.MoreProcessingRequired);
      const body = failed || !row ? new ErrorResponse() : row.response();
      const io = new Decoder().reset(bytes);
      new Smb2Header().layout(io);
      body.layout(io);
      this.replies.push({ header, body, bytes });
    }
  }

  /** Sends one request; returns its message id. */
  send(command: number, body: Wire, asking: Asking = {}): number {
    return this.compound([{ command, body, asking }]);
  }

  /** Sends several requests in one frame; returns the first message id. */
  compound(requests: readonly { command: number; body: Wire; asking?: Asking }[]): number {
    const first = this.nextMessageId;
    const messages = requests.map(({ command, body, asking = {} }) => {
      const { signWith, channelSequence = 0, ...values } = asking;
      const status = channelSequence;
      const header = Object.assign(new Smb2Header(), { command, creditCharge: 1, credits: 10, status, ...values });
      if (header.command !== Command.Cancel && asking.messageId === undefined) header.messageId = this.nextMessageId++;
      header.flags |= signWith ? HeaderFlags.Signed : 0;
      header.flags |= asking.asyncId === undefined ? 0 : HeaderFlags.AsyncCommand;
      return { header, body, signWith };
    });
    const encoder = new Encoder();
    encoder.dialect = this.dialect;
    const frame = joined(compose(encoder, messages, false));
    new DataView(frame.buffer).setUint32(0, frame.length - FRAME_HEADER);
    this.#sent = frame.subarray(FRAME_HEADER);
    this.#receiver?.receive(frame);
    return first;
  }

  /** The last response. */
  get last(): Reply {
    return this.replies.at(-1) as Reply;
  }

  get status(): number {
    return this.last.header.status;
  }

  negotiate(): void {
    const request = new NegotiateRequest();
    request.dialects = [this.dialect];
    request.clientGuid = this.#options.clientGuid ?? NIL_GUID;
    request.securityMode = SecurityMode.SigningEnabled;
    request.capabilities = GlobalCap.MultiChannel | GlobalCap.DirectoryLeasing | (this.#options.capabilities ?? 0);
    if (this.dialect === Dialect.Smb311) request.negotiateContexts = this.#contexts();
    this.send(Command.Negotiate, request);
    if (this.replies.length === 0) return;
    this.#transcript.add(this.#sent);
    this.#transcript.add(this.last.bytes);
  }

  /** The same, for a server that responds later. */
  async negotiated(): Promise<void> {
    this.negotiate();
    if (this.replies.length > 0) return;
    const sent = this.#sent;
    await this.answered(0);
    if (this.replies.length === 0) return;
    this.#transcript.add(sent);
    this.#transcript.add(this.last.bytes);
  }

  #contexts(): NegotiateContext[] {
    const preauth = Object.assign(new PreauthIntegrityCapabilities(), { hashAlgorithms: [HashAlgorithm.Sha512] });
    preauth.salt = new Uint8Array(32);
    const contexts = [NegotiateContext.of(NegotiateContextType.PreauthIntegrityCapabilities, preauth)];
    const { signingAlgorithm } = this.#options;
    if (signingAlgorithm !== undefined) {
      const signing = Object.assign(new SigningCapabilities(), { signingAlgorithms: [signingAlgorithm] });
      contexts.push(NegotiateContext.of(NegotiateContextType.SigningCapabilities, signing));
    }
    return contexts;
  }

  /** An NTLM logon of the peer's account, to be done step by step. */
  ntlm(
    account: string = this.#options.account ?? 'ann',
    password: string = this.#options.password ?? 'secret',
  ): NtlmClient {
    return new NtlmClient({
      account,
      domain: '',
      password,
      workstation: 'desk',
      targetName: 'cifs/here',
      ntlmv1: false,
      random: (n) => new Uint8Array(n),
      now: () => 0n,
    });
  }

  /**
   * Logs on; returns the keys of the client. `joins`: binds to a session of another connection; `renews`:
   * reauthenticates a session of this one.
   */
  async logOn(
    how: {
      joins?: SessionSecurity;
      renews?: SessionSecurity;
      account?: string;
      password?: string;
      previous?: bigint;
    } = {},
  ): Promise<SessionSecurity> {
    const ntlm = this.ntlm(how.account, how.password);
    const transcript = this.#transcript.fork();
    const known = how.joins ?? how.renews;
    let sessionId = known?.id ?? 0n;
    let token: Uint8Array | undefined;
    for (;;) {
      const request = new SessionSetupRequest();
      request.flags = how.joins ? SessionSetupFlags.Binding : 0;
      request.previousSessionId = how.previous ?? 0n;
      request.securityBuffer = ntlm.step(token);
      const signed = known?.signer ? { signWith: known } : {};
      const before = this.replies.length;
      this.send(Command.SessionSetup, request, { sessionId, credits: 100, ...signed });
      transcript.add(this.#sent);
      await this.answered(before);
      if (this.replies.length === before) return unprotected(0n);
      const { header, body, bytes } = this.last;
      sessionId = header.sessionId;
      if (header.status !== NtStatus.MoreProcessingRequired) break;
      transcript.add(bytes);
      token = (body as SessionSetupResponse).securityBuffer;
    }
    return this.#keys(sessionId, transcript, ntlm.sessionKey);
  }

  #keys(id: bigint, transcript: Transcript, sessionKey: Uint8Array): SessionSecurity {
    if (this.status !== NtStatus.Success) return unprotected(id);
    const { dialect } = this;
    const signingAlgorithm = this.#options.signingAlgorithm ?? SigningAlgorithm.AesCmac;
    const policy = { signingRequired: false, encryptionRequired: false, cipher: 0 };
    return protect(
      { id, dialect, signingAlgorithm, sessionKey, transcript, ...policy },
      'client',
      (n) => new Uint8Array(n),
    );
  }

  /** Sends both legs of a logon without waiting for the second response. */
  async beginLogOn(): Promise<void> {
    const ntlm = this.ntlm();
    const first = Object.assign(new SessionSetupRequest(), { securityBuffer: ntlm.step(undefined) });
    const { header, body } = await this.ask(Command.SessionSetup, first);
    const second = new SessionSetupRequest();
    second.securityBuffer = ntlm.step((body as SessionSetupResponse).securityBuffer);
    this.send(Command.SessionSetup, second, { sessionId: header.sessionId });
    await turn();
  }

  /** Connects to a share; returns the tree id. */
  async connect(session: SessionSecurity, share: string): Promise<number> {
    const request = Object.assign(new TreeConnectRequest(), { path: `\\\\here\\${share}` });
    await this.ask(Command.TreeConnect, request, { sessionId: session.id, signWith: session });
    return this.last.header.treeId;
  }

  /** Sends one request and waits for the response. */
  async ask(command: number, body: Wire, asking: Asking = {}): Promise<Reply> {
    const before = this.replies.length;
    this.send(command, body, asking);
    await this.answered(before);
    return this.last;
  }

  /** Waits until there are more than `before` responses, or none can come any more. */
  async answered(before: number): Promise<void> {
    const wait = this.#options.wait ?? turn;
    const most = this.#options.wait ? 60_000 : 50;
    for (let looks = 0; this.replies.length === before && looks < most && !this.ended; looks++) await wait();
  }

  /** Simulates the loss of the connection. */
  closed(): void {
    this.#receiver?.closed(undefined);
    this.#receiver = undefined;
  }
}
