import assert from 'node:assert/strict';
import { test } from 'node:test';
import { challengeResponse, sharePassword } from '#auth/smb1-logon.js';
import { BufferPool } from '#engine/buffer-pool.js';
import { FrameReader } from '#engine/framing.js';
import type { Transport } from '#engine/transport.js';
import { memory } from '#fs/memory/memory.js';
import { memoryPair } from '#net/memory.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CompletionFilter, FileNotifyList } from '#wire/fscc/notify.js';
import { Decoder } from '#wire/io/decoder.js';
import type { Wire } from '#wire/io/layout.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import { CloseRequest } from '#wire/smb1/command/close.js';
import { CreateDirectoryRequest } from '#wire/smb1/command/create-directory.js';
import { EchoRequest, type EchoResponse } from '#wire/smb1/command/echo.js';
import { NegotiateRequest, type NegotiateResponse, SecurityMode } from '#wire/smb1/command/negotiate.js';
import { NtCreateAndXRequest, type NtCreateAndXResponse } from '#wire/smb1/command/nt-create-andx.js';
import { NtTransactFunction, NtTransactRequest, type NtTransactResponse } from '#wire/smb1/command/nt-transact.js';
import { OpenAndXRequest, type OpenAndXResponse } from '#wire/smb1/command/open-andx.js';
import { ReadAndXRequest, type ReadAndXResponse } from '#wire/smb1/command/read-andx.js';
import { SessionSetupAndXRequest } from '#wire/smb1/command/session-setup-andx.js';
import { Transaction2Request, Transaction2SecondaryRequest } from '#wire/smb1/command/transaction.js';
import { TreeConnectAndXRequest } from '#wire/smb1/command/tree-connect-andx.js';
import { WriteAndXRequest } from '#wire/smb1/command/write-andx.js';
import { Smb1Flags2, Smb1Header } from '#wire/smb1/header.js';
import { type Block, decodeChain, encodeChain, Smb1Message } from '#wire/smb1/message.js';
import { NotifyChangeSetup } from '#wire/smb1/nt-transact/notify-change.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import { Trans2Subcommand } from '#wire/smb1/trans2/trans2-subcommand.js';
import { NegotiateResponse as Smb2NegotiateResponse } from '#wire/smb2/command/negotiate.js';
import { Smb2Header } from '#wire/smb2/header.js';
import type { ServerOptions } from '../options.js';
import { createServer, type SmbServer } from '../server.js';
import { encodeAs } from './transact.js';

const C = Smb1Command;
const NT_LM = 'NT LM 0.12';

/** A client driven message by message. */
class Peer {
  readonly #transport: Transport;
  readonly #frames: Uint8Array[] = [];
  #waiting: ((frame: Uint8Array | undefined) => void) | undefined;
  ended = false;
  flags2: number = Smb1Flags2.NtStatus | Smb1Flags2.Unicode;
  uid = 0;
  tid = 0;
  mid = 0;

  constructor(server: SmbServer) {
    const [near, far] = memoryPair();
    this.#transport = near;
    const reader = new FrameReader('direct', 1 << 20, new BufferPool(), (_type, frame) => this.#take(frame.slice()));
    near.start({
      receive: (chunk) => reader.push(chunk),
      target: () => undefined,
      placed: () => undefined,
      closed: () => {
        this.ended = true;
        this.#waiting?.(undefined);
      },
    });
    server.accept(far);
  }

  #take(frame: Uint8Array): void {
    if (!this.#waiting) this.#frames.push(frame);
    else this.#waiting(frame);
  }

  frame(): Promise<Uint8Array | undefined> {
    const ready = this.#frames.shift();
    if (ready || this.ended) return Promise.resolve(ready);
    return new Promise((resolve) => {
      this.#waiting = (frame) => {
        this.#waiting = undefined;
        resolve(frame);
      };
    });
  }

  send(...blocks: [number, Wire][]): void {
    const header = Object.assign(new Smb1Header(), {
      flags2: this.flags2,
      uid: this.uid,
      tid: this.tid,
      mid: ++this.mid,
    });
    const frame = encodeChain(
      new Smb1Message(
        header,
        blocks.map(([command, body]): Block => ({ command, body })),
      ),
    );
    const whole = new Uint8Array(frame.length + 4);
    new DataView(whole.buffer).setUint32(0, frame.length);
    whole.set(frame, 4);
    this.#transport.send([whole]);
  }

