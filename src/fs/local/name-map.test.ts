import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StatusError } from '#wire/erref/errors.js';
import { toMedium, toWire } from './name-map.js';

const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

test('plain names are the same on both sides', () => {
  for (const name of ['a', 'readme.txt', '.hidden', "it's (1) [x] {y} #%&+,;=@^`~!$", ' lead']) {
    assert.equal(toMedium(name), name);
    assert.equal(toWire(name), name);
  }
  assert.equal(toMedium(''), '');
  assert.equal(toMedium('a/b c/d.e'), 'a/b c/d.e');
  assert.equal(toMedium('Grüße/日本'), utf8('Grüße/日本'));
  assert.equal(toWire(utf8('日本🐋')), '日本🐋');
});

test('what Windows cannot show is mapped as Macs do', () => {
  const pairs = [
    ['a:b', 'a\uf022b'],
    ['"*<>?|\\', '\uf020\uf021\uf023\uf024\uf025\uf027\uf026'],
    ['end.', 'end\uf029'],
    ['end ', 'end\uf028'],
    ['two..', 'two.\uf029'],
    ['\x01\x1f', '\uf001\uf01f'],
    ['ü:', 'ü\uf022'],
  ] as const;
  for (const [medium, wire] of pairs) {
    assert.equal(toWire(utf8(medium)), wire);
    assert.equal(toMedium(wire), utf8(medium));
  }
});

test('bytes that are not UTF-8 come back', () => {
  assert.equal(toWire('caf\xe9'), 'caf\uefe9');
  assert.equal(toMedium('caf\uefe9'), 'caf\xe9');
  assert.equal(toWire('\xed\xa0\x80'), '\uefed\uefa0\uef80', 'a surrogate in UTF-8 is none');
  assert.notEqual(toWire(utf8('\uf022')), '\uf022');
  assert.equal(toMedium(toWire(utf8('\uf022'))), utf8('\uf022'));
});

test('nothing becomes dots, slashes or another spelling', () => {
  const bad = [
    '.',
    '..',
    '\uf029',
    '.\uf029',
    'a/..',
    '../a',
    '/a',
    'a/',
    'a//b',
    'a\0',
    'a\uf000'.replace('\uf000', '\0'),
  ];
  bad.push('a:b', 'a*', 'a\\b', 'end.', 'end ', 'mid\uf029dle', '\uefc3\uefbc', '\ud800', 'x/\uf029\uf029/..');
  for (const path of bad) assert.throws(() => toMedium(path), StatusError, JSON.stringify(path));
});

test('any name of the medium comes back as it was', () => {
  const byte = fc.integer({ min: 1, max: 255 }).filter((code) => code !== 0x2f);
  const name = fc.array(byte, { minLength: 1, maxLength: 24 }).map((codes) => String.fromCharCode(...codes));
  const tricky = fc.array(fc.constantFrom('\xef', '\xbe', '\xbf', '\x80', '\xa2', '.', ' ', ':', 'é', '\x81'), {
    minLength: 1,
  });
  const names = fc.oneof(
    name,
    tricky.map((chars) => chars.join('')),
  );
  fc.assert(
    fc.property(names, (medium) => {
      if (medium === '.' || medium === '..') return;
      const wire = toWire(medium);
      assert.ok(!/["*:<>?|\\/]|[. ]$/.test(wire), 'Windows can show it');
      assert.ok(Array.from(wire).every((char) => char >= ' '));
      assert.equal(toMedium(wire), medium);
    }),
    { numRuns: 2000 },
  );
});

test('any path that is taken stays below', () => {
  const part = fc.constantFrom('.', '..', '\uf029', '/', 'a', '\uef2e', '\uefae', ' ', '\uf028', 'ü', '\\', '\uf026');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const path = parts.join('');
      try {
        const medium = toMedium(path);
        for (const name of medium === '' ? [] : medium.split('/')) assert.ok(!['', '.', '..'].includes(name));
        assert.equal(medium.split('/').length, path.split('/').length);
      } catch (error) {
        assert.ok(error instanceof StatusError);
      }
    }),
    { numRuns: 2000 },
  );
});
