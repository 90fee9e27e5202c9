import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smb1Sign, smb1Verify } from '#crypto/smb1-signing.js';
import { connectionFacts } from '#tap/events.js';
import type { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import { CloseRequest } from '#wire/smb1/command/close.js';
import { EchoRequest, EchoResponse } from '#wire/smb1/command/echo.js';
import { OpenAndXRequest, OpenAndXResponse } from '#wire/smb1/command/open-andx.js';
import { ReadAndXRequest, ReadAndXResponse } from '#wire/smb1/command/read-andx.js';
import { SessionSetupAndXRequest, SessionSetupAndXResponse } from '#wire/smb1/command/session-setup-andx.js';
import { TreeConnectAndXRequest, TreeConnectAndXResponse } from '#wire/smb1/command/tree-connect-andx.js';
import { Smb1Flags, Smb1Flags2, Smb1Header } from '#wire/smb1/header.js';
import { type Block, decodeChain, encodeChain, Smb1Message } from '#wire/smb1/message.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import { FramePort } from '../frame-port.js';
import { Smb1ServerConnection } from './server-connection.js';
import type { Smb1ServerRequest } from './server-request.js';

const C = Smb1Command;
const NT_UNICODE = Smb1Flags2.NtStatus | Smb1Flags2.Unicode;
const KEY = new Uint8Array(16).fill(7);

/** An engine whose transport records what was sent, with a hand-written peer. */
class Bench {
  readonly sent: Uint8Array[] = [];
  readonly seen: Smb1ServerRequest[] = [];
  readonly failures: unknown[] = [];
  onRequest: (request: Smb1ServerRequest) => void = () => undefined;
  readonly engine: Smb1ServerConnection;
  released = 0;

  constructor(limits: { maxMpx: number; maxHeld: number } = { maxMpx: 50, maxHeld: 40 }) {
    const endpoints = { local: 'here', remote: 'there' };
    const transport = {
      endpoints,
      start: () => undefined,
      send: (parts: readonly Uint8Array[], done?: () => void) => {
        this.sent.push(Uint8Array.from(parts.flatMap((part) => [...part])).subarray(4));
        done?.();
      },
      end: () => undefined,
      destroy: () => undefined,
    };
    const clock = { now: () => 0, after: () => () => undefined };
    const facts = connectionFacts({ role: 'server', framing: 'direct', ...endpoints });
    const host = {
      handle: (request: Smb1ServerRequest) => {
        this.seen.push(request);
        this.onRequest(request);
      },
      fail: (error: unknown) => this.failures.push(error),
    };
    this.engine = new Smb1ServerConnection(
      new FramePort(transport, 'direct', facts, clock),
      host,
      limits,
      new Encoder(),
    );
  }

  header(values: Partial<Smb1Header> = {}): Smb1Header {
    return Object.assign(new Smb1Header(), { flags2: NT_UNICODE, uid: 3, tid: 4, mid: 5, pidLow: 6 }, values);
  }

  send(blocks: Block[], values: Partial<Smb1Header> = {}, sequence = -1): void {
    const frame = encodeChain(new Smb1Message(this.header(values), blocks));
    if (sequence !== -1) smb1Sign(KEY, [frame], sequence);
    this.engine.receive(frame, () => {
      this.released++;
    });
  }

  answer(at: number): Smb1Message {
    return decodeChain(this.sent[at] as Uint8Array);
  }

  bodies(at: number): string[] {
    return this.answer(at).blocks.map(({ body }) => body.constructor.name);
  }
}

const block = (command: number, body: Wire): Block => ({ command, body });
const echo = (): Block => block(C.Echo, new EchoRequest());
const chain = (): Block[] => [
  block(C.SessionSetupAndX, new SessionSetupAndXRequest()),
  block(C.TreeConnectAndX, Object.assign(new TreeConnectAndXRequest(), { path: '\\\\S\\X' })),
  block(C.OpenAndX, Object.assign(new OpenAndXRequest(), { fileName: 'f' })),
  block(C.ReadAndX, Object.assign(new ReadAndXRequest(), { fid: 0xffff })),
  block(C.Close, Object.assign(new CloseRequest(), { fid: 0xffff })),
];

function serve(request: Smb1ServerRequest): void {
  switch (request.command) {
    case C.SessionSetupAndX:
      request.ids.uid = 77;
      return request.respond(NtStatus.Success, new SessionSetupAndXResponse());
    case C.TreeConnectAndX:
      request.ids.tid = 88;
      return request.respond(NtStatus.Success, new TreeConnectAndXResponse());
    case C.OpenAndX:
      request.ids.fid = 99;
      return request.respond(NtStatus.Success, Object.assign(new OpenAndXResponse(), { fid: 99 }));
    case C.ReadAndX:
      return request.respond(NtStatus.Success, Object.assign(new ReadAndXResponse(), { data: new Uint8Array([1, 2]) }));
    default:
      return request.respond(NtStatus.Success, new EmptyBlock());
  }
}

test('a chain is worked off in order, each command with the ids of those before it', () => {
  const bench = new Bench();
  bench.onRequest = serve;
  bench.send(chain(), { uid: 0, tid: 0 });
  assert.equal(bench.sent.length, 1);
  assert.deepEqual(bench.bodies(0), [
    'SessionSetupAndXResponse',
    'TreeConnectAndXResponse',
    'OpenAndXResponse',
    'ReadAndXResponse',
    'EmptyBlock',
  ]);
  const { header } = bench.answer(0);
  assert.deepEqual([header.uid, header.tid, header.mid, header.pidLow], [77, 88, 5, 6]);
  assert.ok((header.flags & Smb1Flags.Reply) !== 0);
  assert.equal(bench.seen.at(-1)?.ids.fid, 99);
  assert.equal(bench.released, 1, 'the frame is free again');
});

test('the first error ends a chain; what came before stays', () => {
  const bench = new Bench();
  bench.onRequest = (request) =>
    request.command === C.OpenAndX ? request.respond(NtStatus.ObjectNameNotFound) : serve(request);
  bench.send(chain());
  assert.deepEqual(bench.bodies(0), ['SessionSetupAndXResponse', 'TreeConnectAndXResponse', 'EmptyBlock']);
  assert.equal(bench.answer(0).header.status, NtStatus.ObjectNameNotFound);
  assert.equal(bench.seen.length, 3);
});

test('a command that makes no sense ends its chain with INVALID_SMB', () => {
  const bench = new Bench();
  bench.onRequest = serve;
  const frame = encodeChain(new Smb1Message(bench.header(), chain().slice(0, 3)));
  // OPEN_ANDX with one word too few, at the offset given by the previous block.
  const second = decodeChain(frame).blocks[1]?.body as TreeConnectAndXRequest;
  frame[second.next.offset] = 200;
  bench.engine.receive(frame, () => undefined);
  assert.deepEqual(bench.bodies(0), ['SessionSetupAndXResponse', 'TreeConnectAndXResponse', 'EmptyBlock']);
  const { header } = bench.answer(0);
  assert.equal(header.status, NtStatus.InvalidSmb);
  assert.equal(header.flags2 & Smb1Flags2.NtStatus, 0, 'a DOS error says that it is one');
});

test('an answer that takes its time holds its chain, and no other message', () => {
  const bench = new Bench();
  bench.onRequest = (request) => {
    if (request.command !== C.TreeConnectAndX) serve(request);
  };
  bench.send(chain(), { mid: 1 });
  bench.send([echo()], { mid: 2 });
  assert.deepEqual([bench.sent.length, bench.answer(0).header.mid], [1, 2]);
  const waiting = bench.seen.find(({ command }) => command === C.TreeConnectAndX) as Smb1ServerRequest;
  serve(waiting);
  assert.equal(bench.bodies(1).length, 5);
});

test('the status has the form that the request asks for', () => {
  const bench = new Bench();
  bench.onRequest = (request) => request.respond(NtStatus.ObjectNameNotFound);
  bench.send([echo()], { flags2: 0 });
  bench.send([echo()]);
  assert.equal(bench.answer(0).header.status, 0x00020001, 'ERRDOS/ERRbadfile');
  assert.equal(bench.answer(1).header.status, NtStatus.ObjectNameNotFound);
});

test('signing begins with the answer to the session setup that made the key', () => {
  const bench = new Bench();
  bench.onRequest = (request) => {
    if (request.command === C.SessionSetupAndX) request.beginSigning(KEY);
    serve(request);
  };
  const setup = [block(C.SessionSetupAndX, new SessionSetupAndXRequest())];
  bench.send(setup);
  assert.ok(smb1Verify(KEY, [bench.sent[0] as Uint8Array], 1));
  assert.ok((bench.answer(0).header.flags2 & Smb1Flags2.SecuritySignature) !== 0);
  bench.send([echo()], {}, 2);
  assert.ok(smb1Verify(KEY, [bench.sent[1] as Uint8Array], 3));
  bench.send([echo()], {}, 2);
  assert.equal(bench.answer(2).header.status, NtStatus.AccessDenied, 'a number is used once');
  bench.send([echo()]);
  assert.equal(bench.answer(3).header.status, NtStatus.AccessDenied, 'unsigned is not believed');
  bench.send([echo()], {}, 4);
  assert.ok(smb1Verify(KEY, [bench.sent[4] as Uint8Array], 5), 'and does not use up the number');
  assert.equal(bench.answer(4).header.status, NtStatus.Success);
});

test('a cancel uses one number and is not answered; what it cancels is answered with its own number', () => {
  const bench = new Bench();
  bench.onRequest = (request) => {
    if (request.command === C.SessionSetupAndX) request.beginSigning(KEY);
    if (request.header.mid !== 9) return serve(request);
    bench.engine.hold(request);
    request.signal.addEventListener('abort', () => request.respond((request.signal.reason as StatusError).status));
  };
  bench.send([block(C.SessionSetupAndX, new SessionSetupAndXRequest())]);
  bench.send([echo()], { mid: 9 }, 2);
  bench.send([echo()], { mid: 10 }, 4);
  bench.send([block(C.NtCancel, new EmptyBlock())], { mid: 10 }, 6);
  assert.equal(bench.sent.length, 2, 'nothing is held under that id');
  bench.send([block(C.NtCancel, new EmptyBlock())], { mid: 9, uid: 1 }, 7);
  assert.equal(bench.sent.length, 2, 'another user may not');
  bench.send([block(C.NtCancel, new EmptyBlock())], { mid: 9 }, 8);
  assert.equal(bench.sent.length, 3);
  assert.equal(bench.answer(2).header.status, NtStatus.Cancelled);
  assert.equal(bench.answer(2).header.mid, 9);
  assert.ok(smb1Verify(KEY, [bench.sent[2] as Uint8Array], 3));
  bench.send([echo()], { mid: 11 }, 9);
  assert.ok(smb1Verify(KEY, [bench.sent[3] as Uint8Array], 10));
});

test('requests beyond MaxMpxCount are refused, and so are too many that are held', () => {
  const bench = new Bench({ maxMpx: 3, maxHeld: 1 });
  bench.onRequest = (request) => {
    if (!bench.engine.hold(request)) request.respond(NtStatus.InsufficientResources);
  };
  bench.send([echo()], { mid: 1 });
  bench.send([echo()], { mid: 2 });
  assert.equal(bench.answer(0).header.mid, 2);
  bench.onRequest = () => undefined;
  bench.send([echo()], { mid: 3 });
  bench.send([echo()], { mid: 4 });
  bench.send([echo()], { mid: 5 });
  assert.equal(bench.answer(1).header.mid, 5);
  assert.equal(bench.answer(1).header.status, NtStatus.InsufficientResources);
});

test('an answer of several messages gives back its memory once, at the end', () => {
  const bench = new Bench();
  let released = 0;
  bench.onRequest = (request) => {
    const more = [2, 3].map((sequenceNumber) => Object.assign(new EchoResponse(), { sequenceNumber }));
    const release = (): void => {
      released++;
      assert.equal(bench.sent.length, 3);
    };
    request.respond(NtStatus.Success, new EchoResponse(), { more, release });
  };
  bench.send([echo()]);
  const numbers = bench.sent.map((_, i) => ((bench.answer(i).blocks[0] as Block).body as EchoResponse).sequenceNumber);
  assert.deepEqual([numbers, released], [[1, 2, 3], 1]);
});

test('a dropped request is not answered; a closed connection cancels and gives back', () => {
  const bench = new Bench();
  bench.onRequest = (request) => request.drop();
  bench.send([echo()]);
  assert.deepEqual([bench.sent.length, bench.released, bench.engine.pending], [0, 1, 0]);
  bench.onRequest = () => undefined;
  bench.send([echo()]);
  const request = bench.seen.at(-1) as Smb1ServerRequest;
  bench.engine.closed();
  assert.ok(request.signal.aborted);
  let released = false;
  request.respond(NtStatus.Success, new EmptyBlock(), {
    release: () => {
      released = true;
    },
  });
  assert.deepEqual([released, bench.sent.length], [true, 0]);
});

test('a reply, or what is no SMB1 message, ends the connection', () => {
  const bench = new Bench();
  assert.throws(() => bench.send([echo()], { flags: Smb1Flags.Reply }), /a reply from a client/);
  assert.throws(() => bench.engine.receive(new Uint8Array(40), () => undefined), /not an SMB1 message/);
});
