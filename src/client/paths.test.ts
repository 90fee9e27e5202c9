import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below } from '#trees/names.js';
import { UsageError } from '#wire/erref/errors.js';
import { fromWire, normal, toWire } from './paths.js';

test('paths go to the wire and come back', () => {
  assert.equal(toWire('a/b.txt'), 'a\\b.txt');
  assert.equal(toWire('/a//b/./c/../d/'), 'a\\b\\d');
  assert.equal(toWire('a\\b'), 'a\\b');
  assert.equal(toWire(''), '');
  assert.equal(toWire('a.txt:stream'), 'a.txt:stream');
  assert.equal(normal('/x/y/'), 'x/y');
  assert.equal(fromWire('\\a\\b'), 'a/b');
  assert.equal(below('', 'x'), 'x');
  assert.equal(below('a', 'x'), 'a/x');
});

test('a path cannot leave the share', () => {
  assert.throws(() => toWire('..'), UsageError);
  assert.throws(() => toWire('a/../../b'), UsageError);
  assert.throws(() => toWire('a\0b'), UsageError);
});
