import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#testing/golden.js';
import { deriveKeys } from './kdf.js';
import { PIECE } from './pieces.js';
import { Cipher, Opener, SealBroken, Sealer, sealedSessionId, TRANSFORM_HEADER_SIZE } from './sealing.js';

const zeros = (n: number): Uint8Array => new Uint8Array(n);
const whole = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const room = (parts: readonly Uint8Array[]): Uint8Array => zeros(TRANSFORM_HEADER_SIZE + whole(parts).length);

function sealed(sealer: Sealer, parts: readonly Uint8Array[]): Uint8Array {
  const out = room(parts);
  sealer.seal(parts, 1n, out);
  return out;
}

// "Encryption in SMB 3.0: a protocol perspective".
test('AES-128-CCM: a sealed WRITE at 3.0 and its answer', () => {
  const sessionKey = fromHex('b4546771b515f766a86735532dd6c4f0');
  const keys = deriveKeys({
    dialect: 0x0300,
    sessionKey,
    fullSessionKey: sessionKey,
    preauthHash: zeros(0),
    cipher: Cipher.Aes128Ccm,
  });
  assert.equal(toHex(keys.c2s), '261b72350558f2e9dcf613070383edbf');
  assert.equal(toHex(keys.s2c), '8fe2b57ec34d2db5b1a9727f526bbdb5');
  const plain = fromHex(`fe534d4240000100000000000900400008000000000000000400000000000000
    fffe0000010000001100001400e4080000000000000000000000000000000000
    3100700017000000000000000000000015010000390000020100000039020000
    00000000000000007000000000000000536d623320656e6372797074696f6e2074657374696e67`);
  const frame = fromHex(`fd534d4281a286535415445dae393921e44fa42e66e69a111892584fb5ed524a744da3ee
    87000000000001001100001400e40800
    25c8fee16605a437832d1cd52da9f4645333482a175fe5384563f45fcdafaef38bc62ba4d5c62897996625a44c29be56
    58de2e6117585779e7b59ffd971278d08580d7fa899e410e910eabf5aa1db43050b33b49182637759ac15d84bfcdf5b6
    b238993c0f4cf4d6012023f6c627297075d84b7803912d0a9639634453595ef3e33ffe4e7ac2ab`);
  // Their nonce field has more than the 11 bytes used, and all of it is authenticated.
  const sealer = new Sealer(Cipher.Aes128Ccm, keys.c2s, zeros);
  const nonce = frame.subarray(20, 36);
  const out = room([plain]);
  sealer.sealWith(nonce, [plain], 0x8e40014000011n, out);
  assert.equal(toHex(out), toHex(frame));
  assert.equal(toHex(new Opener(Cipher.Aes128Ccm, keys.c2s).open(frame)), toHex(plain));
  assert.equal(sealedSessionId(frame), 0x8e40014000011n);
  const answer = fromHex(`fd534d42a6015530a18f6d9affe22afae8e66484860000000000000011000014
    00e4080050000000000001001100001400e40800dbf46435c5f14169293ce079
    e344479bf670227e49873f458672c3098dac467dd5809f369d67409166515787
    1483e01f7becd02064eac3e235f913668bbc2f097980d4b378f1993eff6e60d1
    77309e5b`);
  const opened = new Opener(Cipher.Aes128Ccm, keys.s2c).open(answer);
  assert.equal(toHex(opened.subarray(64)), '11000000170000000000000000000000');
});

