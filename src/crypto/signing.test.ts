import assert from 'node:assert/strict';
import { createCipheriv, createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#testing/golden.js';
import { Cmac } from './cmac.js';
import { GmacSigner, HmacSha256Signer, type Signer, signerFor, verify } from './signing.js';

const INFO = { messageId: 3, fromServer: true, cancel: false };

test('AES-CMAC: RFC 4493 section 4', () => {
  const cmac = new Cmac(fromHex('2b7e151628aed2a6abf7158809cf4f3c'));
  const message = fromHex(`6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
    30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710`);
  const expected: [number, string][] = [
    [0, 'bb1d6929e95937287fa37d129b756746'],
    [16, '070a16b46b4d4144f79bdd9dd04a287c'],
    [40, 'dfa66747de9ae63030ca32611497c827'],
    [64, '51f0bebf7e3b9d92fc49741779363cfe'],
  ];
  for (const [length, code] of expected) {
    for (const cut of [0, 1, 16, 17, 39, 64]) {
      const parts = [message.subarray(0, Math.min(cut, length)), message.subarray(Math.min(cut, length), length)];
      const out = new Uint8Array(16);
      cmac.digest(parts, out);
      assert.equal(toHex(out), code, `${length} bytes cut at ${cut}`);
    }
  }
});

test('AES-CMAC does not depend on how the message is cut', () => {
  const cmac = new Cmac(new Uint8Array(16).fill(7));
  const lengths = fc.array(fc.nat(100), { maxLength: 6 });
  fc.assert(
    fc.property(lengths, fc.boolean(), (sizes, big) => {
      const parts = sizes.map((n, i) => new Uint8Array(big && i === 1 ? n + 70000 : n).fill(i + 1));
      const whole = Uint8Array.from(parts.flatMap((part) => Array.from(part)));
      const [one, other] = [new Uint8Array(16), new Uint8Array(16)];
      cmac.digest(parts, one);
      cmac.digest([whole], other);
      assert.deepEqual(one, other);
    }),
    { numRuns: 60 },
  );
});

test('AES-CMAC signature of a session setup response by Windows at 3.1.1', () => {
  const response = fromHex(`fe534d4240000100000000000100800009000000000000000300000000000000fffe000000000000
    1900000000100000ebe146da120ba25fc3376a49dfe31bc10900000048001d00a11b3019a0030a0100a3120410010000003b453cdc
    3524164200000000`);
  const signer = signerFor(0x0311, 1, fromHex('73fe7a9a77bef0bde49c650d8ccb5f76'));
  assert.equal(signer.name, 'AES-CMAC');
  const before = response.slice();
  assert.ok(verify(signer, response, INFO));
  assert.deepEqual(response, before);
  response[70] = 1;
  assert.ok(!verify(signer, response, INFO));
  assert.ok(!verify(signer, response.subarray(0, 63), INFO));
});

test('AES-GMAC: nonce of message id, role and cancel', () => {
  const key = fromHex('feffe9928665731c6d6a8f9467308308');
  const message = new Uint8Array(150).map((_, i) => (i >= 48 && i < 64 ? 0 : i));
  const nonces: [Parameters<Signer['sign']>[2], string][] = [
    [{ messageId: 0x123456789a, fromServer: false, cancel: false }, '9a78563412000000 00000000'],
    [{ messageId: 5, fromServer: true, cancel: false }, '0500000000000000 01000000'],
    [{ messageId: 5, fromServer: false, cancel: true }, '0500000000000000 02000000'],
    [{ messageId: -1, fromServer: true, cancel: false }, 'ffffffffffffffff 01000000'],
  ];
  for (const [info, nonce] of nonces) {
    const cipher = createCipheriv('aes-128-gcm', key, fromHex(nonce)).setAAD(message);
    cipher.final();
    const out = new Uint8Array(16);
    new GmacSigner(key).sign([message.subarray(0, 65), message.subarray(65)], out, info);
    assert.equal(toHex(out), toHex(cipher.getAuthTag()));
  }
});

test('HMAC-SHA256: the first 16 bytes, over the parts in order', () => {
  const key = new Uint8Array(16).fill(1);
  const message = new Uint8Array(100).fill(0xee).fill(0, 48, 64);
  const out = new Uint8Array(16);
  new HmacSha256Signer(key).sign([message.subarray(0, 64), message.subarray(64)], out, INFO);
  assert.equal(toHex(out), createHmac('sha256', key).update(message).digest('hex').slice(0, 32));
  message.set(out, 48);
  assert.ok(verify(new HmacSha256Signer(key), message, INFO));
  assert.equal(signerFor(0x0210, 0, key).name, 'HMAC-SHA256');
  assert.equal(signerFor(0x0302, 2, key).name, 'AES-CMAC');
  assert.equal(signerFor(0x0311, 2, key).name, 'AES-GMAC');
});
