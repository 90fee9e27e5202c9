import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Removable, type RemoveOptions, removeTree } from './remove.js';

const codes = (code: string): Error => Object.assign(new Error(code), { code });
const options: RemoveOptions = {
  codeOf: (error) => (error as { code?: string }).code,
  isFatal: () => false,
  fault: (_fault, path, why) => new Error(`${path}: ${why}`),
};

/** Directories with their entries. A trailing slash marks a directory, an @ a hidden link to one. */
function disk(content: Readonly<Record<string, readonly string[]>>): Removable & { readonly gone: string[] } {
  const gone: string[] = [];
  const left = (path: string): string[] =>
    (content[path] ?? []).filter((name) => !gone.includes(`${path === '' ? '' : `${path}/`}${name.replace('/', '')}`));
  return {
    gone,
    async *list(path) {
      for (const name of left(path)) {
        yield { name: name.replace('/', ''), kind: /[/@]$/.test(name) ? 'directory' : 'file', id: '' };
      }
    },
    stat: async () => ({ name: '', kind: 'directory', id: '' }),
    async remove(path, directory) {
      if (directory && !path.endsWith('@') && left(path).length > 0) throw codes('ENOTEMPTY');
      gone.push(path);
    },
  };
}

test('all goes, and what goes at once is not looked into', async () => {
  const tree = disk({ '': ['a', 'b/', 'link@'], b: ['c', 'd/'], 'link@': ['kept'] });
  assert.deepEqual(await removeTree(tree, '', options), { files: 2, directories: 4, failed: 0 });
  assert.deepEqual([...tree.gone].sort(), ['', 'a', 'b', 'b/c', 'b/d', 'link@']);
  assert.equal(tree.gone.at(-1), '');
});

test('what does not go keeps the directories around it, and the rest goes', async () => {
  const tree = disk({ '': ['a', 'b/'], b: ['c', 'locked/'], 'b/locked': ['x'] });
  const { remove } = tree;
  const failures: string[] = [];
  const refusing: Removable = {
    ...tree,
    remove: async (path, directory, control) => {
      if (path === 'b/locked') throw codes('EACCES');
      return remove(path, directory, control);
    },
  };
  const onEvent: RemoveOptions['onEvent'] = ({ kind, path }) => {
    if (kind === 'failed') failures.push(path);
  };
  assert.deepEqual(await removeTree(refusing, '', { ...options, onEvent }), { files: 2, directories: 0, failed: 1 });
  assert.deepEqual(failures, ['b/locked']);
  assert.ok(!tree.gone.includes('b/locked/x'), 'nor is anything taken out of what stays');
});

test('what somebody else has removed meanwhile is gone', async () => {
  const tree = disk({ '': ['a', 'b/'], b: ['c'] });
  const { remove } = tree;
  const absent: Removable = {
    ...tree,
    remove: async (path, directory, control) => {
      await remove(path, directory, control);
      throw codes('ENOENT');
    },
  };
  assert.equal((await removeTree(absent, '', options)).failed, 0);
});

test('a signal ends it wherever it is', async () => {
  const stop = new AbortController();
  const reason = new Error('enough');
  const tree: Removable = {
    ...disk({ '': ['a'] }),
    isFollowedLink: async () => {
      stop.abort(reason);
      return false;
    },
  };
  await assert.rejects(removeTree(tree, '', { ...options, signal: stop.signal }), reason);
});
