import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Opener, Sealer } from '#crypto/sealing.js';
import { GmacSigner } from '#crypto/signing.js';
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

type Asked = Partial<Pick<Smb2Header, 'messageId' | 'flags' | 'sessionId' | 'command' | 'asyncId' | 'credits'>>;

/** An engine whose client and whose server are the test. */
class Bench {
  readonly sessions = new Map<bigint, SessionSecurity>();
  readonly handled: Smb2ServerRequest[] = [];
  /** Frames as they went out. */
  readonly frames: Uint8Array[] = [];
  readonly failures: unknown[] = [];
  readonly engine: Smb2ServerConnection;
  released = 0;

  constructor() {
    const transport: Transport = {
      endpoints: { local: 'here', remote: 'there' },
      start: () => undefined,
      send: (parts, done) => {
        this.frames.push(joined(parts).subarray(FRAME_HEADER));
        done?.();
      },
      end: () => undefined,
      destroy: () => undefined,
    };
    const facts = connectionFacts({ role: 'server', framing: 'direct', local: 'here', remote: 'there' });
    const clock = { now: () => 0, after: () => () => undefined };
    const host = {
      security: (id: bigint) => this.sessions.get(id),
      handle: (request: Smb2ServerRequest) => void this.handled.push(request),
      fail: (error: unknown) => void this.failures.push(error),
    };
    const limits = { maxCredits: 8, maxCreditsUnauthenticated: 8, maxCompound: 8 };
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

  receiveSealed(session: SessionSecurity, ...asked: readonly Asked[]): void {
    const parts = session.sealer?.seal([this.plain(...asked)], session.id) ?? [];
    this.engine.receive(joined(parts), () => this.released++);
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

test('interim responses are not signed, the answers are, even after the session', () => {
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
