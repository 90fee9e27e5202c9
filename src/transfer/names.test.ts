import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileName } from '#trees/names.js';
import { localFault, windowsFault } from './names.js';
import { isPartial, partialPath } from './partial.js';

test('names', () => {
  for (const name of ['', '.', '..', 'a/b', 'a\\b', 'a\0', 'a'.repeat(256)])
    assert.ok(hostileName(name) !== undefined, name);
  for (const name of ['a:b', 'a?', 'a*', 'a.', 'a ', 'a\n', '<', 'x'.repeat(256)]) assert.ok(windowsFault(name), name);
  for (const name of ['a', '.a', 'a b', 'ä', '...a', 'CON']) assert.equal(windowsFault(name), undefined, name);
  for (const name of ['CON', 'nul.txt', 'COM1', 'a:b']) assert.ok(localFault(name, 'win32'), name);
  assert.equal(localFault('CON', 'linux'), undefined);
  assert.ok(localFault('ä'.repeat(200), 'linux'));
});

test('partial files have names that fit', () => {
  const version = { size: 1, mtime: new Date(0) };
  const path = partialPath(`d/${'ä'.repeat(127)}`, version);
  assert.ok(path.startsWith('d/ä') && Buffer.byteLength(path) <= 257);
  assert.ok(isPartial(path.slice(2)));
  assert.ok(!isPartial('a.part'));
  assert.notEqual(partialPath('a', version), partialPath('a', version));
});
