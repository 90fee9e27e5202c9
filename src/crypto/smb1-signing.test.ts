import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fromHex, toHex } from '#testing/golden.js';
import { smb1Sign, smb1Signature, smb1Verify } from './smb1-signing.js';

test('SMB1 signature: the sequence number takes the place of SecurityFeatures', () => {
  const key = new Uint8Array(40).fill(3);
  const message = new Uint8Array(60).map((_, i) => i);
  const numbered = message.slice();
  numbered.set([2, 1, 0, 0, 0, 0, 0, 0], 14);
  const expected = createHash('md5').update(key).update(numbered).digest('hex').slice(0, 16);
  const parts = [message.subarray(0, 32), message.subarray(32)];
  assert.equal(toHex(smb1Signature(key, parts, 0x102)), expected);
  smb1Sign(key, parts, 0x102);
  assert.equal(toHex(message.subarray(14, 22)), expected);
  assert.ok(smb1Verify(key, parts, 0x102));
  assert.ok(!smb1Verify(key, parts, 0x103));
});

test('SMB1 signature of a TREE_CONNECT_ANDX by smbclient 4.17, extended security', () => {
  const key = fromHex('5d05490e8a9dd1d422eee4c666ffdd2c');
  const request = fromHex(`ff534d4275000000001843c80000e4365ba1badda8f70000fffffa4f58f3030004ff0000000c0001002700005c
    005c003100320037002e0030002e0030002e0031005c004900500043002400000049504300`);
  assert.ok(smb1Verify(key, [request], 2));
});
