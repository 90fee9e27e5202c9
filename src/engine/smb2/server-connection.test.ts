import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Opener, Sealer } from '#crypto/sealing.js';
import { CmacSigner, GmacSigner } from '#crypto/signing.js';
import { connectionFacts } from '#tap/events.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { EchoRequest, EchoResponse } from '#wire/smb2/command/echo.js';
import { Command, HeaderFlags, Smb2Header } from '#wire/smb2/header.js';
import { FRAME_HEADER, FramePort, joined } from '../frame-port.js';
import type { Transport } from '../transport.js';
import { compose, isSigned } from './compose.js';
import type { SessionSecurity } from './security.js';
import { Smb2ServerConnection } from './server-connection.js';
import type { Smb2ServerRequest } from './server-request.js';
import { splitCompound } from './split.js';

const KEY = new Uint8Array(16).fill(7);
const GCM = 2;

function sealedSession(id: bigint, key: Uint8Array = KEY): SessionSecurity {
  return {
    id,
    signer: new GmacSigner(key),
    signingRequired: true,
    sealer: new Sealer(GCM, key, (n) => new Uint8Array(n)),
    opener: new Opener(GCM, key),
    encryptionRequired: false,
  };
}

type Asked = Partial<
  Pick<Smb2Header, 'messageId' | 'flags' | 'sessionId' | 'command' | 'asyncId' | 'credits' | 'creditCharge'>
>;

/** An engine whose client and whose server are the test. */
class Bench {
  readonly sessions = new Map<bigint, SessionSecurity>();
  readonly handled: Smb2ServerRequest[] = [];
  /** Frames as they went out. */
  readonly frames: Uint8Array[] = [];
  readonly failures: unknown[] = [];
  readonly engine: Smb2ServerConnection;
  released = 0;
  readonly timers: (() => void)[] = [];
  /** What the transport was told of reading. */
  readonly flow: string[] = [];

  constructor(maxCredits = 8) {
    const transport: Transport = {
      endpoints: { local: 'here', remote: 'there' },
      start: () => undefined,
      send: (parts, done) => {
        this.frames.push(joined(parts).subarray(FRAME_HEADER));
        done?.();
      },
      pause: () => void this.flow.push('pause'),
      resume: () => void this.flow.push('resume'),
      end: () => undefined,
      destroy: () => undefined,
    };
    const facts = connectionFacts({ role: 'server', framing: 'direct', local: 'here', remote: 'there' });
    const clock = {
      now: () => 0,
      after: (_ms: number, callback: () => void) => {
        this.timers.push(callback);
        return () => undefined;
      },
    };
    const host = {
      security: (id: bigint) => this.sessions.get(id),
      handle: (request: Smb2ServerRequest) => void this.handled.push(request),
      fail: (error: unknown) => void this.failures.push(error),
    };
    const limits = {
      maxCredits,
      maxCreditsUnauthenticated: maxCredits,
      maxCompound: 8,
      maxAsync: 3,
      maxDeferredBytes: 1000,
      interimMs: 500,
    };
    this.engine = new Smb2ServerConnection(
      new FramePort(transport, 'direct', facts, clock),
      host,
      limits,
      new Encoder(),
    );
    this.engine.dialect = 0x0311;
  }

  /** The bytes of echo requests in one frame. */
  plain(...asked: readonly Asked[]): Uint8Array {
    const messages = asked.map((values) => ({
      header: Object.assign(new Smb2Header(), { command: Command.Echo, credits: 8, ...values }),
      body: new EchoRequest(),
      signWith: undefined,
    }));
    return joined(compose(new Encoder(), messages, false)).subarray(FRAME_HEADER);
  }

  receive(...asked: readonly Asked[]): void {
    this.engine.receive(this.plain(...asked), () => this.released++);
  }

  receiveSigned(session: SessionSecurity, asked: Asked): void {
    const header = Object.assign(new Smb2Header(), { command: Command.Echo, credits: 8, ...asked });
    header.flags |= HeaderFlags.Signed;
    const message = { header, body: new EchoRequest(), signWith: session };
    this.engine.receive(joined(compose(new Encoder(), [message], false)).subarray(FRAME_HEADER), () => undefined);
  }

  /** A request with bytes behind it, which has to wait behind others. */
  big(messageId: number, size: number): void {
    const frame = new Uint8Array(size);
    frame.set(this.plain({ messageId, creditCharge: 32 }));
    this.engine.receive(frame, () => this.released++);
  }

