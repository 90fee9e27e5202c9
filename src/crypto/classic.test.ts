import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#testing/golden.js';
import { des56 } from './des.js';
import { md4 } from './md4.js';
import { Rc4, rc4 } from './rc4.js';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

test('MD4: RFC 1320 A.5', () => {
  const suite: [string, string][] = [
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
  ];
  for (const [text, digest] of suite) assert.equal(toHex(md4(ascii(text))), digest, text);
});

test('RC4: well-known vectors, and a stream goes on', () => {
  assert.equal(toHex(rc4(ascii('Key'), ascii('Plaintext'))), 'bbf316e8d940af0ad3');
  assert.equal(toHex(rc4(ascii('Wiki'), ascii('pedia'))), '1021bf0420');
  const stream = new Rc4(ascii('Key'));
  assert.equal(toHex(stream.update(ascii('Plain'))) + toHex(stream.update(ascii('text'))), 'bbf316e8d940af0ad3');
});

test('DES with 56-bit keys: [MS-NLMP] 4.2.2.1.1', () => {
  const magic = ascii('KGS!@#$%');
  assert.equal(toHex(des56(ascii('PASSWOR'), magic)), 'e52cac67419a9a22');
  assert.equal(toHex(des56(fromHex('44000000000000'), magic)), '4a3b108f3fa6cb6d');
  assert.equal(toHex(des56(new Uint8Array(7), magic)), 'aad3b435b51404ee');
});
