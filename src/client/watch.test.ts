import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileAction } from '#wire/fscc/notify.js';
import { type Change, ChangeReader } from './watch.js';

function read(...batches: { action: number; name: string }[][]): Change[] {
  const reader = new ChangeReader('d');
  return batches.flatMap((batch) => [...reader.read(batch)]).concat([...reader.rest()]);
}

test('the halves of a rename come together, also across batches', () => {
  const old = { action: FileAction.RenamedOldName, name: 'a' };
  const fresh = { action: FileAction.RenamedNewName, name: 'e\\b' };
  const renamed = { kind: 'renamed', path: 'd/e/b', from: 'd/a' };
  assert.deepEqual(read([old, fresh]), [renamed]);
  assert.deepEqual(read([old], [fresh]), [renamed]);
});

test('a half that stays alone is an addition or a removal', () => {
  assert.deepEqual(read([{ action: FileAction.RenamedNewName, name: 'b' }]), [{ kind: 'added', path: 'd/b' }]);
  assert.deepEqual(
    read([
      { action: FileAction.RenamedOldName, name: 'a' },
      { action: FileAction.Modified, name: 'c' },
    ]),
    [
      { kind: 'removed', path: 'd/a' },
      { kind: 'modified', path: 'd/c' },
    ],
  );
  assert.deepEqual(read([{ action: 99, name: 'x' }]), [{ kind: 'modified', path: 'd/x' }]);
});

test('a change that leads out of the directory is none', () => {
  for (const name of ['..\\x', 'a\\..\\..\\x', '../x', 'a\0', 'a\\\\b'])
    assert.throws(() => read([{ action: FileAction.Added, name }]), { code: 'STATUS_INVALID_NETWORK_RESPONSE' }, name);
  assert.deepEqual(read([{ action: FileAction.Added, name: '\\a' }]), [{ kind: 'added', path: 'd/a' }]);
});