  receiveSealed(session: SessionSecurity, ...asked: readonly Asked[]): void {
    const parts = session.sealer?.seal([this.plain(...asked)], session.id) ?? [];
    this.engine.receive(joined(parts), () => this.released++);
  }

  /** Lets the engine look for slow requests. */
  look(): void {
    for (const callback of this.timers.splice(0)) callback();
  }

  /** Ids and statuses of the messages in a frame that went out. */
  statuses(at: number): [number, number][] {
    return this.headers(at).map(({ messageId, status }) => [messageId, status]);
  }

  /** Headers of the messages in a frame that went out. */
  headers(at: number): Smb2Header[] {
    return splitCompound(new Decoder(), this.frames[at] as Uint8Array, 8).map(({ header }) => header);
  }

  request(at: number): Smb2ServerRequest {
    return this.handled[at] as Smb2ServerRequest;
  }
}

test('a sealed frame cannot speak for another session by calling its first message related', () => {
  const bench = new Bench();
  const mine = sealedSession(1n);
  bench.sessions.set(1n, mine).set(2n, sealedSession(2n, new Uint8Array(16).fill(9)));
  const related = HeaderFlags.RelatedOperations;
  const asked = [0, 1].map((messageId) => ({ messageId, flags: related, sessionId: 2n }));
  assert.throws(() => bench.receiveSealed(mine, ...asked), ConnectionLost);
  assert.equal(bench.handled.length, 0);
});

test('what was asked under seal is answered under seal, though the session has ended meanwhile', () => {
  const bench = new Bench();
  const session = sealedSession(1n);
  bench.sessions.set(1n, session);
  bench.receiveSealed(session, { messageId: 0, sessionId: 1n });
  bench.sessions.clear();
  bench.request(0).respond(NtStatus.Success, new EchoResponse());
  assert.equal(bench.frames[0]?.[0], 0xfd);
  const answer = session.opener?.open(bench.frames[0] as Uint8Array) as Uint8Array;
  assert.equal(splitCompound(new Decoder(), answer, 1)[0]?.header.messageId, 0);
});

test('with AES-GMAC interim responses are not signed, the answers are, even after the session', () => {
  const bench = new Bench();
  bench.sessions.set(1n, { ...sealedSession(1n), signingRequired: false });
  bench.receive({ messageId: 0, sessionId: 1n });
  const request = bench.request(0);
  Object.assign(request, { signed: true });
  request.goAsync();
  bench.sessions.clear();
  request.respond(NtStatus.Success, new EchoResponse());
  const [interim] = bench.headers(0);
  const [final] = bench.headers(1);
  assert.equal(interim?.status, NtStatus.Pending);
  assert.equal(interim && isSigned(interim), false);
  assert.equal(final && isSigned(final), true);
  assert.equal(final?.asyncId, interim?.asyncId);
  assert.equal(final?.credits, 0);
  assert.equal(bench.released, 1);
});

test('an async answer does not let a compound run ahead of the request that it waits for', () => {
  const bench = new Bench();
  bench.receive({ messageId: 0 });
  bench.request(0).respond(NtStatus.Success, new EchoResponse());
  bench.receive({ messageId: 1 }, { messageId: 2 }, { messageId: 3 });
  const first = bench.request(1);
  first.goAsync();
  assert.equal(bench.handled.length, 3);
  first.respond(NtStatus.Success, new EchoResponse());
  assert.equal(bench.handled.length, 3, 'the third message waits for the second');
  bench.request(2).respond(NtStatus.Success, new EchoResponse());
  bench.request(3).respond(NtStatus.Success, new EchoResponse());
  const answers = bench.headers(1);
  assert.deepEqual(
    answers.map(({ messageId, status }) => [messageId, status]),
    [1, 2, 3].map((id) => [id, NtStatus.Success]),
  );
  // The client holds what it was told of, and no more is on the books: 1 + 8 - 1, all of it used for 3, given back.
  const told = [...bench.headers(0), ...answers].reduce((sum, { credits }) => sum + credits, 1);
  assert.equal(told - 4, 8);
  assert.equal(bench.released, 2);
});

