import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { errnoCode, towards, withHint } from './errors.js';
import { oddName } from './odd-name.js';

test('what is odd about a name', () => {
  const rows: [string, RegExp | undefined][] = [
    ['a/b.txt', undefined],
    ['a/b.txt:stream', undefined],
    ['a/b.txt:stream:$DATA', undefined],
    ['😀'.repeat(60), undefined],
    ['a\ud800', /surrogate/],
    ['a\tb/c', /control/],
    ['a?/b', /\? \*/],
    ['ab:/c', /colon/],
    ['a/b. ', /dot or a space/],
    ['x'.repeat(256), /256 characters/],
    ['ü'.repeat(128), /256 bytes/],
    ['C:dir', /drive/],
  ];
  for (const [path, hint] of rows) {
    if (hint) assert.match(oddName(path) ?? '', hint, path);
    else assert.equal(oddName(path), undefined, path);
  }
});

test('a refusal of a name says what is odd about it', () => {
  const error = withHint(new StatusError(NtStatus.ObjectNameInvalid, { command: 'CREATE', path: 'a\\b*' }));
  assert.ok(error instanceof StatusError);
  assert.equal(error.path, 'a/b*');
  assert.equal(error.message, 'CREATE a/b*: STATUS_OBJECT_NAME_INVALID (names cannot hold < > " | ? *)');
  const illegal = new StatusError(NtStatus.IllegalCharacter, { path: 'a' });
  assert.deepEqual([illegal.code, errnoCode(illegal)], ['STATUS_ILLEGAL_CHARACTER', 'EINVAL']);
});

test('a message has one line, and names both paths of what has two', () => {
  const error = towards(new StatusError(NtStatus.ObjectNameCollision, { command: 'SET_INFO', path: 'a\nb' }), 'c/d');
  assert.ok(error instanceof StatusError);
  assert.equal(error.message, 'SET_INFO a\\x0ab -> c/d: STATUS_OBJECT_NAME_COLLISION');
  assert.deepEqual([error.path, error.dest], ['a\nb', 'c/d']);
  const root = new StatusError(NtStatus.AccessDenied, { command: 'CREATE', path: '' });
  assert.equal(root.message, 'CREATE /: STATUS_ACCESS_DENIED');
  const share = new StatusError(NtStatus.BadNetworkName, { path: '\\\\host\\share' });
  assert.equal(share.path, '\\\\host\\share');
});
