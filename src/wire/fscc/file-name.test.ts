import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StatusError } from '../erref/errors.js';
import { NtStatus } from '../erref/nt-status.js';
import { canonicalDosPath, isLegalName, parsePath, pathComponents } from './file-name.js';

function statusOf(body: () => unknown): number {
  try {
    body();
    return NtStatus.Success;
  } catch (error) {
    assert.ok(error instanceof StatusError);
    return error.status;
  }
}

test('paths into components', () => {
  assert.deepEqual(pathComponents(''), []);
  assert.deepEqual(pathComponents('\\'), []);
  assert.deepEqual(pathComponents('a'), ['a']);
  assert.deepEqual(pathComponents('\\a\\b c\\d.e'), ['a', 'b c', 'd.e']);
  assert.equal(parsePath('a\\').trailing, true);
  assert.deepEqual(parsePath('a\\').components, ['a']);
  assert.deepEqual(pathComponents('a..\\...\\ .b'), ['a..', '...', ' .b']);
});

test('streams', () => {
  const parse = (path: string): unknown[] => {
    const { components, stream, streamType } = parsePath(path);
    return [components.join('/'), stream, streamType];
  };
  assert.deepEqual(parse('d\\f:s'), ['d/f', 's', '']);
  assert.deepEqual(parse('d\\f:s:$data'), ['d/f', 's', '$DATA']);
  assert.deepEqual(parse('f::$DATA'), ['f', '', '$DATA']);
  assert.deepEqual(parse('d:$I30:$INDEX_ALLOCATION'), ['d', '', '$INDEX_ALLOCATION']);
  assert.deepEqual(parse(':s'), ['', 's', '']);
  assert.deepEqual(parse('f:a*?"<>|b\u0001'), ['f', 'a*?"<>|b\u0001', '']);
  for (const bad of ['f:', 'f::', 'f:s:$DATA:x', 'f:s:', 'f:a/b', 'd\\:s', 'a:b\\c', `f:${'s'.repeat(256)}`]) {
    assert.equal(
      statusOf(() => parsePath(bad)),
      NtStatus.ObjectNameInvalid,
      bad,
    );
  }
  assert.equal(
    statusOf(() => parsePath('f:s:$FOO')),
    NtStatus.InvalidParameter,
  );
  assert.equal(
    statusOf(() => pathComponents('f:s')),
    NtStatus.ObjectNameInvalid,
  );
});

test('dots and bad names', () => {
  for (const bad of ['..', 'a\\..\\..\\b', '\\..\\a']) {
    assert.equal(
      statusOf(() => parsePath(bad)),
      NtStatus.ObjectPathSyntaxBad,
      bad,
    );
  }
  const invalid = [
    '.',
    'a\\.',
    'a\\.\\b',
    'a*\\..\\b',
    'a:s\\..',
    'a\\.\\..',
    'a\\..:s',
    'a\\\\b',
    '\\\\a',
    '\\\\',
    'a*',
    'a/b',
    'a\u001fb',
    '\0',
  ];
  for (const bad of [...invalid, 'a|b', 'a"', 'a<\\b', 'x'.repeat(256)]) {
    assert.equal(
      statusOf(() => parsePath(bad)),
      NtStatus.ObjectNameInvalid,
      bad,
    );
  }
  assert.equal(isLegalName('x'.repeat(255)), true);
});

test('two dots go up', () => {
  assert.deepEqual(pathComponents('a\\..\\b\\c\\..\\d'), ['b', 'd']);
  assert.deepEqual(pathComponents('a\\..'), []);
  assert.deepEqual(parsePath('a\\b\\..\\c:s').components, ['a', 'c']);
});

test('whatever is accepted cannot leave the share', () => {
  const path = fc.string({ unit: fc.constantFrom(...'.\\/:ab*\0', '$DATA'), maxLength: 12 });
  fc.assert(
    fc.property(path, (text) => {
      try {
        for (const component of parsePath(text).components) {
          assert.ok(!['', '.', '..'].includes(component));
          assert.ok(!/[\\/:*\0]/.test(component));
        }
      } catch (error) {
        assert.ok(error instanceof StatusError);
      }
    }),
  );
});

test('paths of DOS clients', () => {
  assert.equal(canonicalDosPath('\\a\\.\\b\\..\\\\c/d\\'), 'a\\c\\d');
  assert.equal(canonicalDosPath('\\'), '');
  assert.equal(
    statusOf(() => canonicalDosPath('\\a\\..\\..')),
    NtStatus.ObjectPathSyntaxBad,
  );
});
