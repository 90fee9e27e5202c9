import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError } from '#wire/erref/errors.js';
import { readDosAttrib, writeDosAttrib } from './dos-attrib.js';
import { attributeOfStream, checkEaName, checkStreamName, eaNameOf, streamNameOf } from './names.js';
import { readNtAcl, writeNtAcl } from './nt-acl.js';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
const hex = (value: Uint8Array | undefined): string =>
  value === undefined ? 'none' : Buffer.from(value).toString('hex');

/** Written by smbd 4.17.12 (Debian), read with getfattr. */
const SMBD = {
  dosAttrib: '00000500050000001100000020000000e27cd472057ddd01',
  readonly: '000005000500000011000000010000007bc4d572057ddd01',
  // `acl_xattr:ignore system acls = yes`
  acl3: `0300030000000200040002000100 ${'00'.repeat(64)} 0000
    010004806400000080000000000000009000000001050000000000051500000059ff2376600c69e835f2440ce803000001020000000000
    1602000000e9030000020084000500000000002400ff011f0001050000000000051500000059ff2376600c69e835f2440ce80300000000
    1800bf011200010200000000001602000000e903000000001400bf01120001010000000000010000000000001400ff011f000101000000
    0000051200000000001800a900120001020000000000052000000021020000`,
  acl4: `0400040000000200040002000100c1ee8fd4703630e874dc2042d449e15a50c74e0ed0a6d2806810ad4304a6d829${'00'.repeat(32)}
    706f7369785f61636c00a8156539067ddd01b97d1cf7c759bfea8efdca1ff760f411a2249f571fdc9509f23724b25a631392${'00'.repeat(32)}
    01000480b4000000d000000000000000ec00000001050000000000051500000059ff2376600c69e835f2440ce803000001050000000000
    051500000059ff2376600c69e835f2440c0102000002007c000400000000002400ff011f0001050000000000051500000059ff2376600c
    69e835f2440ce803000000002400a900120001050000000000051500000059ff2376600c69e835f2440c0102000000001400a900120001
    010000000000010000000000001800a900120001020000000000052000000021020000`,
};

/** What smbd reported to a client about the same two files. */
const TOLD = {
  acl3: `010004801400000030000000000000004000000001050000000000051500000059ff2376600c69e835f2440ce803000001020000000000
    1602000000e9030000020084000500000000002400ff011f0001050000000000051500000059ff2376600c69e835f2440ce80300000000
    1800bf011200010200000000001602000000e903000000001400bf01120001010000000000010000000000001400ff011f000101000000
    0000051200000000001800a900120001020000000000052000000021020000`,
  acl4: `010004801400000030000000000000004c00000001050000000000051500000059ff2376600c69e835f2440ce803000001050000000000
    051500000059ff2376600c69e835f2440c0102000002007c000400000000002400ff011f0001050000000000051500000059ff2376600c
    69e835f2440ce803000000002400a900120001050000000000051500000059ff2376600c69e835f2440c0102000000001400a900120001
    010000000000010000000000001800a900120001020000000000052000000021020000`,
};

test('attributes and creation time as smbd writes them', () => {
  const value = { attributes: 0x20, creationTime: 0x01dd7d0572d47ce2n };
  assert.deepEqual(readDosAttrib(bytes(SMBD.dosAttrib)), value);
  assert.equal(hex(writeDosAttrib(value)), SMBD.dosAttrib);
  assert.equal(readDosAttrib(bytes(SMBD.readonly))?.attributes, 1);
});

test('older versions, and the text before them', () => {
  const time = '0102030405060701';
  const times = `${time}ffffffffffffff00`;
  const sizes = `${'00'.repeat(4)}${'00'.repeat(8)}${'00'.repeat(8)}`;
  const of = (text: string): unknown => readDosAttrib(bytes(text));
  const both = { attributes: 0x22, creationTime: 0x0107060504030201n };
  const text = '3078323200 00';
  assert.deepEqual(of('30783232'), { attributes: 0x22, creationTime: undefined });
  assert.deepEqual(of('3078323200'), { attributes: 0x22, creationTime: undefined });
  assert.deepEqual(of(`${text} 0100 0100 0000 22000000 ${sizes} ${times}`), both);
  assert.deepEqual(of(`${text} 0200 0200 0000 00000000 22000000 ${sizes} ${times} ${time} 00`), {
    attributes: 0x22,
    creationTime: undefined,
  });
  assert.deepEqual(of(`${text} 0300 0300 0000 11000000 22000000 ${sizes} ${times}`), both);
  assert.deepEqual(of(`0000 0400 0400 0000 11000000 22000000 ${'77'.repeat(8)} ${time}`), both);
  assert.deepEqual(of(`0000 0500 0500 0000 10000000 22000000 ${time}`), { ...both, attributes: undefined });
});

test('what nobody can have meant is nothing', () => {
  for (const text of ['', '00', '3178', '3078313131313131313131', '000005000400000011', SMBD.dosAttrib.slice(0, -2)]) {
    assert.equal(readDosAttrib(bytes(text)), undefined, text);
  }
  for (const acl of [SMBD.acl3, SMBD.acl4]) {
    const whole = bytes(acl);
    for (let length = 0; length < whole.length; length++) readNtAcl(whole.subarray(0, length));
    for (let at = 0; at < whole.length; at++) {
      const damaged = whole.slice();
      damaged[at] = 0xff;
      readNtAcl(damaged);
    }
  }
  assert.equal(readNtAcl(bytes('0500050000000200')), undefined);
});

test('descriptors of all versions', () => {
  assert.equal(hex(readNtAcl(bytes(SMBD.acl3))), hex(bytes(TOLD.acl3)));
  assert.equal(hex(readNtAcl(bytes(SMBD.acl4))), hex(bytes(TOLD.acl4)));
  const written = writeNtAcl(bytes(TOLD.acl3));
  assert.equal(hex(written.subarray(0, 32)), '010001000000020001000480' + '1c00000038000000000000004800000001050000');
  assert.equal(hex(readNtAcl(written)), hex(bytes(TOLD.acl3)));
});

test('names of streams and extended attributes', () => {
  assert.equal(attributeOfStream('Zweiter Strom'), 'user.DosStream.Zweiter Strom:$DATA');
  assert.equal(streamNameOf('user.DosStream.Zweiter Strom:$DATA'), 'Zweiter Strom');
  assert.equal(streamNameOf(attributeOfStream('Grüße')), 'Grüße');
  for (const name of ['user.DosStream.x', 'user.DosStream.:$DATA', 'user.x:$DATA', 'security.NTACL']) {
    assert.equal(streamNameOf(name), undefined);
  }
  for (const name of ['', 'x'.repeat(250), 'a/b', 'a:b', '\ud800'])
    assert.throws(() => checkStreamName(name), StatusError);
  for (const name of ['x'.repeat(234), '?Stream*', ' \x01. ']) checkStreamName(name);
  assert.equal(eaNameOf('user.MYEA'), 'MYEA');
  assert.equal(eaNameOf('user.user.other'), 'user.other');
  for (const name of ['user.DOSATTRIB', 'user.DosStream.x:$DATA', 'user.SAMBA_PAI', 'user.sombrero.x', 'trusted.x']) {
    assert.equal(eaNameOf(name), undefined, name);
  }
  assert.equal(checkEaName('dosattrib'), 'private');
  assert.equal(checkEaName('Acl', 'user.acl'), 'private');
  assert.equal(eaNameOf('user.acl', 'user.ACL'), undefined);
  assert.equal(checkEaName('a:b'), 'bad');
  assert.equal(checkEaName(''), 'bad');
});
