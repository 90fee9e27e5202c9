import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ClientConnection, FileProtocol, ListedNode } from '#client/protocol.js';
import { Share } from '#client/share.js';
import { PLAIN_SHARE } from '#client/share-facts.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { copyTree, localTree, removeTree, shareTree } from './index.js';

const none = { size: 0, allocationSize: 0, creationTime: 0n, lastAccessTime: 0n, lastWriteTime: 0n, changeTime: 0n };
const node = (name: string, directory: boolean, self: bigint, parent: bigint): ListedNode => ({
  ...none,
  name,
  attributes: directory ? FileAttributes.Directory : FileAttributes.Normal,
  id: 0n,
  links: 1,
  dots: { self, parent },
});

/** As Samba shows `d/link`, which leads to a directory beside `d`; `d/real` is what it seems. */
function followed(): { share: Share; there: Set<string> } {
  const there = new Set(['d', 'd\\link', 'd\\link\\keep', 'd\\real', 'd\\real\\f']);
  const listings: Record<string, ListedNode[]> = {
    d: [node('link', true, 2n, 1n), node('real', true, 2n, 1n)],
    'd\\link': [node('keep', false, 9n, 1n)],
    'd\\real': [node('f', false, 3n, 2n)],
  };
  const protocol: Partial<FileProtocol> = {
    async stat() {
      return node('d', true, 0n, 0n);
    },
    async remove(path, directory) {
      if (!there.has(path)) throw new StatusError(NtStatus.ObjectNameNotFound);
      if (!directory && path in listings) throw new StatusError(NtStatus.FileIsADirectory);
      if ([...there].some((name) => name.startsWith(`${path}\\`))) throw new StatusError(NtStatus.DirectoryNotEmpty);
      there.delete(path);
    },
    async *list(path) {
      yield (listings[path] ?? []).filter(({ name }) => there.has(`${path}\\${name}`));
    },
  };
  const connection = {} as ClientConnection;
  const tree = { protocol: protocol as FileProtocol, encrypted: false, facts: PLAIN_SHARE };
  return { share: new Share('s', connection, tree), there };
}

test('what a link leads to that the server follows on its own is not removed with it', async () => {
  for (const remove of [
    async (share: Share) => assert.rejects(share.rm('d', { recursive: true }), /it is a link to a directory/),
    async (share: Share) => {
      const { failed } = await removeTree(shareTree(share, 'd'));
      assert.equal(failed, 1);
    },
    async (share: Share) => {
      const target = await mkdtemp(join(tmpdir(), 'followed-'));
      const failures: string[] = [];
      await copyTree(shareTree(share, 'd'), localTree(target), {
        move: true,
        onEvent: (event) => {
          if (event.kind === 'failed') failures.push(`${event.path}: ${event.error}`);
        },
      });
      await rm(target, { recursive: true });
      assert.ok(failures.some((line) => /^s\/d\/link: .*a link to a directory/.test(line)));
      assert.ok(!failures.some((line) => line.startsWith('s/d/link/keep')), 'it is not touched');
    },
  ]) {
    const { share, there } = followed();
    await remove(share);
    assert.ok(there.has('d\\link\\keep'));
    assert.ok(there.has('d'));
  }
  const { share, there } = followed();
  there.delete('d\\link\\keep');
  await share.rm('d', { recursive: true });
  assert.deepEqual([...there], []);
});
