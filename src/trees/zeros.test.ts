import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isZero } from './zeros.js';

test('zeros are zeros, however many', () => {
  for (const length of [0, 1, 65536, 200_000]) {
    assert.equal(isZero(new Uint8Array(length)), true);
    if (length === 0) continue;
    for (const at of [0, length >> 1, length - 1])
      assert.equal(isZero(new Uint8Array(length).fill(1, at, at + 1)), false);
  }
});
