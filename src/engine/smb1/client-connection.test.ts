import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smb1Sign } from '#crypto/smb1-signing.js';
import { connectionFacts } from '#tap/events.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import { EchoRequest, EchoResponse } from '#wire/smb1/command/echo.js';
import { NtTransactRequest, NtTransactResponse, NtTransactSecondaryRequest } from '#wire/smb1/command/nt-transact.js';
import { Transaction2Request, TransactionResponse } from '#wire/smb1/command/transaction.js';
import { WriteAndXRequest, WriteAndXResponse } from '#wire/smb1/command/write-andx.js';
import type { Smb1Header } from '#wire/smb1/header.js';
import { decodeChain, encodeChain, Smb1Message } from '#wire/smb1/message.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import { FRAME_HEADER, FramePort, joined } from '../frame-port.js';
import type { Transport } from '../transport.js';
import { Smb1ClientConnection } from './client-connection.js';

/** An engine with the test as its peer. */
class Bench {
  readonly sent: Smb1Header[] = [];
  readonly frames: Uint8Array[] = [];
  readonly engine: Smb1ClientConnection;

  /** Reports that the system has taken the caller's data. */
  taken: (() => void) | undefined;

  constructor() {
    const transport: Transport = {
      endpoints: { local: 'here', remote: 'there' },
      start: () => undefined,
      send: (parts, done) => {
        this.taken = done;
        const frame = joined(parts).subarray(FRAME_HEADER);
        this.frames.push(frame);
        this.sent.push(decodeChain(frame).header);
      },
      end: () => undefined,
      destroy: () => undefined,
    };
    const facts = connectionFacts({ role: 'client', framing: 'direct', local: 'here', remote: 'there' });
    const clock = { now: () => 0, after: () => () => undefined };
    this.engine = new Smb1ClientConnection(new FramePort(transport, 'direct', facts, clock), new Encoder());
  }

  answer(index: number, body: Wire, status: number = NtStatus.Success, key?: Uint8Array, sequence = 0): void {
    const request = this.sent[index];
    assert.ok(request, 'no such request');
    const frame = encodeChain(Smb1Message.of(request.reply(status), body));
    if (key) smb1Sign(key, [frame], sequence);
    this.engine.receive(frame);
  }

  echo(signal?: AbortSignal, patient = false): ReturnType<Smb1ClientConnection['call']> {
    return this.engine.call({ command: Smb1Command.Echo, body: new EchoRequest(), patient }, signal);
  }
}

test('no more requests are under way than the server allows; patient ones do not count', async () => {
  const bench = new Bench();
  bench.engine.maxMpx = 2;
  const patient = bench.echo(undefined, true);
  const calls = [bench.echo(), bench.echo(), bench.echo()];
  assert.equal(bench.sent.length, 3);
  bench.answer(1, new EchoResponse());
  assert.equal(bench.sent.length, 4);
  assert.equal(new Set(bench.sent.map(({ mid }) => mid)).size, 4);
  for (const index of [3, 2, 0]) bench.answer(index, new EchoResponse());
  await Promise.all([patient, ...calls]);
  assert.equal(bench.engine.outstanding, 0);
});

test('an aborted patient request is cancelled under its own ids', async () => {
  const bench = new Bench();
  const abort = new AbortController();
  const call = bench.echo(abort.signal, true);
  abort.abort(new Error('enough'));
  assert.equal(bench.sent[1]?.command, Smb1Command.NtCancel);
  assert.equal(bench.sent[1]?.mid, bench.sent[0]?.mid);
  bench.answer(0, new EmptyBlock(), NtStatus.Cancelled);
  await assert.rejects(call, /enough/);
});

test('the answer to a transaction comes in pieces', async () => {
  const bench = new Bench();
  const body = new Transaction2Request();
  body.setup = [5];
  const call = bench.engine.call({ command: Smb1Command.Transaction2, body });
  const piece = (displacement: number, ...data: number[]): TransactionResponse =>
    Object.assign(new TransactionResponse(), {
      totalDataCount: 5,
      dataDisplacement: displacement,
      data: Uint8Array.from(data),
    });
  bench.answer(0, piece(3, 4, 5));
  assert.equal(bench.engine.outstanding, 1);
  bench.answer(0, piece(0, 1, 2, 3));
  assert.deepEqual([...(await call).data], [1, 2, 3, 4, 5]);
});

