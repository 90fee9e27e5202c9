import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Buffers } from './buffers.js';

const KIB = 1024;

/** Work that runs until it is told to end. */
function held(buffers: Buffers, length: number, memory: boolean = true) {
  const job = { begun: false, buffer: undefined as Uint8Array | undefined, end: () => {}, done: Promise.resolve() };
  const work = async (buffer?: Uint8Array): Promise<void> => {
    job.begun = true;
    job.buffer = buffer;
    await new Promise<void>((resolve) => {
      job.end = resolve;
    });
  };
  job.done = memory ? buffers.use(length, work) : buffers.without(length, () => work());
  return job;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('work waits until there is room, in its order, and gets the memory that was used before', async () => {
  const buffers = new Buffers(256 * KIB);
  const first = held(buffers, 128 * KIB);
  const second = held(buffers, 100 * KIB);
  const third = held(buffers, 128 * KIB);
  const small = held(buffers, 1);
  await settled();
  assert.deepEqual([first.begun, second.begun, third.begun, small.begun], [true, true, false, false]);
  assert.equal(second.buffer?.length, 100 * KIB);
  first.end();
  await first.done;
  await settled();
  assert.equal(third.buffer?.buffer, first.buffer?.buffer);
  assert.equal(small.begun, false);
  second.end();
  await settled();
  assert.equal(small.begun, true, 'what lay free in another size has made room');
  third.end();
  small.end();
  await Promise.all([second.done, third.done, small.done]);
});

test('what lies elsewhere counts, too, and a failure lets go', async () => {
  const buffers = new Buffers(128 * KIB);
  const elsewhere = held(buffers, 128 * KIB, false);
  const after = held(buffers, 64 * KIB);
  await settled();
  assert.deepEqual([elsewhere.begun, after.begun], [true, false]);
  elsewhere.end();
  await elsewhere.done;
  await settled();
  assert.equal(after.begun, true);
  after.end();
  await after.done;
  await assert.rejects(
    buffers.use(128 * KIB, async () => Promise.reject(new Error('no'))),
    /no/,
  );
  await buffers.use(128 * KIB, async (buffer) => assert.equal(buffer.length, 128 * KIB));
});

test('memory of what failed does not serve again: a request that was called off may still be on its way out of it', async () => {
  const buffers = new Buffers(64 * KIB);
  let failed: Uint8Array | undefined;
  const fail = async (buffer: Uint8Array): Promise<void> => {
    failed = buffer;
    throw new Error('no');
  };
  await assert.rejects(buffers.use(64 * KIB, fail), /no/);
  await buffers.use(64 * KIB, async (buffer) => assert.notEqual(buffer.buffer, failed?.buffer));
});
