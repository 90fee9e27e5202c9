import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CmacSigner, GmacSigner } from '#crypto/signing.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EchoResponse } from '#wire/smb2/command/echo.js';
import { Command, HeaderFlags, type Smb2Header } from '#wire/smb2/header.js';
import { isSigned } from './compose.js';
import type { SessionSecurity } from './security.js';
import { Bench, KEY, sealedSession } from './server-connection.test.bench.js';

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
  // The client holds 8 credits again: all those granted, less one for each of its four requests.
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
  // Only the header matters; the body is that of an ECHO.
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

test('where so many wait, what is slow goes on in silence', () => {
  const bench = new Bench();
  for (let messageId = 0; messageId < 4; messageId++) {
    bench.receive({ messageId });
    if (messageId < 3) bench.request(messageId).goAsync();
  }
  for (let i = 0; i < 3; i++) bench.look();
  assert.equal(bench.frames.length, 3);
  bench.request(0).respond(NtStatus.Success, new EchoResponse());
  bench.look();
  assert.deepEqual(bench.statuses(4), [[3, NtStatus.Pending]]);
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