  async answer(): Promise<Smb1Message> {
    const frame = await this.frame();
    assert.ok(frame, 'the connection has ended');
    return decodeChain(frame);
  }

  /** Sends a message; returns the status and the last body of the response. */
  async call<T extends Wire>(...blocks: [number, Wire][]): Promise<{ status: number; body: T; header: Smb1Header }> {
    this.send(...blocks);
    const { header, blocks: answered } = await this.answer();
    return { status: header.status, body: answered.at(-1)?.body as T, header };
  }

  async negotiate(...dialects: string[]): Promise<NegotiateResponse> {
    return (await this.call<NegotiateResponse>([C.Negotiate, Object.assign(new NegotiateRequest(), { dialects })]))
      .body;
  }

  /** Connects up to a tree connect, with challenge/response. */
  async logOn(share = 'files', password = 'pw'): Promise<number> {
    const { challenge } = await this.negotiate(NT_LM);
    const setup = new SessionSetupAndXRequest();
    Object.assign(setup, { accountName: 'ann', maxBufferSize: 4356 });
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(1);
    const proof = { account: 'ann', domain: '', password, challenge, ntlmv2: true, random, now: () => 1n };
    const { lm, nt } = challengeResponse(proof);
    Object.assign(setup, { oemPassword: lm, unicodePassword: nt });
    const connect = Object.assign(new TreeConnectAndXRequest(), {
      path: `\\\\S\\${share}`,
      password: new Uint8Array(1),
    });
    const { status, header } = await this.call([C.SessionSetupAndX, setup], [C.TreeConnectAndX, connect]);
    this.uid = header.uid;
    this.tid = header.tid;
    return status;
  }

  async open(fileName: string, openMode = 0x11): Promise<number> {
    const open = Object.assign(new OpenAndXRequest(), { fileName, openMode, accessMode: 0x42 });
    const { status, body } = await this.call<OpenAndXResponse>([C.OpenAndX, open]);
    assert.equal(status, NtStatus.Success);
    return body.fid;
  }
}

const read = (fid: number): [number, Wire] => [
  C.ReadAndX,
  Object.assign(new ReadAndXRequest(), { fid, maxCountOfBytesToReturn: 100 }),
];

