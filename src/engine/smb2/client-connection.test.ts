import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HmacSha256Signer } from '#crypto/signing.js';
import { connectionFacts } from '#tap/events.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { EchoRequest, EchoResponse } from '#wire/smb2/command/echo.js';
import { ErrorResponse } from '#wire/smb2/command/error.js';
import { IoctlRequest, IoctlResponse } from '#wire/smb2/command/ioctl.js';
import { WriteRequest, WriteResponse } from '#wire/smb2/command/write.js';
import { Command, HeaderFlags, Smb2Header } from '#wire/smb2/header.js';
import { FRAME_HEADER, FramePort, joined } from '../frame-port.js';
import type { Transport } from '../transport.js';
import { Smb2ClientConnection } from './client-connection.js';
import { compose } from './compose.js';
import type { SessionSecurity } from './security.js';
import { splitCompound } from './split.js';

interface Answer {
  readonly status?: number;
  readonly body?: Wire;
  readonly credits?: number;
  readonly flags?: number;
  readonly asyncId?: number;
  readonly messageId?: number;
  readonly signWith?: SessionSecurity;
}

/** An engine with the test as its peer. */
class Bench {
  readonly sent: Smb2Header[] = [];
  readonly engine: Smb2ClientConnection;
  /** Number of messages in each frame. */
  readonly frames: number[] = [];

  /** Reports that the system has taken the caller's data. */
  taken: (() => void) | undefined;

  constructor() {
    const transport: Transport = {
      endpoints: { local: 'here', remote: 'there' },
      start: () => undefined,
      send: (parts, done) => {
        this.taken = done;
        const messages = splitCompound(new Decoder(), joined(parts).subarray(FRAME_HEADER), 16);
        this.frames.push(messages.length);
        this.sent.push(...messages.map(({ header }) => header));
      },
      end: () => undefined,
      destroy: () => undefined,
    };
    const facts = connectionFacts({ role: 'client', framing: 'direct', local: 'here', remote: 'there' });
    const clock = { now: () => 0, after: () => () => undefined };
    this.engine = new Smb2ClientConnection(new FramePort(transport, 'direct', facts, clock), new Encoder());
    this.engine.dialect = 0x0311;
  }

  /** A frame that answers requests, as one compound. */
  frame(...answers: readonly [request: Smb2Header, answer: Answer][]): Uint8Array {
    const messages = answers.map(([request, answer]) => {
      const header = new Smb2Header();
      header.command = request.command;
      header.status = answer.status ?? 0;
      header.credits = answer.credits ?? 1;
      header.messageId = answer.messageId ?? request.messageId;
      header.flags = HeaderFlags.ServerToRedir | (answer.flags ?? 0);
      header.asyncId = answer.asyncId ?? 0;
      header.sessionId = request.sessionId;
      return { header, body: answer.body ?? new EchoResponse(), signWith: answer.signWith };
    });
    return joined(compose(new Encoder(), messages, true)).subarray(FRAME_HEADER);
  }

  answer(request: Smb2Header | undefined, answer: Answer = {}): void {
    assert.ok(request, 'no such request');
    this.engine.receive(this.frame([request, answer]));
  }

  echo(options: { charge?: number; signal?: AbortSignal; session?: SessionSecurity } = {}): Promise<unknown> {
    const { charge, ...rest } = options;
    return this.engine.call({ command: Command.Echo, body: new EchoRequest(), ...(charge ? { charge } : {}) }, rest);
  }
}

function session(signer: HmacSha256Signer): SessionSecurity {
  return {
    id: 7n,
    signer,
    signingRequired: true,
    sealer: undefined,
    opener: undefined,
    encryptionRequired: false,
  };
}

test('calls wait in order until there are credits', async () => {
  const bench = new Bench();
  bench.engine.enterByMultiProtocol(2);
  const calls = [bench.echo(), bench.echo(), bench.echo({ charge: 3 }), bench.echo()];
  assert.equal(bench.sent.length, 2);
  bench.answer(bench.sent[0], { credits: 2 });
  assert.equal(bench.sent.length, 2, 'a small call must not overtake a large one');
  assert.equal(bench.engine.reach, 3);
  bench.answer(bench.sent[1], { credits: 2 });
  assert.deepEqual(
    bench.sent.map(({ messageId, creditCharge }) => [messageId, creditCharge]),
    [
      [1, 1],
      [2, 1],
      [3, 3],
      [6, 1],
    ],
  );
  assert.equal(bench.engine.reach, 4);
  for (const header of bench.sent.slice(2)) bench.answer(header);
  await Promise.all(calls);
  assert.equal(bench.engine.outstanding, 0);
});

