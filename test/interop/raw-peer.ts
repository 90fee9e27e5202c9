import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { SpnegoClient } from '#auth/spnego-client.js';
import { ACCOUNT } from '#testing/peers.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { FileId } from '#wire/io/file-id.js';
import type { Wire } from '#wire/io/layout.js';
import { CreateDisposition, CreateRequest, type CreateResponse } from '#wire/smb2/command/create.js';
import { NegotiateRequest } from '#wire/smb2/command/negotiate.js';
import { SessionSetupRequest, type SessionSetupResponse } from '#wire/smb2/command/session-setup.js';
import { TreeConnectRequest } from '#wire/smb2/command/tree-connect.js';
import { Command, type Smb2Header } from '#wire/smb2/header.js';
import { Smb2Message } from '../smb2-message.js';

const PATIENCE_MS = 20_000;

/** A response as it arrived. */
export interface Reply {
  readonly header: Smb2Header;
  readonly body: Wire | undefined;
}

/**
 * A client that obeys no rules: it writes whatever it is told to its socket and returns what comes back. It signs
 * nothing, so the server must not require signing.
 */
export class RawPeer {
  readonly socket: Socket;
  sessionId = 0n;
  treeId = 0;
  messageId = 0;
  /** Credits requested with each message. */
  credits = 16;
  readonly ended: Promise<void>;
  #received: Buffer = Buffer.alloc(0);
  #frames: Uint8Array[] = [];
  #wake: () => void = () => undefined;
  #over = false;
  readonly #encoder = new Encoder();

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
    // The server is expected to hang up on us.
    socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      socket.on('close', () => {
        this.#over = true;
        this.#wake();
        resolve();
      });
    });
  }

  static connect(port: number): Promise<RawPeer> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      const peer = new RawPeer(socket);
      socket.once('connect', () => resolve(peer));
      socket.once('error', reject);
    });
  }

  /** Like `connect`, but also logs on with 2.1 and, if given, connects to a share. */
  static async loggedOn(port: number, share?: string): Promise<RawPeer> {
    const peer = await RawPeer.connect(port);
    await peer.negotiate();
    await peer.logOn();
    if (share !== undefined) await peer.treeConnect(share);
    return peer;
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    for (;;) {
      if (this.#received.length < 4) break;
      const end = 4 + this.#received.readUIntBE(1, 3);
      if (this.#received.length < end) break;
      this.#frames.push(this.#received.subarray(4, end));
      this.#received = this.#received.subarray(end);
    }
    this.#wake();
  }

  /** Writes raw bytes. */
  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Writes one frame. */
  send(...messages: readonly Uint8Array[]): void {
    this.write(framed(...messages));
  }

  /** A message with the next message id. `change` may corrupt the header. */
  message(command: number, body: Wire, change: (header: Smb2Header) => void = () => undefined): Uint8Array {
    const message = new Smb2Message();
    const { header } = message;
    header.command = command;
    header.creditCharge = 1;
    header.credits = this.credits;
    header.messageId = this.messageId++;
    header.sessionId = this.sessionId;
    header.treeId = this.treeId;
    change(header);
    message.body = body;
    return this.#encoder.encode(message).slice();
  }

  /** The next frame; undefined if the connection has ended. */
  async frame(): Promise<Uint8Array | undefined> {
    const late = setTimeout(() => this.socket.destroy(new Error('the server says nothing')), PATIENCE_MS);
    try {
      while (this.#frames.length === 0 && !this.#over) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(late);
    }
    return this.#frames.shift();
  }

  async reply(): Promise<Reply> {
    const frame = await this.frame();
    if (frame === undefined) throw new Error('the connection ended');
    const message = new Smb2Message();
    const decoder = new Decoder();
    decoder.dialect = 0x0210;
    message.layout(decoder.reset(Uint8Array.from(frame)));
    return message;
  }

  /** Sends a request and waits for the next message. */
  call(command: number, body: Wire, change?: (header: Smb2Header) => void): Promise<Reply> {
    this.send(this.message(command, body, change));
    return this.reply();
  }

  negotiate(): Promise<Reply> {
    const body = new NegotiateRequest();
    body.dialects = [0x0210];
    return this.call(Command.Negotiate, body);
  }

  async logOn(password: string = ACCOUNT.password): Promise<void> {
    const mechanism = new SpnegoClient({
      account: ACCOUNT.user,
      domain: '',
      password,
      workstation: 'HOSTILE',
      targetName: 'cifs/127.0.0.1',
      ntlmv1: false,
      random: (length) => new Uint8Array(randomBytes(length)),
      now: () => filetimeFromMs(Date.now()),
    });
    let token = mechanism.step(undefined);
    for (let round = 0; round < 2; round++) {
      const body = new SessionSetupRequest();
      body.securityBuffer = token;
      const { header, body: answer } = await this.call(Command.SessionSetup, body);
      this.sessionId = header.sessionId;
      if (header.status === 0) return;
      token = mechanism.step((answer as SessionSetupResponse).securityBuffer);
    }
    throw new Error('not logged on');
  }

  async treeConnect(share: string): Promise<number> {
    const body = new TreeConnectRequest();
    body.path = `\\\\127.0.0.1\\${share}`;
    const { header } = await this.call(Command.TreeConnect, body);
    this.treeId = header.treeId;
    return header.status;
  }

  /** Opens or creates a file, or a directory with `options` 1. */
  async create(name: string, options = 0): Promise<{ status: number; fileId: FileId }> {
    const { header, body } = await this.call(Command.Create, createRequest(name, options));
    return { status: header.status, fileId: header.status === 0 ? (body as CreateResponse).fileId : FileId.none };
  }

  end(): void {
    this.socket.destroy();
  }
}

export function createRequest(name: string, options = 0): CreateRequest {
  const body = new CreateRequest();
  body.name = name;
  // Full access to files; to directories only what does not exclude others.
  body.desiredAccess = (options & 1) === 0 ? 0x001f01ff : 0x001200a9;
  body.shareAccess = 7;
  body.createDisposition = CreateDisposition.OpenIf;
  body.createOptions = options;
  return body;
}

/** Adds the direct TCP frame header to messages. */
export function framed(...messages: readonly Uint8Array[]): Uint8Array {
  const length = messages.reduce((sum, message) => sum + message.length, 0);
  return Buffer.concat([Uint8Array.of(0, length >>> 16, (length >>> 8) & 255, length & 255), ...messages]);
}
