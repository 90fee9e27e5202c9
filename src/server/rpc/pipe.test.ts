import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Encoder } from '#wire/io/encoder.js';
import { Pdu } from '#wire/rpc/pdu.js';
import { RpcResponse } from '#wire/rpc/pdu-call.js';
import { Pipe, type PipeData, type PipeServer } from './pipe.js';

const pdu = (callId: number): Uint8Array => new Encoder().encode(Pdu.of(callId, new RpcResponse())).slice();
const SIZE = pdu(1).length;
const never = { signal: new AbortController().signal, waits: () => undefined };
const refuses = (status: number) => (error: unknown) => error instanceof StatusError && error.status === status;

/** Echoes each PDU. */
function echo(): PipeServer & { closed: boolean } {
  return {
    closed: false,
    receive: (bytes) => [bytes.slice()],
    close() {
      this.closed = true;
    },
  };
}

function read(pipe: Pipe, room = 1024): PipeData {
  const data = pipe.read(room, never);
  assert.ok(!(data instanceof Promise), 'it is there');
  return data;
}

test('PDUs are cut out of whatever comes, and come out as messages', () => {
  const pipe = new Pipe('lsarpc', echo());
  const two = new Uint8Array([...pdu(1), ...pdu(2)]);
  pipe.write(two.subarray(0, 10));
  assert.equal(pipe.available, 0);
  pipe.write(two.subarray(10, SIZE + 3));
  assert.equal(pipe.available, SIZE);
  pipe.write(two.subarray(SIZE + 3));
  assert.deepEqual(pipe.peek(4), {
    available: 2 * SIZE,
    messages: 2,
    messageLength: SIZE,
    data: pdu(1).subarray(0, 4),
  });
  const first = read(pipe, 10);
  assert.deepEqual([first.data.length, first.more], [10, true]);
  assert.deepEqual(read(pipe), { data: pdu(1).subarray(10), more: false });
  assert.deepEqual(read(pipe), { data: pdu(2), more: false });
});

test('in byte mode nobody hears where a message ends', () => {
  const pipe = new Pipe('lsarpc', echo());
  pipe.messageMode = false;
  pipe.write(pdu(1));
  assert.equal(read(pipe, 10).more, false);
  assert.throws(() => pipe.transceive(pdu(1), 10, never), refuses(NtStatus.InvalidReadMode));
});

test('a read of an empty pipe waits: for an answer, for CANCEL, for the end', async () => {
  const pipe = new Pipe('lsarpc', echo());
  const cancel = new AbortController();
  let said = 0;
  const waits = (): void => {
    said++;
  };
  const first = pipe.read(1024, { ...never, waits });
  const second = pipe.read(1024, { signal: cancel.signal, waits });
  const third = pipe.read(1024, { ...never, waits });
  assert.equal(said, 3);
  const outcomes = Promise.allSettled([first, second, third]);
  assert.throws(() => pipe.transceive(pdu(1), 10, never), refuses(NtStatus.PipeBusy));
  pipe.write(pdu(7));
  cancel.abort();
  pipe.close();
  const [one, two, three] = await outcomes;
  assert.deepEqual(one, { status: 'fulfilled', value: { data: pdu(7), more: false } });
  assert.equal(two?.status === 'rejected' && two.reason.status, NtStatus.Cancelled);
  assert.equal(three?.status === 'rejected' && three.reason.status, NtStatus.PipeBroken);
  assert.throws(() => pipe.write(pdu(1)), refuses(NtStatus.PipeDisconnected));
});

test('only so many reads wait', () => {
  const pipe = new Pipe('lsarpc', echo());
  const waiting = Array.from({ length: 16 }, () => pipe.read(1, never));
  assert.throws(() => pipe.read(1, never), refuses(NtStatus.InsufficientResources));
  for (const one of waiting) (one as Promise<PipeData>).catch(() => undefined);
  pipe.close();
});

test('answers that take their time come in the order of what asked', async () => {
  const release: (() => void)[] = [];
  const pipe = new Pipe('lsarpc', {
    receive: (bytes) => new Promise((resolve) => release.push(() => resolve([bytes.slice()]))),
    close: () => undefined,
  });
  pipe.write(new Uint8Array([...pdu(1), ...pdu(2)]));
  const reads = [pipe.read(1024, never), pipe.read(1024, never)];
  assert.equal(release.length, 1, 'the second one is not begun');
  release[0]?.();
  assert.deepEqual((await reads[0])?.data, pdu(1));
  release[1]?.();
  assert.deepEqual((await reads[1])?.data, pdu(2));
});

test('what cannot be a PDU, or more than anybody reads, ends the pipe', () => {
  for (const length of [0, 3]) {
    const server = echo();
    const short = pdu(1);
    short[8] = length;
    short[9] = 0;
    assert.throws(() => new Pipe('lsarpc', server).write(short), refuses(NtStatus.PipeDisconnected));
    assert.ok(server.closed);
  }
  const flooded = new Pipe('lsarpc', { receive: () => [new Uint8Array(400_000)], close: () => undefined });
  flooded.write(pdu(1));
  flooded.write(pdu(2));
  assert.throws(() => flooded.write(pdu(3)), refuses(NtStatus.PipeDisconnected));
  const silent = new Pipe('lsarpc', echo());
  const long = pdu(1);
  long[8] = 0xff;
  long[9] = 0xff;
  silent.write(long);
  assert.throws(() => silent.write(new Uint8Array(1024 * 1024)), refuses(NtStatus.InsufficientResources));
});
