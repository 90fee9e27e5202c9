import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryShare } from '#testing/transfer-bench.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import type { ClientConnection, FileProtocol, ListedNode, NodeInfo } from '../protocol.js';
import { Share } from '../share.js';
import { PLAIN_SHARE } from '../share-facts.js';

const info: NodeInfo = {
  size: 0,
  allocationSize: 0,
  creationTime: 0n,
  lastAccessTime: 0n,
  lastWriteTime: 0n,
  changeTime: 0n,
  id: 0n,
  links: 1,
  attributes: FileAttributes.Directory,
};

/** A server whose directories each contain `x`, with a file ID that depends on the depth. */
function endless(idAt: (depth: number) => bigint): Share {
  const depthOf = (path: string): number => (path === '' ? 0 : path.split('\\').length);
  const protocol: Partial<FileProtocol> = {
    stat: async (path) => ({ ...info, id: idAt(depthOf(path)) }),
    visit: async ({ path }) =>
      ({ info: await protocol.stat?.(path), existed: true, contexts: [], outputs: [] }) as never,
    mkdir: async () => undefined,
    async *list(path) {
      const x: ListedNode = { ...info, name: 'x', id: idAt(depthOf(path) + 1) };
      yield [x];
    },
  };
  const tree = { protocol: protocol as FileProtocol, encrypted: false, facts: PLAIN_SHARE };
  return new Share('s', {} as ClientConnection, tree);
}

async function count(found: AsyncIterable<unknown>): Promise<number> {
  let all = 0;
  await assert.rejects(
    async () => {
      for await (const _ of found) all++;
    },
    { code: 'STATUS_STOPPED_ON_SYMLINK' },
  );
  return all;
}

test('directories in one another without end come to an end', async () => {
  const share = endless((depth) => BigInt(depth));
  assert.equal(await count(share.readdir('a', { recursive: true })), 1024);
  assert.equal(await count(share.glob('x/**/y')), 0);
  assert.equal(await count(share.glob('**')), 1024);
  await assert.rejects(share.cp('a', 'b', { recursive: true, dereference: true }), {
    code: 'STATUS_STOPPED_ON_SYMLINK',
  });
});

test('a directory that contains itself is told, and not entered again', async () => {
  const share = endless((depth) => (depth < 3 ? BigInt(depth) : 2n));
  assert.equal(await count(share.readdir('', { recursive: true })), 3);
  assert.equal(await count(share.glob('**/x')), 3);
  await assert.rejects(share.cp('x', 'b', { recursive: true, dereference: true }), /the directory contains itself/);
});

test('however deep a tree is, so many files of it are copied at a time', async (t) => {
  const share = await memoryShare(t);
  const paths = [''];
  for (let depth = 0; depth < 3; depth++) {
    for (const path of paths.slice()) for (const name of 'abc') paths.push(`${path}/${name}`);
  }
  for (const path of new Set(paths)) await share.mkdir(`from${path}`, { recursive: true });
  for (const path of new Set(paths)) await share.writeFile(`from${path}/f`, path);
  let [now, most] = [0, 0];
  const filter = async (): Promise<boolean> => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    return true;
  };
  await share.cp('from', 'to', { recursive: true, filter });
  // Sixteen files, and the directory that is being listed.
  assert.ok(most > 1 && most <= 17, `${most} at a time`);
  const all = async (top: string): Promise<string[]> =>
    (await share.readdir(top, { recursive: true }).toArray()).map(({ path }) => path.slice(top.length)).sort();
  assert.deepEqual(await all('to'), await all('from'));
});

test('a copy of a tree ends with what goes wrong first', async (t) => {
  const share = await memoryShare(t);
  for (const name of 'abcdefghijklmnop') {
    await share.mkdir(`from/${name}`, { recursive: true });
    await share.writeFile(`from/${name}/f`, name);
  }
  const filter = (from: string): boolean => {
    if (from === 'from/b/f') throw new RangeError('of the filter');
    return true;
  };
  await assert.rejects(share.cp('from', 'to', { recursive: true, filter }), /of the filter/);
});
