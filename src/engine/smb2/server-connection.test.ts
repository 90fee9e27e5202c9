import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FrameEvent, frames } from '#tap/events.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import { EchoResponse } from '#wire/smb2/command/echo.js';
import { ReadResponse } from '#wire/smb2/command/read.js';
import { Command, HeaderFlags } from '#wire/smb2/header.js';
import { FRAME_HEADER } from '../frame-port.js';
import { isSigned } from './compose.js';
import { Bench, sealedSession } from './server-connection.test.bench.js';
import { splitCompound } from './split.js';

test('a sealed frame cannot speak for another session by calling its first message related', () => {
  const bench = new Bench();
  const mine = sealedSession(1n);
  bench.sessions.set(1n, mine).set(2n, sealedSession(2n, new Uint8Array(16).fill(9)));
  const related = HeaderFlags.RelatedOperations;
  const asked = [0, 1].map((messageId) => ({ messageId, flags: related, sessionId: 2n }));
  assert.throws(() => bench.receiveSealed(mine, ...asked), ConnectionLost);
  assert.equal(bench.handled.length, 0);
});

test('nor by a CANCEL that it calls related', () => {
  const bench = new Bench();
  const mine = sealedSession(1n);
  bench.sessions.set(1n, mine).set(2n, { ...sealedSession(2n), signingRequired: false });
  bench.receive({ messageId: 0, sessionId: 2n });
  const cancel = { command: Command.Cancel, flags: HeaderFlags.RelatedOperations, messageId: 0, sessionId: 2n };
  assert.throws(() => bench.receiveSealed(mine, { messageId: 1, sessionId: 1n }, cancel), ConnectionLost);
  assert.equal(bench.request(0).signal.aborted, false);
});

test('a sealed frame may name a session that is not there: it is told so', () => {
  const bench = new Bench();
  const mine = sealedSession(1n);
  bench.sessions.set(1n, mine);
  bench.receiveSealed(mine, { messageId: 0, sessionId: 9n });
  assert.equal(bench.request(0).security, undefined);
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

test('the tap hears of a sealed frame as it came, though it is opened in its place, and of what is in it', () => {
  const bench = new Bench();
  const session = sealedSession(1n);
  bench.sessions.set(1n, session);
  const heard: FrameEvent[] = [];
  const end = frames.subscribe((event) => heard.push(event));
  bench.receiveSealed(session, { messageId: 0, sessionId: 1n });
  bench.request(0).respond(NtStatus.Success, new EchoResponse());
  end();
  assert.deepEqual([heard.length, bench.released], [2, 1]);
  for (const { frame, plain } of heard) {
    assert.deepEqual(session.opener?.open(frame.slice(FRAME_HEADER)), plain);
    assert.equal(splitCompound(new Decoder(), plain as Uint8Array, 1)[0]?.header.messageId, 0);
  }
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
test('a request signed for a session that is not here is told so', () => {
  const bench = new Bench();
  bench.receiveSigned(sealedSession(9n), { messageId: 0, sessionId: 9n });
  const [answer] = bench.headers(0);
  assert.equal(answer?.status, NtStatus.UserSessionDeleted);
  assert.equal(answer && isSigned(answer), true);
  const related = { messageId: 2, sessionId: 9n, flags: HeaderFlags.RelatedOperations };
  bench.receiveSigned(sealedSession(9n), { messageId: 1, sessionId: 9n }, related);
  assert.deepEqual(bench.statuses(1), [
    [1, NtStatus.UserSessionDeleted],
    [2, NtStatus.InvalidParameter],
  ]);
});

test('nor is there a key that could have signed the first message of a logon', () => {
  const bench = new Bench();
  bench.receiveSigned(sealedSession(0n), { messageId: 0, command: Command.SessionSetup });
  assert.deepEqual(bench.statuses(0), [[0, NtStatus.UserSessionDeleted]]);
});

test('in a compound each answer is as long as a multiple of 8, alone it is as long as it is', () => {
  const bench = new Bench();
  const answer = (at: number): void => {
    const body = Object.assign(new ReadResponse(), { data: Uint8Array.of(1, 2, 3) });
    bench.request(at).respond(NtStatus.Success, body);
  };
  bench.receive({ messageId: 0 });
  answer(0);
  assert.equal(bench.frames[0]?.length, 64 + 16 + 3);
  bench.receive({ messageId: 1 }, { messageId: 2 });
  answer(1);
  answer(2);
  assert.equal(bench.frames[1]?.length, 2 * (64 + 16 + 8));
});
