import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromDosPattern, hasWildcards, NamePattern } from './name-pattern.js';

/** A literal implementation of the rules of [MS-FSA] 2.1.4.4, trying all possibilities. */
function naive(pattern: string, name: string, at = 0): boolean {
  if (pattern === '') return at === name.length;
  const rest = pattern.slice(1);
  const unit = name.charAt(at);
  switch (pattern.charAt(0)) {
    case '*':
      return naive(rest, name, at) || (unit !== '' && naive(pattern, name, at + 1));
    case '<':
      if (naive(rest, name, at)) return true;
      if (unit === '') return false;
      return at === name.lastIndexOf('.') ? naive(rest, name, at + 1) : naive(pattern, name, at + 1);
    case '>':
      if (unit === '') return naive(rest, name, at);
      if (unit !== '.') return naive(rest, name, at + 1);
      // Skipping past the end of the expression ends it at a period that is the name's last character.
      return naive(rest, name, at) || (at === name.length - 1 && /^[*<>]*$/.test(rest));
    case '"':
      if (unit === '') return naive(rest, name, at);
      return unit === '.' && naive(rest, name, at + 1);
    case '?':
      return unit !== '' && naive(rest, name, at + 1);
    default:
      return unit === pattern.charAt(0) && naive(rest, name, at + 1);
  }
}

test('agrees with trying everything', () => {
  const pattern = fc.string({ unit: fc.constantFrom(...'*<>"?.AB'), maxLength: 7 });
  const name = fc.string({ unit: fc.constantFrom(...'AB.'), minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(pattern, name, (expression, fileName) => {
      const expected = expression === '*.*' || naive(expression, fileName);
      assert.equal(new NamePattern(expression, false).matches(fileName), expected);
    }),
    { numRuns: 5000 },
  );
});

test('one pattern serves many names', () => {
  const pattern = new NamePattern('a<.t>>');
  const names = ['a.txt', 'A.B.T', 'a.tx.y', 'ab.txtx', 'b.txt', 'a', 'a.t'];
  assert.deepEqual(
    names.filter((name) => pattern.matches(name)),
    ['a.txt', 'A.B.T', 'a.t'],
  );
});

test('empty names and expressions', () => {
  assert.equal(new NamePattern('').matches(''), true);
  assert.equal(new NamePattern('').matches('a'), false);
  assert.equal(new NamePattern('*').matches(''), false);
});

test('DOS patterns mean what they did in DOS', () => {
  const dos = (mask: string, name: string): boolean => new NamePattern(fromDosPattern(mask)).matches(name);
  assert.equal(fromDosPattern('????????.???'), '>>>>>>>>">>>');
  assert.equal(dos('????????.???', 'readme'), true);
  assert.equal(dos('????????.???', 'readme.md'), true);
  assert.equal(dos('*.', 'readme'), true);
  assert.equal(dos('*.', 'readme.md'), false);
  assert.equal(dos('*.txt', 'a.b.txt'), true);
  assert.equal(dos('file?.c', 'file.c'), true);
  assert.equal(new NamePattern('file?.c').matches('file.c'), false);
});

test('case', () => {
  assert.equal(new NamePattern('ÄB*').matches('äbc'), true);
  assert.equal(new NamePattern('ÄB*', false).matches('äbc'), false);
  assert.equal(new NamePattern('readme.MD').literal, true);
  assert.equal(new NamePattern('readme.MD').matches('README.md'), true);
  assert.equal(hasWildcards('a"b'), true);
  assert.equal(hasWildcards('a.b'), false);
});

test('no expression takes more than the product of the lengths', () => {
  const started = process.cpuUsage().user;
  const name = 'a'.repeat(255);
  for (const part of ['*a', '<a', '*?', '>*', '>', '<<', '*>"']) {
    new NamePattern(`${part.repeat(2000)}b`).matches(`${name}.${name}`);
    new NamePattern(`*${part.repeat(100)}b`).matches(name);
  }
  assert.ok(process.cpuUsage().user - started < 5_000_000);
});
