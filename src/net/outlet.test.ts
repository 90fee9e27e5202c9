import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Outlet } from './outlet.js';

/** A socket that records writes; while `held`, they do not complete. */
class FakeSocket extends Writable {
  readonly writes: Uint8Array[] = [];
  /** The memory that each write lay in. */
  readonly memory: ArrayBufferLike[] = [];
  held = false;
  #goOn: (() => void) | undefined;

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    const take = (): void => {
      this.writes.push(Uint8Array.from(chunk));
      this.memory.push(chunk.buffer);
      done();
    };
    if (this.held) this.#goOn = take;
    else take();
  }

  release(): void {
    this.held = false;
    this.#goOn?.();
  }

  get bytes(): number[] {
    return this.writes.flatMap((chunk) => Array.from(chunk));
  }
}

function outletOf(socket: FakeSocket): Outlet {
  return new Outlet(socket as unknown as Socket);
}

function send(outlet: Outlet, parts: Uint8Array[], done?: () => void): void {
  outlet.send(
    parts,
    parts.reduce((sum, { length }) => sum + length, 0),
    done,
  );
}

test('small frames of one turn are one write', async () => {
  const socket = new FakeSocket();
  const outlet = outletOf(socket);
  const done: string[] = [];
  send(outlet, [Uint8Array.of(1), Uint8Array.of(2, 3)], () => void done.push('a'));
  send(outlet, [Uint8Array.of(4)], () => void done.push('b'));
  assert.deepEqual(socket.writes, []);
  await setImmediate();
  assert.equal(socket.writes.length, 1);
  assert.deepEqual(socket.bytes, [1, 2, 3, 4]);
  assert.deepEqual(done, ['a', 'b']);
  send(outlet, [Uint8Array.of(5)]);
  await setImmediate();
  assert.equal(socket.writes.length, 2);
});

test('a large frame does not overtake what was gathered, and is not copied', async () => {
  const socket = new FakeSocket();
  const outlet = outletOf(socket);
  const large = new Uint8Array(20_000).fill(9);
  send(outlet, [Uint8Array.of(1)]);
  send(outlet, [Uint8Array.of(2), large]);
  send(outlet, [Uint8Array.of(3)]);
  await setImmediate();
  assert.deepEqual(socket.bytes, [1, 2, ...large, 3]);
  assert.ok(socket.memory.includes(large.buffer));
});

test('what the system has not taken yet stays as it is', async () => {
  const [slow, quick] = [new FakeSocket(), new FakeSocket()];
  const [held, other] = [outletOf(slow), outletOf(quick)];
  slow.held = true;
  let done = false;
  send(held, [new Uint8Array(1000).fill(1)], () => {
    done = true;
  });
  await setImmediate();
  for (let i = 0; i < 200; i++) {
    send(held, [new Uint8Array(1000).fill(1)]);
    send(other, [new Uint8Array(1000).fill(2)]);
    if (i % 3 === 0) await setImmediate();
  }
  await setImmediate();
  assert.ok(!done);
  slow.release();
  await setImmediate();
  assert.ok(done);
  assert.equal(slow.bytes.length, 201_000);
  assert.ok(slow.bytes.every((byte) => byte === 1));
  assert.equal(quick.bytes.length, 200_000);
});

test('flushing hands on at once; what ended takes nothing, and says so', async () => {
  const socket = new FakeSocket();
  const outlet = outletOf(socket);
  send(outlet, [Uint8Array.of(1)]);
  outlet.flush();
  assert.deepEqual(socket.bytes, [1]);
  let done = false;
  send(outlet, [Uint8Array.of(2)], () => {
    done = true;
  });
  socket.destroy();
  await setImmediate();
  assert.ok(done);
  assert.deepEqual(socket.bytes, [1]);
});
