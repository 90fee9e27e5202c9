import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stride } from './stride.js';

const MIB = 1024 * 1024;
const END = 1024 * MIB;

/** A stride after stretches with these durations, with `flying` bytes in flight. */
function after(flying: number, ...took: number[]): Stride {
  const stride = new Stride();
  stride.began(flying);
  for (const ms of took) stride.took(ms);
  stride.ended(flying);
  return stride;
}

/** MiB that may be in flight. */
function depth(stride: Stride): number {
  let flying = 0;
  for (; stride.hasRoom(MIB); flying += MIB) stride.began(MIB);
  stride.ended(flying);
  return flying / MIB;
}

test('stretches are short until one was quick, and again where one was slow', () => {
  assert.equal(new Stride().next(0, END), MIB);
  assert.equal(after(MIB, 100).next(0, END), 4 * MIB);
  assert.equal(after(MIB, 100, 250).next(0, END), MIB);
});

test('what is under way is a quarter more than the way carries in the time of the quickest stretch', () => {
  assert.equal(depth(new Stride()), 8);
  assert.equal(depth(after(8 * MIB, 10, 10)), 10, 'none of it had to queue up');
  assert.equal(depth(after(16 * MIB, 10, 16)), 13);
  assert.equal(depth(after(16 * MIB, 10, 20)), 10);
  assert.equal(depth(after(16 * MIB, 10, 400)), 8, 'it had to queue up');
  assert.equal(depth(after(32 * MIB, 10, 10)), 32);
  assert.equal(depth(after(16 * MIB, 0)), 8, 'that tells nothing');
});

test('one stretch of a near way is as long as the longest request', () => {
  const near = after(MIB, 5);
  assert.equal(near.next(MIB, END), 2 * MIB);
  assert.equal(near.next(7 * MIB, END), 2 * MIB, 'it would not be aligned');
  assert.equal(near.next(END - 8 * MIB, END - 1), 2 * MIB, 'there is not so much');
  assert.equal(near.next(8 * MIB, END), 8 * MIB);
  near.began(7 * MIB);
  assert.ok(near.hasRoom(8 * MIB));
  near.began(8 * MIB);
  assert.ok(!near.hasRoom(2 * MIB));
  assert.equal(near.next(16 * MIB, END), 2 * MIB);
});
