import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flagText } from '../io/names.js';
import { FileAttributes, fileAttributeNames, resolveAttributes } from './attributes.js';

test('attributes as peers see them', () => {
  assert.equal(resolveAttributes(0, false), FileAttributes.Normal);
  assert.equal(resolveAttributes(0, true), FileAttributes.Directory);
  assert.equal(resolveAttributes(FileAttributes.Normal | FileAttributes.Hidden, false), FileAttributes.Hidden);
  assert.equal(resolveAttributes(FileAttributes.Directory, false), FileAttributes.Normal);
  assert.equal(flagText(0x21, fileAttributeNames), 'FILE_ATTRIBUTE_READONLY|FILE_ATTRIBUTE_ARCHIVE');
});
