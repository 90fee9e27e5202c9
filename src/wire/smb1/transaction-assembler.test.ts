import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Malformed } from '../io/malformed.js';
import { Transaction2Request, Transaction2SecondaryRequest } from './command/transaction.js';
import { TransactionAssembler } from './transaction-assembler.js';

function first(): Transaction2Request {
  const request = new Transaction2Request();
  request.totalParameterCount = 4;
  request.totalDataCount = 6;
  request.parameters = Uint8Array.of(1, 2, 3, 4);
  request.data = Uint8Array.of(1, 2);
  return request;
}

function secondary(displacement: number, ...data: number[]): Transaction2SecondaryRequest {
  const piece = new Transaction2SecondaryRequest();
  piece.totalParameterCount = 4;
  piece.totalDataCount = 6;
  piece.dataDisplacement = displacement;
  piece.data = Uint8Array.from(data);
  return piece;
}

test('pieces in any order', () => {
  const whole = new TransactionAssembler(first(), 100);
  assert.equal(whole.complete, false);
  whole.add(secondary(4, 5, 6));
  assert.equal(whole.complete, false);
  whole.add(secondary(2, 3, 4));
  assert.equal(whole.complete, true);
  assert.deepEqual(whole.parameters, Uint8Array.of(1, 2, 3, 4));
  assert.deepEqual(whole.data, Uint8Array.of(1, 2, 3, 4, 5, 6));
});

test('a total may shrink', () => {
  const whole = new TransactionAssembler(first(), 100);
  const last = secondary(2, 3);
  last.totalDataCount = 3;
  whole.add(last);
  assert.equal(whole.complete, true);
  assert.deepEqual(whole.data, Uint8Array.of(1, 2, 3));
});

test('what does not fit is malformed', () => {
  assert.throws(() => new TransactionAssembler(first(), 5), Malformed);
  const whole = new TransactionAssembler(first(), 100);
  assert.throws(() => whole.add(secondary(5, 1, 2)), Malformed);
  assert.throws(() => whole.add(secondary(0xffff, 1)), Malformed);
  assert.throws(() => whole.add(secondary(0, 1, 2, 3, 4, 5)), Malformed);
});
