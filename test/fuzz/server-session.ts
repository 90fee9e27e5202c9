import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpnegoClient } from '#auth/spnego-client.js';
import type { Receiver, Transport } from '#engine/transport.js';
import { memory } from '#fs/index.js';
import { createServer, type SmbServer } from '#server/index.js';
import { notes } from '#tap/events.js';
import { parseExchange } from '#testing/exchange.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { FileId } from '#wire/io/file-id.js';
import type { Wire } from '#wire/io/layout.js';
import { ChangeNotifyRequest } from '#wire/smb2/command/change-notify.js';
import { CloseRequest } from '#wire/smb2/command/close.js';
import { CreateRequest, type CreateResponse } from '#wire/smb2/command/create.js';
import { EchoRequest } from '#wire/smb2/command/echo.js';
import { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { NegotiateRequest } from '#wire/smb2/command/negotiate.js';
import { QueryDirectoryRequest } from '#wire/smb2/command/query-directory.js';
import { QueryInfoRequest } from '#wire/smb2/command/query-info.js';
import { ReadRequest } from '#wire/smb2/command/read.js';
import { SessionSetupRequest, type SessionSetupResponse } from '#wire/smb2/command/session-setup.js';
import { SetInfoRequest } from '#wire/smb2/command/set-info.js';
import { TreeConnectRequest } from '#wire/smb2/command/tree-connect.js';
import { WriteRequest } from '#wire/smb2/command/write.js';
import { Command, HeaderFlags, type Smb2Header } from '#wire/smb2/header.js';
import { root } from '../root.js';
import { Smb2Message } from '../smb2-message.js';

/*
 * An input is a byte that selects what came before (nothing, a logon with 2.1, or one with SMB1), followed by messages
 * with frame headers. Logons can be replayed because the server's random bytes are fixed.
 */
const FRESH = 0;
const SMB2_USER = 1;
const SMB1_USER = 2;
const MODES = 3;
/** Event loop turns within which a closed server must come to an end. */
const LAST_TURNS = 200;

function unrandomServer(): SmbServer {
  let last = 0;
  return createServer({
    shares: { share: { backend: memory({ limit: 1 << 24 }), guests: 'write' } },
    guest: true,
    signing: 'enabled',
    dialects: { min: 'NT1' },
    random: (length) => Uint8Array.from({ length }, () => (last = (last * 5 + 3) & 255)),
  });
}

/** The server's end of a connection without another end. */
class Line implements Transport {
  readonly endpoints = { local: 'line', remote: 'fuzzer' };
  readonly answers: Uint8Array[] = [];
  open = true;
  #receiver: Receiver | undefined;

  start(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  /** Sends a message of the client, and gives the server time to handle it. */
  async say(message: Uint8Array): Promise<void> {
    const { length } = message;
    const frame = new Uint8Array(4 + length);
    frame.set([0, length >>> 16, length >>> 8, length]);
    frame.set(message, 4);
    if (this.open) this.#receiver?.receive(frame);
    await turn();
  }

  send(parts: readonly Uint8Array[], done?: () => void): void {
    this.answers.push(Buffer.concat(parts));
    done?.();
  }

  end(): void {
    this.destroy();
  }

  destroy(): void {
    if (!this.open) return;
    this.open = false;
    queueMicrotask(() => this.#receiver?.closed(undefined));
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Builds an SMB2 session by talking to the server, and records the client's messages. */
class Recording {
  readonly said: Uint8Array[] = [];
  sessionId = 0n;
  treeId = 0;
  #messageId = 0;
  readonly #line: Line;
  readonly #encoder = new Encoder();

  constructor(line: Line) {
    this.#line = line;
  }

  message(command: number, body: Wire, change: (header: Smb2Header) => void = () => undefined): Uint8Array {
    const message = new Smb2Message();
    Object.assign(message.header, { command, creditCharge: 1, credits: 8, messageId: this.#messageId++ });
    Object.assign(message.header, { sessionId: this.sessionId, treeId: this.treeId });
    change(message.header);
    message.body = body;
    return this.#encoder.encode(message).slice();
  }

  async say(message: Uint8Array): Promise<Smb2Message> {
    this.said.push(message);
    this.#line.answers.length = 0;
    await this.#line.say(message);
    const reply = new Smb2Message();
    const [answer] = this.#line.answers;
    const decoder = new Decoder();
    decoder.dialect = 0x0210;
    if (answer) reply.layout(decoder.reset(answer.slice(4)));
    return reply;
  }

  call(command: number, body: Wire, change?: (header: Smb2Header) => void): Promise<Smb2Message> {
    return this.say(this.message(command, body, change));
  }

  async logOn(): Promise<void> {
    await this.call(Command.Negotiate, Object.assign(new NegotiateRequest(), { dialects: [0x0210] }));
    const mechanism = new SpnegoClient({
      account: 'stranger',
      domain: '',
      password: 'unknown',
      workstation: 'FUZZER',
      targetName: 'cifs/server',
      ntlmv1: false,
      random: (length) => new Uint8Array(length),
      now: () => filetimeFromMs(0),
    });
    let token = mechanism.step(undefined);
    for (let round = 0; round < 2; round++) {
      const body = Object.assign(new SessionSetupRequest(), { securityBuffer: token });
      const { header, body: answer } = await this.call(Command.SessionSetup, body);
      this.sessionId = header.sessionId;
      if (round === 0) token = mechanism.step((answer as SessionSetupResponse).securityBuffer);
      else if (header.status !== 0) throw new Error(`the fuzzer's logon fails: ${header.status.toString(16)}`);
    }
  }

  async treeConnect(share: string): Promise<void> {
    const body = Object.assign(new TreeConnectRequest(), { path: `\\\\server\\${share}` });
    this.treeId = (await this.call(Command.TreeConnect, body)).header.treeId;
  }

  async create(name: string, options = 0): Promise<FileId> {
    const { header, body } = await this.call(Command.Create, creating(name, options));
    if (header.status !== 0) throw new Error(`the fuzzer cannot create ${name}: ${header.status.toString(16)}`);
    return (body as CreateResponse).fileId;
  }
}

function creating(name: string, options: number): CreateRequest {
  const facts = { desiredAccess: 0x001f01ff, shareAccess: 7, createDisposition: 3, createOptions: options };
  return Object.assign(new CreateRequest(), { name, ...facts });
}

async function recorded(act: (recording: Recording) => Promise<void>): Promise<{ before: number; said: Uint8Array[] }> {
  const server = unrandomServer();
  const line = new Line();
  server.accept(line);
  const recording = new Recording(line);
  await recording.logOn();
  await recording.treeConnect('share');
  const before = recording.said.length;
  await act(recording);
  await server.close();
  return { before, said: recording.said };
}

async function files(r: Recording): Promise<void> {
  const fileId = await r.create('file');
  await r.call(
    Command.Write,
    Object.assign(new WriteRequest(), { fileId, data: Uint8Array.from({ length: 40 }, (_, i) => i) }),
  );
  await r.call(Command.Read, Object.assign(new ReadRequest(), { fileId, length: 64 }));
  const rename = new Uint8Array(30);
  rename.set([10], 16);
  rename.set(Buffer.from('other', 'utf16le'), 20);
  await r.call(
    Command.SetInfo,
    Object.assign(new SetInfoRequest(), { infoType: 1, fileInfoClass: 10, fileId, buffer: rename }),
  );
  for (const fileInfoClass of [4, 18, 22, 34]) {
    const facts = { infoType: 1, fileInfoClass, outputBufferLength: 1024, fileId };
    await r.call(Command.QueryInfo, Object.assign(new QueryInfoRequest(), facts));
  }
  await r.call(
    Command.SetInfo,
    Object.assign(new SetInfoRequest(), { infoType: 1, fileInfoClass: 13, fileId, buffer: Uint8Array.of(1) }),
  );
  await r.call(Command.Close, Object.assign(new CloseRequest(), { flags: 1, fileId }));
}

async function directories(r: Recording): Promise<void> {
  await r.create('a');
  const fileId = await r.create('', 1);
  for (const [fileName, flags] of [
    ['*', 0],
    ['a<.?', 0x10],
    ['', 1],
  ] as const) {
    const facts = { fileInformationClass: 37, flags, fileName, fileId, outputBufferLength: 4096 };
    await r.call(Command.QueryDirectory, Object.assign(new QueryDirectoryRequest(), facts));
  }
  const facts = { flags: 1, completionFilter: 0xfff, fileId, outputBufferLength: 512 };
  await r.call(Command.ChangeNotify, Object.assign(new ChangeNotifyRequest(), facts));
  await r.create('below', 1);
  await r.call(
    Command.QueryInfo,
    Object.assign(new QueryInfoRequest(), { infoType: 2, fileInfoClass: 7, fileId, outputBufferLength: 64 }),
  );
  await r.call(Command.Close, Object.assign(new CloseRequest(), { fileId }));
}

async function compounds(r: Recording): Promise<void> {
  const related = (header: Smb2Header): void => {
    header.flags |= HeaderFlags.RelatedOperations;
  };
  const info = { infoType: 1, fileInfoClass: 18, fileId: FileId.related, outputBufferLength: 512 };
  const parts = [
    r.message(Command.Create, creating('together', 0)),
    r.message(Command.QueryInfo, Object.assign(new QueryInfoRequest(), info), related),
    r.message(Command.Close, Object.assign(new CloseRequest(), { fileId: FileId.related }), related),
  ];
  const padded = parts.map((part, i) => {
    if (i === parts.length - 1) return part;
    const whole = new Uint8Array((part.length + 7) & ~7);
    whole.set(part);
    new DataView(whole.buffer).setUint32(20, whole.length, true);
    return whole;
  });
  await r.say(Buffer.concat(padded));
  await r.call(Command.Echo, new EchoRequest());
}

async function pipes(r: Recording): Promise<void> {
  await r.treeConnect('IPC$');
  const fileId = await r.create('srvsvc');
  const bind =
    '05000b03100000004800000001000000b810b810000000000100000000000100c84f324b7016d30112785a47bf6ee18803000000' +
    '045d888aeb1cc9119fe808002b10486002000000';
  const facts = { ctlCode: 0x0011c017, flags: 1, fileId, maxOutputResponse: 1024, input: Buffer.from(bind, 'hex') };
  await r.call(Command.Ioctl, Object.assign(new IoctlRequest(), facts));
  await r.call(Command.Read, Object.assign(new ReadRequest(), { fileId, length: 64 }));
  await r.call(Command.Close, Object.assign(new CloseRequest(), { fileId }));
}

const SMB1_SETUP = 0x73;
const SMB1_TREE_CONNECT = 0x75;
const SMB1_CREATE = 0xa2;
const SMB1_CLOSE = 0x04;
const SMB1_READ = 0x2e;
const SMB1_WRITE = 0x2f;

/** smbclient's messages to smbd, with the ids of our server in place of smbd's. */
function smb1Frames(): { before: Uint8Array[]; after: Uint8Array[] } {
  const text = readFileSync(join(root, 'test/golden/samba/nt1-files.txt'), 'utf8');
  const { frames } = parseExchange(text);
  const said = frames.filter(({ from }) => from === 'client').map(({ bytes }) => bytes.slice(4));
  const connected = said.findLastIndex((bytes) => bytes[4] === SMB1_TREE_CONNECT);
  let setups = 0;
  let trees = 0;
  for (const [i, bytes] of said.entries()) {
    const view = new DataView(bytes.buffer);
    if (bytes[4] === SMB1_SETUP) setups++;
    if (setups > 1 || i >= connected) view.setUint16(28, 1, true);
    if (trees > 0) view.setUint16(24, trees, true);
    if (bytes[4] === SMB1_TREE_CONNECT) trees++;
  }
  return { before: said.slice(0, connected + 1), after: said.slice(connected + 1) };
}

const SMALL = 3500;

/** Pieces of the rest of the session; in each, files are numbered from 1. */
function smb1Seeds(after: readonly Uint8Array[]): Uint8Array[] {
  const seeds: Uint8Array[][] = [[]];
  let size = 0;
  let files = 0;
  for (const message of after) {
    if (message.length > SMALL) continue;
    if (size + message.length > SMALL) {
      seeds.push([]);
      size = files = 0;
    }
    size += message.length + 4;
    const view = new DataView(message.buffer);
    const command = message[4];
    if (command === SMB1_CREATE) files++;
    if (command === SMB1_CLOSE) view.setUint16(33, files, true);
    if (command === SMB1_READ || command === SMB1_WRITE) view.setUint16(37, files, true);
    seeds.at(-1)?.push(message);
  }
  return seeds.map((messages) => session(SMB1_USER, messages));
}

function session(mode: number, messages: readonly Uint8Array[]): Uint8Array {
  const framed = messages.flatMap((message) => [
    Uint8Array.of(0, message.length >>> 16, message.length >>> 8, message.length),
    message,
  ]);
  return new Uint8Array(Buffer.concat([Uint8Array.of(mode), ...framed]));
}

const smb1 = smb1Frames();
const recordings = await Promise.all([files, directories, compounds, pipes].map(recorded));
const first = recordings[0] as (typeof recordings)[number];
const PREFIXES: Readonly<Record<number, readonly Uint8Array[]>> = {
  [FRESH]: [],
  [SMB2_USER]: first.said.slice(0, first.before),
  [SMB1_USER]: smb1.before,
};

/** Valid sessions. */
export const SESSIONS: readonly Uint8Array[] = [
  session(FRESH, first.said),
  session(FRESH, smb1.before),
  ...recordings.map(({ before, said }) => session(SMB2_USER, said.slice(before))),
  ...smb1Seeds(smb1.after),
];

function* framesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    yield bytes.slice(at + 4, at + 4 + length);
    at += 4 + length;
  }
}

/** Serves a session. Throws errors that the server did not expect, and throws if the session does not end. */
export async function serveSession(bytes: Uint8Array): Promise<void> {
  const unexpected: unknown[] = [];
  const unsubscribe = notes.subscribe(({ level, what, details }) => {
    if (level === 'error') unexpected.push(details.error ?? new Error(what));
  });
  const server = unrandomServer();
  const line = new Line();
  server.accept(line);
  try {
    for (const message of PREFIXES[(bytes[0] ?? 0) % MODES] ?? []) await line.say(message);
    for (const message of framesOf(bytes.subarray(1))) if (line.open) await line.say(message);
    let ended = false;
    const end = server.close().then(() => {
      ended = true;
    });
    for (let i = 0; i < LAST_TURNS && !ended; i++) await turn();
    if (!ended) throw new Error('the server does not come to an end');
    await end;
  } finally {
    unsubscribe();
  }
  if (unexpected.length > 0) throw unexpected[0];
  if (server.connections.all > 0 || server.sessions.length > 0) throw new Error('something is left of the session');
}
