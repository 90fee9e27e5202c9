import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import type { ClientConnection, FileProtocol, ListedNode, NodeInfo } from './protocol.js';
import { Share } from './share.js';
import { PLAIN_SHARE } from './share-facts.js';

function info(directory: boolean): NodeInfo {
  const none = 0n;
  return {
    size: 0,
    allocationSize: 0,
    attributes: directory ? FileAttributes.Directory : FileAttributes.Normal,
    creationTime: none,
    lastAccessTime: none,
    lastWriteTime: none,
    changeTime: none,
    id: none,
    links: 1,
  };
}

/** A share with names only, which records what it is asked. */
function fake(...directories: string[]): { share: Share; asked: string[]; files: Set<string>; folders: Set<string> } {
  const folders = new Set(['', ...directories]);
  const files = new Set<string>();
  const asked: string[] = [];
  const refuse = (status: number): never => {
    throw new StatusError(status);
  };
  const parent = (path: string): string => path.split('\\').slice(0, -1).join('\\');
  const inside = (path: string): string[] =>
    [...folders, ...files].filter((name) => name !== '' && parent(name) === path);
  const protocol: Partial<FileProtocol> = {
    async mkdir(path) {
      asked.push(`mkdir ${path}`);
      if (folders.has(path) || files.has(path)) refuse(NtStatus.ObjectNameCollision);
      if (!folders.has(parent(path))) refuse(NtStatus.ObjectPathNotFound);
      folders.add(path);
    },
    async stat(path) {
      asked.push(`stat ${path}`);
      if (!folders.has(path) && !files.has(path)) refuse(NtStatus.ObjectNameNotFound);
      return info(folders.has(path));
    },
    async remove(path, directory) {
      asked.push(`${directory ? 'rmdir' : 'rm'} ${path}`);
      if (!folders.has(path) && !files.has(path)) refuse(NtStatus.ObjectNameNotFound);
      if (!directory && folders.has(path)) refuse(NtStatus.FileIsADirectory);
      if (directory && inside(path).length > 0) refuse(NtStatus.DirectoryNotEmpty);
      folders.delete(path);
      files.delete(path);
    },
    async *list(path) {
      const name = (found: string): string => found.slice(found.lastIndexOf('\\') + 1);
      const nodes = inside(path).map((found): ListedNode => ({ ...info(folders.has(found)), name: name(found) }));
      yield nodes;
    },
    async disconnect() {
      asked.push('disconnect');
    },
  };
  const connection = { info: { dialect: '3.1.1', encrypted: false }, close: async () => void asked.push('close') };
  const tree = { protocol: protocol as FileProtocol, encrypted: true, facts: PLAIN_SHARE };
  return { share: new Share('x', connection as unknown as ClientConnection, tree), asked, files, folders };
}

test('mkdir recursive asks for the deepest one first', async () => {
  const { share, asked, folders } = fake('a');
  await share.mkdir('a/b', { recursive: true });
  assert.deepEqual(asked.splice(0), ['mkdir a\\b']);
  await share.mkdir('x/y/z', { recursive: true });
  assert.deepEqual(asked.splice(0), ['mkdir x\\y\\z', 'mkdir x\\y', 'mkdir x', 'mkdir x\\y', 'mkdir x\\y\\z']);
  await share.mkdir('x/y/z', { recursive: true });
  assert.ok(folders.has('x\\y\\z'));
  await assert.rejects(share.mkdir('x/y/z'), { code: 'STATUS_OBJECT_NAME_COLLISION' });
  await share.mkdir('', { recursive: true });
});

test('mkdir recursive does not take a file for a directory', async () => {
  const { share, files } = fake();
  files.add('f');
  await assert.rejects(share.mkdir('f', { recursive: true }), { code: 'STATUS_OBJECT_NAME_COLLISION' });
});

test('rm recursive empties a directory before it removes it', async () => {
  const { share, files, folders } = fake('a', 'a\\b');
  files.add('a\\b\\f').add('a\\g');
  await assert.rejects(share.rm('a'), { code: 'STATUS_FILE_IS_A_DIRECTORY' });
  await share.rm('a', { recursive: true });
  assert.deepEqual([...folders, ...files], ['']);
  await assert.rejects(share.rm('a'), { code: 'STATUS_OBJECT_NAME_NOT_FOUND' });
  await share.rm('a', { force: true });
  await assert.rejects(share.rm('/', { recursive: true }), UsageError);
});

test('exists tells what is not there from what may not be seen', async () => {
  const { share } = fake('a');
  assert.equal(await share.exists('a'), true);
  assert.equal(await share.exists('b'), false);
});

test('a share is closed once, and its encryption shows', async () => {
  const { share, asked } = fake();
  assert.equal(share.info.encrypted, true);
  await Promise.all([share.close(), share.close()]);
  await share[Symbol.asyncDispose]();
  assert.deepEqual(asked, ['disconnect', 'close']);
  await assert.rejects(share.open('f'), UsageError);
});
