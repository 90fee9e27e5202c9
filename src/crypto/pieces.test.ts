import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cipherInto, discard, PIECE } from './pieces.js';

/** Inverts each bit and, like node:crypto, returns newly allocated memory. */
class Inverter {
  readonly sizes: number[] = [];
  readonly answers: Uint8Array[] = [];

  update(piece: Uint8Array): Uint8Array {
    const answer = piece.map((byte) => ~byte);
    this.sizes.push(piece.length);
    this.answers.push(answer);
    return answer;
  }
}

test('bytes go through in pieces and may stay where they are', () => {
  const cipher = new Inverter();
  const bytes = new Uint8Array(2 * PIECE + 3).map((_, at) => at);
  const expected = bytes.map((byte) => ~byte);
  cipherInto(cipher, bytes, bytes, PIECE);
  assert.deepEqual(bytes, expected);
  assert.deepEqual(cipher.sizes, [PIECE, PIECE, 3]);
});

test('the memory of a large answer is given back at once', () => {
  const cipher = new Inverter();
  cipherInto(cipher, new Uint8Array(PIECE), new Uint8Array(PIECE), PIECE);
  assert.equal(cipher.answers[0]?.buffer.byteLength, 0);
});

test('what is only a part of some memory is not taken away', () => {
  const whole = new Uint8Array(2 * PIECE);
  discard(whole.subarray(0, PIECE));
  assert.equal(whole.length, 2 * PIECE);
});