test('what has had an interim answer brings no credits any more', async () => {
  const bench = new Bench();
  const slow = bench.echo();
  assert.equal(bench.engine.reach, 1);
  const interim = { status: NtStatus.Pending, flags: HeaderFlags.AsyncCommand, asyncId: 7 };
  bench.answer(bench.sent[0], { ...interim, credits: 1 });
  bench.answer(bench.sent[0], { ...interim, credits: 0 });
  assert.deepEqual([bench.engine.reach, bench.engine.credits, bench.engine.outstanding], [1, 1, 1]);
  bench.answer(bench.sent[0], { credits: 0, flags: HeaderFlags.AsyncCommand, asyncId: 7 });
  await slow;
  assert.deepEqual([bench.engine.reach, bench.engine.credits, bench.engine.outstanding], [1, 1, 0]);
});

test('a call that waits for more credits than there will be holds nobody up', async () => {
  const bench = new Bench();
  const abort = new AbortController();
  const first = bench.echo();
  const calledOff = bench.echo({ charge: 3, signal: abort.signal });
  const next = bench.echo();
  abort.abort(new Error('enough'));
  bench.answer(bench.sent[0]);
  await first;
  await assert.rejects(calledOff, /enough/);
  assert.equal(bench.sent.length, 2);
  const tooDear = bench.echo({ charge: 2 });
  bench.answer(bench.sent[1]);
  await next;
  await assert.rejects(tooDear, { code: 'STATUS_INSUFFICIENT_RESOURCES', command: 'ECHO' });
  const last = bench.echo();
  bench.answer(bench.sent[2]);
  await last;
  assert.equal(bench.engine.outstanding, 0);
});

test('an interim answer is none; its AsyncId goes into the cancel, and the connection survives it', async () => {
  const bench = new Bench();
  const abort = new AbortController();
  const call = bench.echo({ signal: abort.signal });
  const [request] = bench.sent;
  bench.answer(request, {
    status: NtStatus.Pending,
    flags: HeaderFlags.AsyncCommand,
    asyncId: 99,
    body: new ErrorResponse(),
  });
  assert.equal(bench.engine.outstanding, 1);
  abort.abort(new Error('enough'));
  const cancel = bench.sent[1] as Smb2Header;
  assert.equal(cancel.command, Command.Cancel);
  assert.deepEqual([cancel.messageId, cancel.asyncId], [request?.messageId, 99]);
  bench.answer(request, { status: NtStatus.Cancelled, body: new ErrorResponse() });
  await assert.rejects(call, /enough/);
  const next = bench.echo();
  bench.answer(bench.sent[2]);
  await next;
});

test('what comes although it was cancelled is handed over', async () => {
  const bench = new Bench();
  const abort = new AbortController();
  const call = bench.echo({ signal: abort.signal });
  abort.abort();
  bench.answer(bench.sent[0]);
  await call;
});

test('a compound is one frame with an outcome for each', async () => {
  const bench = new Bench();
  bench.engine.enterByMultiProtocol(8);
  const call = { command: Command.Echo, body: new EchoRequest() };
  const outcomes = bench.engine.compound([call, { ...call, path: 'x' }, call]);
  assert.deepEqual(bench.frames, [3]);
  const [first, second, third] = bench.sent as [Smb2Header, Smb2Header, Smb2Header];
  assert.deepEqual(
    bench.sent.map(({ flags }) => flags & HeaderFlags.RelatedOperations),
    [0, 4, 4],
  );
  bench.engine.receive(
    bench.frame([first, {}], [second, { status: NtStatus.AccessDenied, body: new ErrorResponse() }], [third, {}]),
  );
  const settled = await Promise.allSettled(outcomes);
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  const { reason } = settled[1] as PromiseRejectedResult;
  assert.ok(reason instanceof StatusError);
  assert.deepEqual([reason.code, reason.command, reason.path], ['STATUS_ACCESS_DENIED', 'ECHO', 'x']);
});