test('the rest of a transaction goes when the server says so, and the answer is that of the last piece', async () => {
  const key = Uint8Array.of(1, 2, 3, 4);
  const bench = new Bench();
  bench.engine.signing.begin(key);
  const piece = (at: number): NtTransactSecondaryRequest =>
    Object.assign(new NtTransactSecondaryRequest(), {
      totalDataCount: 3,
      dataDisplacement: at,
      data: Uint8Array.of(at),
    });
  const body = Object.assign(new NtTransactRequest(), { totalDataCount: 3, data: Uint8Array.of(0) });
  const secondaries = [piece(1), piece(2)].map((body) => ({ command: Smb1Command.NtTransactSecondary, body }));
  const call = bench.engine.call({ command: Smb1Command.NtTransact, body, secondaries });
  assert.equal(bench.sent.length, 1);
  bench.answer(0, new EmptyBlock(), NtStatus.Success, key, 3);
  assert.deepEqual(
    bench.sent.map(({ command, mid }) => [command, mid]),
    [Smb1Command.NtTransact, Smb1Command.NtTransactSecondary, Smb1Command.NtTransactSecondary].map((command) => [
      command,
      bench.sent[0]?.mid,
    ]),
  );
  bench.answer(0, new NtTransactResponse(), NtStatus.Success, key, 7);
  assert.equal((await call).data.length, 0);
  assert.equal(bench.engine.outstanding, 0);
});

test('a server that refuses the first piece is not sent the rest', async () => {
  const bench = new Bench();
  const secondaries = [{ command: Smb1Command.NtTransactSecondary, body: new NtTransactSecondaryRequest() }];
  const call = bench.engine.call({ command: Smb1Command.NtTransact, body: new NtTransactRequest(), secondaries });
  bench.answer(0, new EmptyBlock(), NtStatus.AccessDenied);
  await assert.rejects(call, StatusError);
  assert.equal(bench.sent.length, 1);
});

test('signed requests and their answers count up together, and a cancel counts once', async () => {
  const key = Uint8Array.of(1, 2, 3, 4);
  const bench = new Bench();
  bench.engine.maxMpx = 8;
  bench.engine.signing.begin(key);
  const abort = new AbortController();
  const first = bench.echo(abort.signal, true);
  abort.abort(new Error('enough'));
  const second = bench.echo();
  bench.frames.forEach((frame, index) => {
    const again = frame.slice();
    smb1Sign(key, [again], [2, 4, 5][index] as number);
    assert.deepEqual(frame, again, `request ${index}`);
  });
  bench.answer(2, new EchoResponse(), NtStatus.Success, key, 6);
  await second;
  bench.answer(0, new EmptyBlock(), NtStatus.Cancelled, key, 3);
  await assert.rejects(first, /enough/);
  const third = bench.echo();
  const refused = assert.rejects(third, { code: 'SMB_BAD_SIGNATURE' });
  assert.throws(() => bench.answer(3, new EchoResponse(), NtStatus.Success, key, 6), ConnectionLost);
  await refused;
});

test('refusals are StatusErrors, strangers end the connection', async () => {
  const bench = new Bench();
  const call = bench.echo();
  bench.answer(0, new EmptyBlock(), NtStatus.AccessDenied);
  await assert.rejects(call, (error) => error instanceof StatusError && error.command === 'SMB_COM_ECHO');
  assert.throws(() => bench.answer(0, new EchoResponse()), ConnectionLost);
  const last = bench.echo();
  bench.engine.closed(new ConnectionLost('gone'));
  await assert.rejects(last, /gone/);
});

test('who lends data hears of the answer when it was sent, and not before', async () => {
  const bench = new Bench();
  const body = Object.assign(new WriteAndXRequest(), { data: new Uint8Array(100) });
  let answered = false;
  const call = bench.engine.call({ command: Smb1Command.WriteAndX, body }).then(() => {
    answered = true;
  });
  bench.answer(0, new WriteAndXResponse());
  await Promise.resolve();
  assert.deepEqual([bench.engine.outstanding, answered], [1, false]);
  assert.ok(bench.engine.early);
  bench.taken?.();
  await call;
  assert.deepEqual([bench.engine.outstanding, bench.engine.early], [0, undefined]);
});

test('an answer that came before its request was sent is none when the connection ends', async () => {
  const bench = new Bench();
  const body = Object.assign(new WriteAndXRequest(), { data: new Uint8Array(100) });
  const call = bench.engine.call({ command: Smb1Command.WriteAndX, body });
  bench.answer(0, new WriteAndXResponse());
  bench.engine.closed(new Error('gone'));
  bench.taken?.();
  await assert.rejects(call, /gone/);
});