test('what is related to nothing is refused, and so is what is related to that', () => {
  const bench = new Bench();
  bench.receive({ messageId: 0 });
  bench.request(0).respond(NtStatus.Success, new EchoResponse());
  const flags = HeaderFlags.RelatedOperations;
  bench.receive({ messageId: 1, flags }, { messageId: 2, flags });
  assert.equal(bench.handled.length, 1);
  assert.deepEqual(
    bench.headers(1).map(({ status }) => status),
    [NtStatus.InvalidParameter, NtStatus.InvalidParameter],
  );
});

test('CANCEL by an AsyncId of zero means nobody', () => {
  const bench = new Bench();
  bench.receive({ messageId: 0 });
  bench.receive({ command: Command.Cancel, flags: HeaderFlags.AsyncCommand, asyncId: 0 });
  assert.equal(bench.request(0).signal.aborted, false);
  bench.receive({ command: Command.Cancel, messageId: 0 });
  assert.equal(bench.request(0).signal.aborted, true);
});

test('a message longer than its credits pay for is refused', () => {
  const bench = new Bench();
  const long = new Uint8Array(65_536 + 8192 + 1);
  long.set(bench.plain({ messageId: 0 }));
  bench.engine.receive(long, () => bench.released++);
  assert.equal(bench.handled.length, 0);
  assert.equal(bench.headers(0)[0]?.status, NtStatus.InvalidParameter);
  assert.equal(bench.released, 1);
});

test('what nobody asked for has no message id and no signature, and is sealed if it has to be', () => {
  const bench = new Bench();
  const session = sealedSession(1n);
  bench.sessions.set(1n, session);
  const message = { command: Command.Echo, body: new EchoResponse(), sessionId: 1n };
  assert.equal(bench.engine.notify(message, undefined), true);
  const [plain] = bench.headers(0);
  assert.equal(plain?.messageId, -1);
  assert.equal(plain?.flags, HeaderFlags.ServerToRedir);
  assert.equal(bench.engine.notify(message, session), true);
  const opened = session.opener?.open(bench.frames[1] as Uint8Array) as Uint8Array;
  assert.equal(splitCompound(new Decoder(), opened, 1)[0]?.header.sessionId, 1n);
  bench.engine.closed();
  assert.equal(bench.engine.notify(message, undefined), false);
  assert.equal(bench.frames.length, 2);
});

test('where signing is demanded, interim responses are signed, unless their nonce would serve twice', () => {
  for (const [signer, signed] of [
    [new CmacSigner(KEY), true],
    [new GmacSigner(KEY), false],
  ] as const) {
    const bench = new Bench();
    bench.sessions.set(1n, { ...sealedSession(1n), signer });
    bench.receiveSigned(bench.sessions.get(1n) as SessionSecurity, { messageId: 0, sessionId: 1n });
    bench.request(0).goAsync();
    assert.equal(isSigned(bench.headers(0)[0] as Smb2Header), signed);
  }
});

const RELATED = { flags: HeaderFlags.RelatedOperations };

test('in the middle of related requests nothing may wait for something to happen', () => {
  const bench = new Bench();
  bench.receive({ messageId: 0 });
  bench.request(0).respond(NtStatus.Success, new EchoResponse());
  bench.receive({ messageId: 1 }, { messageId: 2, ...RELATED }, { messageId: 3, ...RELATED });
  bench.request(1).respond(NtStatus.Success, new EchoResponse());
  bench.request(2).goAsync();
  assert.equal(bench.request(2).signal.aborted, true);
  bench.request(2).respond(NtStatus.Cancelled, new EchoResponse());
  bench.request(3).respond(NtStatus.Success, new EchoResponse());
  assert.deepEqual(bench.statuses(1), [
    [1, NtStatus.Success],
    [2, NtStatus.InternalError],
    [3, NtStatus.Success],
  ]);
});

test('an open may: the client is told to wait, and what follows comes along with its answer', () => {
  const bench = new Bench();
  bench.receive({ messageId: 0 });
  const create = bench.request(0);
  // The header alone decides; the body is an echo's.
  create.respond(NtStatus.Success, new EchoResponse());
  bench.receive({ messageId: 1 }, { messageId: 2, ...RELATED });
  const open = bench.request(1);
  open.header.command = Command.Create;
  open.goAsync();
  assert.deepEqual(bench.statuses(1), [[1, NtStatus.Pending]]);
  assert.equal(bench.handled.length, 2);
  open.respond(NtStatus.Success, new EchoResponse());
  bench.request(2).respond(NtStatus.Success, new EchoResponse());
  assert.deepEqual(bench.statuses(2), [
    [1, NtStatus.Success],
    [2, NtStatus.Success],
  ]);
  assert.equal(bench.headers(2)[0]?.asyncId, bench.headers(1)[0]?.asyncId);
  assert.equal(bench.released, 2);
  assert.equal(bench.engine.idle, true);
});