// "SMB 3.1.1 encryption in Windows 10".
test('AES-128-GCM: a sealed WRITE at 3.1.1 and its answer', () => {
  const sessionKey = fromHex('419fddf34c1e001909d362ae7fb6af79');
  const preauthHash = fromHex(`b23f3cbfd69487d9832b79b1594a367cdd950909b774c3a4c412b4fcea9edddba7db256ba2ea30e9
    77f11f9b113247578e0e915c6d2a513b8f2fca5707dc8770`);
  const cipher = Cipher.Aes128Gcm;
  const keys = deriveKeys({ dialect: 0x0311, sessionKey, fullSessionKey: sessionKey, preauthHash, cipher });
  assert.equal(toHex(keys.c2s), 'a2f5e80e5d59103034f32e52f698e5ec');
  const plain = fromHex(`fe534d4240000100000000000900010008000000000000000500000000000000fffe000001000000
    2500000000100000000000000000000000000000000000003100700017000000000000000000000006000000040000000100000004
    00000000000000000000007000000000000000536d623320656e6372797074696f6e2074657374696e67`);
  const frame = fromHex(`fd534d42bd73d97d2bc9001bcafac0fdff5feebcc7d6822d269caf48904c664c0000000087000000
    00000100250000000010000 06ecdd2a7afc7b47763057a041b8fd4daffe990b70c9e09d36c084e02
    d14ef247f8bde38acf6256f8b1d3b56f77fbdeb312fea5e92cbcc1ed8fb2ebbfaa75e49a4a394bb4
    4576545567c24d4c014d47c9fbdfdafd2c4f9b72f8d256452620a299f48e29e53d6b61d1c13a19e9
    1af013f00d17e3abc2fc3d36c8c1b6b93973253852dbd442e46ee8`);
  const sealer = new Sealer(cipher, keys.c2s, zeros);
  const out = room([plain]);
  sealer.sealWith(frame.subarray(20, 32), [plain.subarray(0, 64), plain.subarray(64)], 0x100000000025n, out);
  assert.equal(toHex(out), toHex(frame));
  assert.equal(toHex(new Opener(cipher, keys.c2s).open(frame)), toHex(plain));
  const answer = fromHex(`fd534d42acbe1cb7ed343adf1725ef144d90d4b0e06831dd2e8eb7b4000000000000000050000000
    00000100250000000010000026bbbf949983a6c1c796559d0f2c510cb651d1f7b6ac8ded32a2a0b8
    f2d793a815c6f6b848d69767a215841a42d400ae6ddb5f0b44173a014973321fdd7950da6179159b
    82e03c9e18a050ff0ea1c967`);
  assert.equal(toHex(new Opener(cipher, keys.s2c).open(answer).subarray(64)), '11000000170000000000000000000000');
});

test('every cipher opens what it sealed, and nothing that was touched', () => {
  const ciphers = fc.constantFrom(...Object.values(Cipher));
  const parts = fc.array(fc.uint8Array({ minLength: 1, maxLength: 90 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(ciphers, parts, fc.nat(), (cipher, message, place) => {
      const key = zeros(cipher > 2 ? 32 : 16);
      const frame = sealed(new Sealer(cipher, key, zeros), message);
      const opener = new Opener(cipher, key);
      assert.deepEqual(opener.open(frame.slice()), whole(message));
      const at = place % frame.length;
      frame[at] = (frame[at] as number) ^ 1;
      assert.throws(() => opener.open(frame.slice()), SealBroken);
      assert.throws(() => opener.open(frame.slice(0, at)), SealBroken);
    }),
  );
});

test('a message of many pieces is opened in its place, and each of its bytes counts', () => {
  for (const cipher of [Cipher.Aes128Ccm, Cipher.Aes128Gcm]) {
    const message = [zeros(100).fill(1), zeros(3 * PIECE + 5).map((_, at) => at), zeros(7).fill(9)];
    const frame = sealed(new Sealer(cipher, zeros(16), zeros), message);
    for (const at of [TRANSFORM_HEADER_SIZE, frame.length >> 1, frame.length - 1]) {
      const touched = frame.slice();
      touched[at] = (touched[at] as number) ^ 1;
      assert.throws(() => new Opener(cipher, zeros(16)).open(touched), SealBroken);
    }
    const opened = new Opener(cipher, zeros(16)).open(frame);
    assert.equal(opened.buffer, frame.buffer);
    assert.deepEqual(opened, whole(message));
  }
});

test('what is sealed must fit exactly', () => {
  const sealer = new Sealer(Cipher.Aes128Gcm, zeros(16), zeros);
  assert.throws(() => sealer.seal([zeros(9)], 1n, zeros(TRANSFORM_HEADER_SIZE + 8)), RangeError);
  assert.throws(() => sealer.seal([zeros(9)], 1n, zeros(TRANSFORM_HEADER_SIZE + 10)), RangeError);
});

test('nonces count and never repeat', () => {
  const sealer = new Sealer(Cipher.Aes128Gcm, zeros(16), (n) => new Uint8Array(n).fill(0xab));
  const nonces = [0, 1, 2].map(() => toHex(sealed(sealer, [zeros(9)]).subarray(20, 36)));
  assert.deepEqual(nonces, [
    'abababab000000000000000000000000',
    'abababab010000000000000000000000',
    'abababab020000000000000000000000',
  ]);
  assert.throws(() => new Sealer(Cipher.Aes256Gcm, zeros(16), zeros), RangeError);
  assert.throws(() => new Sealer(9, zeros(16), zeros), RangeError);
  assert.throws(() => new Opener(Cipher.Aes128Gcm, zeros(16)).open(zeros(TRANSFORM_HEADER_SIZE)), SealBroken);
});
