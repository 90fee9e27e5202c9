import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { memory } from '#fs/index.js';
import { lyingBackend } from '#testing/lying-backend.js';
import { temporaryFolder } from '#testing/peers.js';
import { fill, Log, memoryShare } from '#testing/transfer-bench.js';
import {
  compareTrees,
  copyTree,
  type FileTree,
  localTree,
  removeTree,
  type SourceFile,
  shareTree,
  type TreeEntry,
} from './index.js';

function entry(name: string, kind: TreeEntry['kind'] = 'file'): TreeEntry {
  const now = new Date(1_600_000_000_000);
  return { name, kind, size: 4, dense: true, mtime: now, atime: now, birthtime: now, attributes: 0, id: '' };
}

/** A server that claims whatever it likes. */
function liar(listing: Readonly<Record<string, readonly TreeEntry[]>>): FileTree {
  return Object.assign(Object.create(localTree('/')) as FileTree, {
    readSmall: undefined,
    show: (path: string) => path,
    async *list(path: string) {
      yield* listing[path] ?? [];
    },
    stat: async (path: string) => (path === '' ? entry('', 'directory') : undefined),
    open: async (): Promise<SourceFile> => ({
      inspect: async () => ({ size: 4, mtime: new Date(1_600_000_000_000) }),
      read: async (into) => {
        into.set(Buffer.from('evil').subarray(0, into.length));
        return Math.min(4, into.length);
      },
      close: async () => undefined,
    }),
  });
}

test('no name of a server leads out of the directory that it is fetched to', async (t) => {
  const folder = await temporaryFolder(t);
  fill(folder, { 'outside/secret.txt': 'kept', 'out/there.txt': 'x' });
  symlinkSync('../outside', join(folder, 'out/elsewhere'));
  symlinkSync('../outside/secret.txt', join(folder, 'out/target.txt'));
  const hostile = liar({
    '': [
      ...['..', '.', '', '../up.txt', '..\\up.txt', '/etc/evil', 'a/../../up.txt', 'C:\\x', 'nul\0byte'].map((name) =>
        entry(name),
      ),
      entry('..', 'directory'),
      entry('../outside', 'directory'),
      entry('elsewhere', 'directory'),
      entry('target.txt'),
      entry('good.txt'),
      entry('twice', 'link'),
      entry('twice', 'directory'),
    ],
    elsewhere: [entry('secret.txt')],
    twice: [entry('in.txt')],
    '..': [entry('never.txt')],
  });
  const log = new Log();
  const result = await copyTree(hostile, localTree(join(folder, 'out')), { onEvent: log.add, changing: true });
  assert.equal(readFileSync(join(folder, 'outside/secret.txt'), 'utf8'), 'kept');
  assert.deepEqual(readdirSync(folder).sort(), ['out', 'outside']);
  assert.deepEqual(readdirSync(join(folder, 'outside')), ['secret.txt']);
  assert.deepEqual(readdirSync(join(folder, 'out')).sort(), [
    'elsewhere',
    'good.txt',
    'target.txt',
    'there.txt',
    'twice',
  ]);
  // The file replaced the link instead of being written through it.
  assert.ok(statSync(join(folder, 'out/target.txt')).isFile());
  assert.equal(readFileSync(join(folder, 'out/target.txt'), 'utf8'), 'evil');
  assert.equal(result.failed, 12, log.failures().join('\n'));
});

test('a name that cannot be is told by a comparison, too', async (t) => {
  const folder = await temporaryFolder(t);
  const [odd, plain] = [liar({ '': [entry('../x'), entry('a')] }), localTree(folder)];
  const differences: string[] = [];
  for await (const { path, what } of compareTrees(odd, plain)) differences.push(`${what} ${path}`);
  assert.deepEqual(differences, ['error ../x', 'only-left a']);
});

test('names that are one at the target do not overwrite each other', async (t) => {
  const folder = await temporaryFolder(t);
  const docs = await memoryShare(t);
  fill(join(folder, 'in'), { 'a.txt': 'small', 'A.TXT': 'LARGE', 'dir/x': '1', 'DIR/x': '2', 'b.txt': 'b' });
  const log = new Log();
  const result = await copyTree(localTree(join(folder, 'in')), shareTree(docs, 'x'), { onEvent: log.add });
  assert.deepEqual([result.files, result.failed], [3, 2]);
  assert.equal(log.failures().filter((line) => /the same name as/.test(line)).length, 2);
  // Where case matters, both are kept.
  const local = await copyTree(localTree(join(folder, 'in')), localTree(join(folder, 'out')));
  assert.deepEqual([local.files, local.failed], [5, 0]);
});

test('names that a share cannot hold fail, each for itself', async (t) => {
  const folder = await temporaryFolder(t);
  const docs = await memoryShare(t);
  fill(join(folder, 'in'), {
    'a:b': '1',
    'c?': '2',
    'dot.': '3',
    'back\\slash': '4',
    'fine.txt': '5',
    'sub:dir/x': '6',
  });
  const log = new Log();
  const result = await copyTree(localTree(join(folder, 'in')), shareTree(docs, 'x'), { onEvent: log.add });
  assert.deepEqual([result.files, result.failed], [1, 5], log.failures().join('\n'));
  const names: string[] = [];
  for await (const { name } of docs.readdir('x')) names.push(name);
  assert.deepEqual(names, ['fine.txt']);
});

test('nor do names that come over the wire', async (t) => {
  const folder = await temporaryFolder(t);
  const names = ['..\\up.txt', '../up.txt', '/etc/up.txt', 'a/b', 'C:\\up.txt', '..'];
  const honest = memory();
  const docs = await memoryShare(t, lyingBackend(honest, names));
  await docs.mkdir('d');
  await docs.writeFile('d/good.txt', 'good');
  const log = new Log();
  const result = await copyTree(shareTree(docs, ''), localTree(join(folder, 'out')), { onEvent: log.add });
  assert.deepEqual(readdirSync(folder), ['out']);
  assert.deepEqual(readdirSync(join(folder, 'out'), { recursive: true }).sort(), ['d', 'd/good.txt']);
  assert.equal(result.files, 1);
  // One failure for each of the two directories; their other entries are not affected.
  assert.equal(result.failed, 2, log.failures().join('\n'));
  assert.match(log.failures().join('\n'), /STATUS_INVALID_NETWORK_RESPONSE .*the server sent "/);
  // The other entries are still compared.
  const differences: string[] = [];
  for await (const { path, what } of compareTrees(shareTree(docs, 'd'), localTree(folder)))
    differences.push(`${what} ${path}`);
  assert.deepEqual(differences, ['error ', 'only-left good.txt', 'only-right out']);
  // Nor does a removal leave the directory.
  const removed = await removeTree(shareTree(docs, 'd'));
  assert.deepEqual([removed.files, removed.failed], [1, 1]);
});

test('what a list tells as small is not read whole when it is large', async (t) => {
  const share = await memoryShare(t);
  for (const size of [11, 65_535, 65_536, 200_000]) {
    await share.writeFile('f', new Uint8Array(size));
    const small = { size: 10, mtime: new Date() };
    await assert.rejects(async () => shareTree(share).readSmall('f', small, {}), { code: 'TRANSFER_CHANGED' });
    await assert.rejects(share.readFile('f', { limit: 10 }), { code: 'SMB_USAGE' });
  }
  await share.writeFile('f', new Uint8Array(10));
  assert.equal((await shareTree(share).readSmall('f', { size: 10, mtime: new Date() }, {})).length, 10);
});
