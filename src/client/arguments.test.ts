import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '#wire/erref/errors.js';
import { bitsOf, bytesOf, named, textOf, wholeBigint, wholeNumber } from './arguments.js';
import { bounded, limits } from './call-options.js';
import { openRequest } from './open-options.js';
import { eaList } from './operation/extras.js';
import { factsOf } from './operation/facts.js';
import { toWire } from './paths.js';

const nonsense = (value: unknown): never => value as never;

test('bytes in all their forms are the same memory', () => {
  const memory = new Uint8Array([1, 2, 3, 4, 5, 6]).buffer;
  assert.deepEqual(bytesOf(new Uint16Array(memory, 2, 2)), new Uint8Array([3, 4, 5, 6]));
  assert.deepEqual(bytesOf(new DataView(memory, 1, 2)), new Uint8Array([2, 3]));
  assert.deepEqual(bytesOf(memory), new Uint8Array([1, 2, 3, 4, 5, 6]));
  const same = new Uint8Array(memory);
  assert.equal(bytesOf(same), same);
});

test('text has the encodings of Buffer, both ways', () => {
  assert.equal(Buffer.from(bytesOf('ff00', 'hex')).toString('hex'), 'ff00');
  assert.equal(textOf(new Uint8Array([0x80, 0xe9]), 'latin1'), '\x80é');
  assert.equal(textOf(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]), 'utf8'), '\ufeffa');
  assert.throws(() => textOf(new Uint8Array(), nonsense('nonsense')), UsageError);
  assert.throws(() => bytesOf('', nonsense('nonsense')), UsageError);
});

test('what is no data is refused by name', () => {
  for (const data of [undefined, null, 5, {}, [1, 2], new Blob(['x'])]) {
    assert.throws(() => bytesOf(nonsense(data)), UsageError);
  }
  assert.throws(() => bytesOf(nonsense(new Blob([]))), /not a Blob/);
});

test('a place in a file is a whole number that is exact', () => {
  assert.equal(wholeNumber('x', Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  for (const value of [-1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '3', 3n, undefined]) {
    assert.throws(() => wholeNumber('x', nonsense(value)), UsageError);
  }
});

test('a place of a lock has 64 bits, a mask 32', () => {
  assert.equal(wholeBigint('x', 2n ** 64n - 1n), 2n ** 64n - 1n);
  assert.equal(wholeBigint('x', 5), 5n);
  for (const value of [-1, -1n, 2n ** 64n, 2 ** 60, 1.5, '5', Number.NaN, null]) {
    assert.throws(() => wholeBigint('x', nonsense(value)), UsageError);
  }
  assert.equal(bitsOf('x', -1), 0xffffffff);
  for (const value of [1.5, 2 ** 32, Number.NaN, '1']) assert.throws(() => bitsOf('x', nonsense(value)), UsageError);
  assert.throws(() => openRequest('a', { access: Number.NaN }), UsageError);
  const entry = { kind: 'allow', sid: 'S-1-1-0', rights: Number.NaN } as const;
  assert.throws(() => openRequest('a', { acl: { entries: [entry] } }), UsageError);
  assert.throws(() => openRequest('a', { lease: { state: 'r', key: 'mine' } }), /GUID/);
  assert.throws(() => openRequest('a', { snapshot: new Date(Number.NaN) }), UsageError);
});

test('names are those that there are', () => {
  assert.throws(() => named('kind', { file: 1 }, nonsense('toString')), /no kind 'toString': there are file/);
  assert.throws(() => openRequest('a', { share: [nonsense('Read')] }), /no sharing 'Read'/);
});

test('a path is a string', () => {
  for (const path of [undefined, null, 5, Buffer.from('a')]) assert.throws(() => toWire(nonsense(path)), UsageError);
});

test('a time to set is one that SMB can tell', () => {
  assert.deepEqual(factsOf({ mtime: new Date(0) }), { lastWriteTime: 116_444_736_000_000_000n });
  for (const mtime of [new Date(Number.NaN), 5, '2020', new Date('1500-01-01'), new Date(8.64e15)]) {
    assert.throws(() => factsOf({ mtime: nonsense(mtime) }), UsageError);
  }
});

test('an attribute has at most as many bytes as its length can tell', () => {
  assert.equal(eaList({ a: new Uint8Array(65535) }).entries.length, 1);
  assert.throws(() => eaList({ a: new Uint8Array(65536) }), UsageError);
});

test('a call that makes no sense rejects, and does not throw', async () => {
  const call = (): Promise<void> =>
    bounded({}, () => {
      throw new UsageError('no');
    });
  await assert.rejects(call(), UsageError);
});

test('a call with endless time has no timer', () => {
  const { control } = limits({ timeoutMs: Number.POSITIVE_INFINITY });
  assert.equal(control.signal, undefined);
});
