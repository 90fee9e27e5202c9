import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stride } from './stride.js';

const MIB = 1024 * 1024;
const END = 1024 * MIB;

function after(...took: number[]): Stride {
  const stride = new Stride();
  for (const ms of took) stride.took(ms);
  return stride;
}

test('stretches are short until one was quick, and again where one was slow', () => {
  assert.equal(after().next(0, END), MIB);
  assert.equal(after(100).next(0, END), 4 * MIB);
  assert.equal(after(100, 250).next(0, END), MIB);
});

test('on a near way less is under way, in shorter stretches', () => {
  const far = after(100);
  assert.deepEqual([far.hasRoom(4 * MIB, 12 * MIB), far.hasRoom(4 * MIB, 12 * MIB + 1)], [true, false]);
  const near = after(5);
  assert.equal(near.next(MIB, END), 2 * MIB);
  assert.deepEqual([near.hasRoom(2 * MIB, 6 * MIB), near.hasRoom(2 * MIB, 8 * MIB)], [true, false]);
});

test('one stretch of a near way is as long as the longest request', () => {
  const near = after(5);
  assert.equal(near.next(7 * MIB, END), 2 * MIB, 'it would not be aligned');
  assert.equal(near.next(END - 8 * MIB, END - 1), 2 * MIB, 'there is not so much');
  assert.equal(near.next(8 * MIB, END), 8 * MIB);
  assert.deepEqual([near.hasRoom(8 * MIB, 7 * MIB), near.hasRoom(8 * MIB, 9 * MIB)], [true, false]);
  assert.equal(near.next(16 * MIB, END), 2 * MIB);
});
