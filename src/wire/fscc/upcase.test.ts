import assert from 'node:assert/strict';
import { test } from 'node:test';
import { upcase } from './upcase.js';

test('one unit to one unit, and never to ASCII', () => {
  assert.equal(upcase('äöü.txt'), 'ÄÖÜ.TXT');
  assert.equal(upcase('aß'), 'Aß');
  assert.equal(upcase('ıſµǅ'), 'ıſµǅ');
  assert.equal(upcase('ΰέσς'), 'ΰΈΣΣ');
  assert.equal(upcase('\u{1F600}a'), '\u{1F600}A');
  for (let unit = 0x80; unit < 0x10000; unit++) {
    const name = String.fromCharCode(unit);
    assert.equal(upcase(name).length, 1);
    assert.equal(upcase(upcase(name)), upcase(name));
    assert.ok(upcase(name) >= '\x80');
  }
});
