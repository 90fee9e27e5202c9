import assert from 'node:assert/strict';
import { test } from 'node:test';
import { integer, part } from './arguments.js';
import { optionsOf, piecesOf } from './data.js';
import { momentOf, sizeOf } from './handle.js';
import { isWritable } from './open.js';
import { inShare } from './paths.js';

const nonsense = (value: unknown): never => value as never;
const type = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' };
const value = { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' };
const range = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' };

test('numbers are of a type and in a range', () => {
  assert.equal(integer('x', 7, 0, 7), 7);
  assert.throws(() => integer('x', '7', 0, 7), type);
  assert.throws(() => integer('x', 1.5, 0, 7), range);
  assert.throws(() => integer('x', 8, 0, 7), range);
});

test('a part of a buffer lies within it', () => {
  const words = new Uint16Array([1, 2, 3]);
  assert.deepEqual(part(words, 2, 2), new Uint8Array([2, 0]));
  assert.equal(part(words, undefined, null).length, 6);
  assert.throws(() => part(words, 7, 0), range);
  assert.throws(() => part(words, 4, 3), range);
});

test('data is text, bytes, or pieces of these', async () => {
  for (const data of [5, undefined, null, {}, new ArrayBuffer(1)]) assert.throws(() => piecesOf(nonsense(data)), type);
  assert.throws(() => optionsOf(nonsense('nonsense')), value);
  assert.throws(() => optionsOf(nonsense(5)), type);
  const pieces = piecesOf(nonsense([5])) as AsyncGenerator<Buffer>;
  await assert.rejects(pieces.next(), type);
});

test('modes, paths and times are as Node takes them', () => {
  assert.equal(isWritable('0444'), false);
  for (const mode of ['zz', '', -1, 1.5, null]) assert.throws(() => isWritable(nonsense(mode)));
  assert.equal(inShare(new URL('file:///a/b%20c')), 'a/b c');
  assert.throws(() => inShare(new URL('http://a/b')), { code: 'ERR_INVALID_URL_SCHEME' });
  for (const path of [undefined, 5, null]) assert.throws(() => inShare(nonsense(path)), type);
  assert.throws(() => inShare('a\0b'), value);
  assert.equal(sizeOf(-5), 0);
  assert.equal(momentOf(1.123456), 1_123_456_000n);
  assert.equal(momentOf(-0.25), -250_000_000n);
  for (const time of [Number.NaN, 'x', undefined, Number.POSITIVE_INFINITY]) {
    assert.throws(() => momentOf(nonsense(time)), type);
  }
});