test('what two looks find at work gets an interim response', () => {
  const bench = new Bench();
  bench.receive({ messageId: 0 });
  bench.look();
  assert.equal(bench.frames.length, 0);
  bench.look();
  assert.deepEqual(bench.statuses(0), [[0, NtStatus.Pending]]);
  assert.equal(bench.timers.length, 0, 'nobody looks where nothing is at work');
  bench.request(0).respond(NtStatus.Success, new EchoResponse());
  assert.deepEqual(bench.statuses(1), [[0, NtStatus.Success]]);
});

test('slow requests that others are related to, and logons, just take their time', () => {
  const bench = new Bench();
  bench.receive({ messageId: 0 });
  bench.request(0).respond(NtStatus.Success, new EchoResponse());
  bench.receive({ messageId: 1 }, { messageId: 2, ...RELATED });
  bench.receive({ messageId: 3 });
  bench.request(2).header.command = Command.SessionSetup;
  for (let i = 0; i < 4; i++) bench.look();
  assert.equal(bench.frames.length, 1);
  bench.request(1).respond(NtStatus.Success, new EchoResponse());
  assert.equal(bench.handled.length, 4);
});

test('so many requests may wait after an interim response, and no more', () => {
  const bench = new Bench();
  for (let messageId = 0; messageId < 4; messageId++) {
    bench.receive({ messageId });
    bench.request(messageId).goAsync();
  }
  assert.deepEqual(bench.statuses(3), [[3, NtStatus.InsufficientResources]]);
  bench.request(0).respond(NtStatus.Success, new EchoResponse());
  bench.receive({ messageId: 4 });
  bench.request(4).goAsync();
  assert.deepEqual(bench.statuses(5), [[4, NtStatus.Pending]]);
});

test('CANCEL reaches a request whose turn has not come', () => {
  const bench = new Bench();
  bench.receive({ messageId: 0 });
  bench.request(0).respond(NtStatus.Success, new EchoResponse());
  bench.receive({ messageId: 1 }, { messageId: 2, ...RELATED });
  bench.receive({ command: Command.Cancel, messageId: 2 });
  assert.equal(bench.request(1).signal.aborted, false);
  bench.request(1).respond(NtStatus.Success, new EchoResponse());
  assert.deepEqual(bench.statuses(1), [
    [1, NtStatus.Success],
    [2, NtStatus.Cancelled],
  ]);
  assert.equal(bench.handled.length, 2);
});

test('while too much waits for its turn, nothing more is read', () => {
  const bench = new Bench(128);
  bench.receive({ messageId: 0, credits: 128 });
  bench.request(0).respond(NtStatus.Success, new EchoResponse());
  bench.receive({ messageId: 1 });
  bench.big(2, 600);
  assert.deepEqual(bench.flow, []);
  bench.big(34, 600);
  assert.deepEqual(bench.flow, ['pause']);
  assert.equal(bench.handled.length, 2);
  bench.request(1).respond(NtStatus.Success, new EchoResponse());
  bench.request(2).respond(NtStatus.Success, new EchoResponse());
  assert.deepEqual(bench.flow, ['pause', 'resume']);
});

test('a session that ends cancels what still waits in it', () => {
  const bench = new Bench();
  bench.receive({ messageId: 0, sessionId: 1n });
  bench.request(0).goAsync();
  bench.receive({ messageId: 1, sessionId: 2n });
  bench.engine.cancelSession(1n);
  assert.deepEqual(
    bench.handled.map(({ signal }) => signal.aborted),
    [true, false],
  );
});

test('a request signed for a session that is not here is told so', () => {
  const bench = new Bench();
  bench.receiveSigned(sealedSession(9n), { messageId: 0, sessionId: 9n });
  const [answer] = bench.headers(0);
  assert.equal(answer?.status, NtStatus.UserSessionDeleted);
  assert.equal(answer && isSigned(answer), true);
});
