import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SharePromises } from './fs.js';

type Node = typeof import('node:fs/promises');
/** Functions that return handles or changes have types of their own. */
type Verb =
  | 'access'
  | 'appendFile'
  | 'chmod'
  | 'chown'
  | 'copyFile'
  | 'cp'
  | 'lchown'
  | 'link'
  | 'lstat'
  | 'lutimes'
  | 'mkdir'
  | 'mkdtemp'
  | 'readFile'
  | 'readdir'
  | 'readlink'
  | 'realpath'
  | 'rename'
  | 'rm'
  | 'rmdir'
  | 'stat'
  | 'statfs'
  | 'symlink'
  | 'truncate'
  | 'unlink'
  | 'utimes'
  | 'writeFile';
type Unlike = { [V in Verb]: SharePromises[V] extends Node[V] ? never : V }[Verb];

test('the verbs have the types of node:fs/promises, so code that asks for those takes them', () => {
  const unlike: [Unlike] extends [never] ? 'none' : Unlike = 'none';
  assert.equal(unlike, 'none');
});
