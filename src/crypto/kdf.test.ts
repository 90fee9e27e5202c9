import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#testing/golden.js';
import { deriveKeys, kdf, type SessionKeys } from './kdf.js';
import { PreauthHash } from './preauth-hash.js';
import { Cipher } from './sealing.js';

// "SMB 2 and SMB 3 security in Windows 10: the anatomy of signing and cryptographic keys", appendix.
const keysOf = (keys: SessionKeys): string[] => [keys.signing, keys.c2s, keys.s2c, keys.application].map(toHex);

test('keys at 3.0', () => {
  const sessionKey = fromHex('7cd451825d0450d235424e44ba6e78cc');
  const none = new Uint8Array(0);
  const material = { sessionKey, fullSessionKey: sessionKey, preauthHash: none, cipher: Cipher.Aes128Ccm };
  const expected = [
    '0b7e9c5cac36c0f6ea9ab275298cedce',
    'fad27796665b313ebb578f388632b4f7',
    'b0f0427f7ceb416d1d9dcc0cd4f99447',
    'bb23a4575aa26c721af525af15a87b4f',
  ];
  assert.deepEqual(keysOf(deriveKeys({ dialect: 0x0300, ...material })), expected);
  assert.deepEqual(keysOf(deriveKeys({ dialect: 0x0302, ...material })), expected);
  assert.deepEqual(keysOf(deriveKeys({ dialect: 0x0210, ...material })), [
    toHex(sessionKey),
    '',
    '',
    toHex(sessionKey),
  ]);
});

test('keys at 3.1.1', () => {
  const sessionKey = fromHex('270e1ba896585eeb7af3472d3b4c75a7');
  const preauthHash = fromHex(`0dd13628cc3ed218ef9df9772d436d0887ab9814bfae63a80aa845f36909db79
    28622dddad522d9751640a459762c5a9d6bb084cbb3ce6bdadef5d5bce3c6c01`);
  const material = { dialect: 0x0311, sessionKey, fullSessionKey: sessionKey, preauthHash };
  const expected = [
    '73fe7a9a77bef0bde49c650d8ccb5f76',
    '629bcbc54422a0f572b97f45989b6073',
    'e2af0dcefac68da71a0dfbd0d1350d74',
    '6d7ad7954e9ec61e907b4d473dc178ff',
  ];
  assert.deepEqual(keysOf(deriveKeys({ ...material, cipher: Cipher.Aes128Gcm })), expected);
  const full = new Uint8Array(32).fill(9);
  const wide = deriveKeys({ ...material, fullSessionKey: full, cipher: Cipher.Aes256Gcm });
  const label = new TextEncoder().encode('SMBC2SCipherKey\0');
  assert.deepEqual([toHex(wide.signing), toHex(wide.application)], [expected[0], expected[3]]);
  assert.equal(toHex(wide.c2s), toHex(kdf(full, label, preauthHash, 32)));
  assert.equal(wide.s2c.length, 32);
});

test('pre-authentication hash of a negotiate request', () => {
  const request = fromHex(`fe534d4240000100000000000000800000000000000000000100000000000000fffe000000000000
    00000000000000000000000000000000000000000000000024000500000000003f000000ecd86f32
    6276024f9f7752b89bb33f3a70000000020000000202100200030203110300000100260000000000
    010020000100fa49e6578f1f3a9f4cd3e9cc14a67aa884b3d05844e0e5a118225c15887f32ff0000
    0200060000000000020002000100`);
  const expected = `dd94efc5321bb618a2e208ba8920d2f422992526947a409b5037de1e0fe8c736
2b8c47122594cde0ce26aa9dfc8bcdbde0621957672623351a7540f1e54a0426`.replace('\n', '');
  const hash = new PreauthHash();
  const before = hash.fork();
  assert.equal(toHex(hash.update(request.subarray(0, 64), request.subarray(64)).value), expected);
  assert.equal(toHex(before.value), '00'.repeat(64));
  assert.equal(toHex(before.update(request).value), expected);
});
