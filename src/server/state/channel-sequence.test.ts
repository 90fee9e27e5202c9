import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelSequence } from './channel-sequence.js';

test('a request of a former sequence comes too late; half of all numbers are ahead, wrapped around', () => {
  const open = new ChannelSequence(0xfffe);
  for (const [sequence, wanted] of [
    [0xfffe, true],
    [0xfffd, false],
    [0, true],
    [0xffff, false],
    [0x7fff, true],
    [0, false],
    [0x8000, true],
    [0xffff, true],
  ] as const) {
    assert.equal(open.begin(sequence, false), wanted, sequence.toString(16));
  }
});

test('a replay waits until all that was sent before the channel was lost is through', () => {
  const open = new ChannelSequence(0);
  assert.equal(open.begin(0, false), true);
  assert.equal(open.begin(0, true), true, 'nothing has been lost yet');
  open.done(0);
  assert.equal(open.begin(1, true), false);
  assert.equal(open.begin(1, false), true, 'what is new goes on');
  assert.equal(open.begin(1, true), false);
  open.done(1);
  assert.equal(open.begin(1, true), false);
  open.done(0);
  assert.equal(open.begin(1, true), true);
  open.done(1);
});

test('who comes back begins where he says; what went before counts on', () => {
  const open = new ChannelSequence(5);
  assert.equal(open.begin(5, false), true);
  open.resume(5);
  assert.equal(open.begin(5, true), true);
  open.resume(0);
  assert.equal(open.begin(0, true), false);
  open.done(5);
  open.done(5);
  open.done(5);
  assert.equal(open.begin(0, true), true);
  assert.equal(open.begin(5, false), true);
});