async function withServer(options: ServerOptions, use: (server: SmbServer) => Promise<void>): Promise<void> {
  const server = createServer({
    shares: { files: memory(), guarded: { backend: memory(), password: 'Secret' } },
    users: { ann: { password: 'pw' } },
    dialects: { min: 'NT1' },
    signing: 'enabled',
    ...options,
  });
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

test('the six steps of the classic exchange', () =>
  withServer({}, async (server) => {
    const peer = new Peer(server);
    assert.equal(await peer.logOn(), NtStatus.Success);
    const fid = await peer.open('dir\\..\\a.txt');
    const data = new TextEncoder().encode('hello');
    await peer.call([C.WriteAndX, Object.assign(new WriteAndXRequest(), { fid, data })]);
    const found = await peer.call<ReadAndXResponse>(read(fid));
    assert.equal(new TextDecoder().decode(found.body.data), 'hello');
    assert.equal((await peer.call([C.Close, Object.assign(new CloseRequest(), { fid })])).status, NtStatus.Success);
    assert.equal((await peer.call(read(fid))).status, NtStatus.InvalidHandle);
  }));

test('a wrong password, a wrong share, and a wrong UID or TID', () =>
  withServer({}, async (server) => {
    assert.equal(await new Peer(server).logOn('files', 'no'), NtStatus.LogonFailure);
    assert.equal(await new Peer(server).logOn('nothing'), NtStatus.BadNetworkName);
    const peer = new Peer(server);
    await peer.logOn();
    const { uid } = peer;
    const fid = await peer.open('a');
    peer.uid = 55;
    assert.equal((await peer.call(read(fid))).status, NtStatus.SmbBadUid);
    peer.uid = uid;
    peer.tid = 55;
    assert.equal((await peer.call(read(fid))).status, NtStatus.SmbBadTid);
  }));

test('rights that go while a file is open: the read is refused, the session survives', () =>
  withServer({}, async (server) => {
    const peer = new Peer(server);
    await peer.logOn();
    const fid = await peer.open('a');
    const { backend } = server.shares.get('files') ?? assert.fail();
    server.shares.set('files', { backend, users: {} });
    assert.equal((await peer.call(read(fid))).status, NtStatus.AccessDenied);
    server.shares.set('files', { backend });
    assert.equal((await peer.call(read(fid))).status, NtStatus.Success);
  }));

test('share-level security: the password of the share, in the form of the challenge', () =>
  withServer({ smb1: { security: 'share' } }, async (server) => {
    const connect = async (share: string, password: string): Promise<[number, Peer]> => {
      const peer = new Peer(server);
      const { challenge, securityMode } = await peer.negotiate(NT_LM);
      assert.equal(securityMode & SecurityMode.UserSecurity, 0);
      const setup = await peer.call([C.SessionSetupAndX, new SessionSetupAndXRequest()]);
      assert.equal(setup.status, NtStatus.Success);
      const body = Object.assign(new TreeConnectAndXRequest(), { path: `\\\\S\\${share}` });
      body.password = sharePassword(password, challenge);
      const { status, header } = await peer.call([C.TreeConnectAndX, body]);
      peer.tid = header.tid;
      return [status, peer];
    };
    assert.equal((await connect('guarded', 'wrong'))[0], NtStatus.WrongPassword);
    assert.equal((await connect('files', ''))[0], NtStatus.AccessDenied, 'without a password one is a guest');
    const [status, peer] = await connect('guarded', 'Secret');
    assert.equal(status, NtStatus.Success);
    assert.equal((await peer.call(read(await peer.open('a')))).status, NtStatus.Success);
  }));

test('an SMB1 NEGOTIATE that offers SMB2 is answered in SMB2', () =>
  withServer({ dialects: {} }, async (server) => {
    for (const [dialects, revision] of [
      [[NT_LM, 'SMB 2.002', 'SMB 2.???'], 0x02ff],
      [[NT_LM, 'SMB 2.002'], 0x0202],
    ] as const) {
      const peer = new Peer(server);
      peer.send([C.Negotiate, Object.assign(new NegotiateRequest(), { dialects })]);
      const io = new Decoder().reset((await peer.frame()) ?? assert.fail());
      const header = new Smb2Header();
      header.layout(io);
      const response = new Smb2NegotiateResponse();
      response.layout(io);
      assert.deepEqual([header.messageId, header.credits, response.dialectRevision], [0, 1, revision]);
    }
  }));

test('who offers nothing that is served is told so, and goes', () =>
  withServer({ dialects: {} }, async (server) => {
    const peer = new Peer(server);
    const response = await peer.negotiate(NT_LM);
    assert.deepEqual([response.wordCount, response.dialectIndex], [1, 0xffff]);
    assert.equal(await peer.frame(), undefined);
  }));

test('a transaction in pieces: interim response, no answer to the pieces but the last', () =>
  withServer({}, async (server) => {
    const peer = new Peer(server);
    await peer.logOn();
    const parameters = encodeAs({ layout: (io) => [io.skip('Reserved', 4), io.utf16z('', 'made')] }, true);
    const first = new Transaction2Request();
    first.setup = [Trans2Subcommand.CreateDirectory];
    first.totalParameterCount = parameters.length;
    first.parameters = parameters.subarray(0, 6);
    first.maxParameterCount = 10;
    const interim = await peer.call([C.Transaction2, first]);
    assert.ok(interim.body instanceof EmptyBlock);
    const last = new Transaction2SecondaryRequest();
    last.totalParameterCount = parameters.length;
    last.parameterDisplacement = 6;
    last.parameters = parameters.subarray(6);
    peer.mid--;
    const { status, header } = await peer.call([C.Transaction2Secondary, last]);
    assert.deepEqual([status, header.command], [NtStatus.Success, C.Transaction2]);
    const again = Object.assign(new CreateDirectoryRequest(), { directoryName: '\\MADE' });
    assert.equal((await peer.call([C.CreateDirectory, again])).status, NtStatus.ObjectNameCollision);
    assert.equal((await peer.call([C.Transaction2Secondary, last])).status, NtStatus.InvalidSmb);
  }));

test('a change notification waits, tells, and is cancelled or ends with its handle', () =>
  withServer({}, async (server) => {
    const peer = new Peer(server);
    await peer.logOn();
    const create = Object.assign(new NtCreateAndXRequest(), { desiredAccess: 1, shareAccess: 7, createDisposition: 1 });
    const { fid } = (await peer.call<NtCreateAndXResponse>([C.NtCreateAndX, create])).body;
    const notify = new NtTransactRequest();
    notify.function = NtTransactFunction.NotifyChange;
    notify.maxParameterCount = 1000;
    const interest = { fid, completionFilter: CompletionFilter.DirName };
    notify.setup = encodeAs(Object.assign(new NotifyChangeSetup(), interest), true).slice();
    const make = Object.assign(new CreateDirectoryRequest(), { directoryName: 'new' });
    peer.send([C.NtTransact, notify]);
    peer.send([C.CreateDirectory, make]);
    const answers = [await peer.answer(), await peer.answer()];
    const told = answers.find(({ header }) => header.command === C.NtTransact)?.blocks[0]?.body as NtTransactResponse;
    const list = new FileNotifyList();
    list.layout(new Decoder().reset(told.parameters));
    assert.deepEqual(
      list.entries.map(({ fileName }) => fileName),
      ['new'],
    );

    peer.send([C.NtTransact, notify]);
    const held = peer.mid--;
    peer.send([C.NtCancel, new EmptyBlock()]);
    const cancelled = await peer.answer();
    assert.deepEqual([cancelled.header.mid, cancelled.header.status], [held, NtStatus.Cancelled]);

    peer.send([C.NtTransact, notify]);
    peer.send([C.Close, Object.assign(new CloseRequest(), { fid })]);
    const ended = [await peer.answer(), await peer.answer()].map(({ header }) => header.status);
    assert.deepEqual(ended, [NtStatus.Success, NtStatus.Success]);
  }));

const ECHOES = { 'a stranger': [1], 'a user': [1, 2] } as const;

for (const [who, expected] of Object.entries(ECHOES)) {
  test(`echoes to ${who} are bounded`, () => withServer({}, (server) => askForEchoes(server, who, expected)));
}

async function askForEchoes(server: SmbServer, who: string, expected: readonly number[]): Promise<void> {
  const peer = new Peer(server);
  await (who === 'a user' ? peer.logOn() : peer.negotiate(NT_LM));
  const data = new Uint8Array(50_000);
  peer.send([C.Echo, Object.assign(new EchoRequest(), { echoCount: 60_000, data })]);
  peer.send([C.Echo, Object.assign(new EchoRequest(), { echoCount: 1, data: new Uint8Array(1) })]);
  const numbers: number[] = [];
  for (;;) {
    const { header, blocks } = await peer.answer();
    if (header.mid === peer.mid) break;
    numbers.push((blocks[0]?.body as EchoResponse | undefined)?.sequenceNumber ?? 0);
  }
  assert.deepEqual(numbers, expected);
}

test('nothing is done before NEGOTIATE, and that only once', () =>
  withServer({}, async (server) => {
    const early = new Peer(server);
    early.send([C.Echo, new EchoRequest()]);
    assert.equal(await early.frame(), undefined);
    const twice = new Peer(server);
    await twice.negotiate(NT_LM);
    twice.send([C.Negotiate, Object.assign(new NegotiateRequest(), { dialects: [NT_LM] })]);
    assert.equal((await twice.answer()).header.status, NtStatus.InvalidSmb);
    assert.equal(await twice.frame(), undefined);
  }));

test('commands that are not served say so', () =>
  withServer({}, async (server) => {
    const peer = new Peer(server);
    await peer.logOn();
    assert.equal((await peer.call([C.WriteRaw, new EmptyBlock()])).status, NtStatus.NotSupported);
    assert.equal((await peer.call([0x99, new EmptyBlock()])).status, NtStatus.SmbBadCommand);
  }));
