import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isGeneratedShortName, isShortName, shortNameOf } from './short-name.js';

test('what is an 8.3 name', () => {
  for (const good of ['A', 'readme.md', 'README', '12345678.123', 'A~1.TXT', 'a-b_c$.x']) {
    assert.equal(isShortName(good), true, good);
  }
  for (const bad of ['', '.a', 'a.', 'a b', '123456789', 'a.b.c', 'a.1234', 'ä', 'a+b', 'con', 'a;b', '.']) {
    assert.equal(isShortName(bad), false, bad);
  }
});

test('made names are 8.3 names, the same for the same name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (name) => {
      const short = shortNameOf(name);
      if (short === '') return;
      assert.equal(isShortName(short), true, short);
      assert.equal(isGeneratedShortName(short), true, short);
      assert.equal(shortNameOf(name), short);
    }),
  );
  assert.equal(shortNameOf('hello world.txt'), shortNameOf('Hello World.TXT'));
  assert.match(shortNameOf('hello world.txt'), /^H.{5}~.\.TXT$/);
  assert.match(shortNameOf('.profile'), /^P.{5}~.$/);
  assert.notEqual(shortNameOf('long name 1.txt'), shortNameOf('long name 2.txt'));
});
