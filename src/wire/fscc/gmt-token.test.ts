import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filetimeFromMs } from '../dtyp/filetime.js';
import { gmtToken, isGmtToken, timeOfGmtToken } from './gmt-token.js';

test('a time as the token of a former state', () => {
  assert.equal(gmtToken(filetimeFromMs(Date.UTC(2026, 10, 23, 10, 50, 36, 999))), '@GMT-2026.11.23-10.50.36');
  assert.equal(timeOfGmtToken('@GMT-2026.11.23-10.50.36'), Date.UTC(2026, 10, 23, 10, 50, 36));
  assert.equal(gmtToken(10_000n), '@GMT-1601.01.01-00.00.00');
  assert.equal(isGmtToken('@GMT-2026.11.23-10.50.36'), true);
  for (const other of ['@GMT-2026.11.23', 'GMT-2026.11.23-10.50.36x', '@GMT-2026.11.23-10.50.3x']) {
    assert.equal(isGmtToken(other), false);
  }
});
