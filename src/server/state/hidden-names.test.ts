import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HiddenNames } from './hidden-names.js';

test('names are hidden by a dot or by a pattern, whatever their case', () => {
  const names = new HiddenNames(true, ['hide*', 'Thumbs.db']);
  const hidden = ['.x', '.', '..', 'HideFile', 'thumbs.DB', 'x.y', 'thumbs'].filter((name) => names.hides(name));
  assert.deepEqual(hidden, ['.x', 'HideFile', 'thumbs.DB']);
  assert.equal(new HiddenNames(false, []).hides('.x'), false);
});