test('an answer must be signed under the right key, or it ends the connection', async () => {
  const key = session(new HmacSha256Signer(new Uint8Array(16).fill(1)));
  const other = session(new HmacSha256Signer(new Uint8Array(16).fill(2)));
  const good = new Bench();
  const call = good.echo({ session: key });
  assert.equal((good.sent[0]?.flags ?? 0) & HeaderFlags.Signed, HeaderFlags.Signed);
  good.answer(good.sent[0], { signWith: key });
  await call;
  for (const answer of [{}, { signWith: other }]) {
    const bad = new Bench();
    const refused = assert.rejects(bad.echo({ session: key }), { code: 'SMB_BAD_SIGNATURE' });
    assert.throws(() => bad.answer(bad.sent[0], answer), ConnectionLost);
    await refused;
  }
});

test('answers to what was not asked end the connection', () => {
  const bench = new Bench();
  bench.echo().catch(() => undefined);
  assert.throws(() => bench.answer(bench.sent[0], { messageId: 5 }), ConnectionLost);
});

test('an IOCTL that fails with data is told apart from one that fails without', async () => {
  const output = new IoctlResponse();
  output.output = Uint8Array.of(1, 2, 3);
  const accept = [NtStatus.InvalidParameter];
  for (const [body, expected] of [
    [output, IoctlResponse],
    [new ErrorResponse(), ErrorResponse],
  ] as const) {
    const bench = new Bench();
    const call = bench.engine.call({ command: Command.Ioctl, body: new IoctlRequest(), accept });
    bench.answer(bench.sent[0], { status: NtStatus.InvalidParameter, body });
    const reply = await call;
    assert.ok(reply.body instanceof expected);
  }
  const bench = new Bench();
  const call = assert.rejects(bench.engine.call({ command: Command.Ioctl, body: new IoctlRequest() }), StatusError);
  bench.answer(bench.sent[0], { status: NtStatus.InvalidParameter, body: output });
  await call;
});

test('when the connection ends, every call ends with its cause', async () => {
  const bench = new Bench();
  const calls = [bench.echo(), bench.echo()];
  const cause = new ConnectionLost('gone');
  bench.engine.closed(cause);
  for (const outcome of await Promise.allSettled([...calls, bench.echo()])) {
    assert.equal(outcome.status, 'rejected');
    assert.equal((outcome as PromiseRejectedResult).reason, cause);
  }
});

test('who lends data hears of the answer when it was sent, and not before', async () => {
  const bench = new Bench();
  const body = Object.assign(new WriteRequest(), { data: new Uint8Array(100) });
  let answered = false;
  const call = bench.engine.call({ command: Command.Write, body }).then(() => {
    answered = true;
  });
  bench.answer(bench.sent[0], { body: new WriteResponse() });
  assert.equal(bench.engine.outstanding, 1, 'the server owes us that it reads on');
  assert.ok(bench.engine.early);
  await Promise.resolve();
  assert.equal(answered, false);
  bench.taken?.();
  await call;
  assert.equal(bench.engine.outstanding, 0);
  assert.equal(bench.engine.early, undefined);
});

test('of the answers that came too early, the oldest is told', async () => {
  const bench = new Bench();
  const body = Object.assign(new WriteRequest(), { data: new Uint8Array(100) });
  const taken: (() => void)[] = [];
  const calls = [0, 1].map((i) => {
    bench.engine.enterByMultiProtocol(1);
    const call = bench.engine.call({ command: Command.Write, body });
    taken.push(bench.taken as () => void);
    bench.answer(bench.sent[i], { body: new WriteResponse(), messageId: bench.sent[i]?.messageId ?? 0 });
    return call;
  });
  const first = bench.engine.early;
  taken[0]?.();
  assert.notEqual(bench.engine.early, first);
  assert.ok(bench.engine.early);
  taken[1]?.();
  await Promise.all(calls);
});

test('an answer that came before its request was sent is none when the connection ends', async () => {
  const bench = new Bench();
  const body = Object.assign(new WriteRequest(), { data: new Uint8Array(100) });
  const call = bench.engine.call({ command: Command.Write, body });
  bench.answer(bench.sent[0], { body: new WriteResponse() });
  const cause = new ConnectionLost('gone');
  bench.engine.closed(cause);
  bench.taken?.();
  await assert.rejects(call, (error) => error === cause);
  assert.equal(bench.engine.outstanding, 0);
});
