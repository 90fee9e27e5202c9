import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Share } from '#client/index.js';
import { FollowingServer } from '#testing/following-server.js';
import { memoryShare } from '#testing/transfer-bench.js';
import { copyTree, localTree, removeTree, shareTree } from './index.js';

const FILES = ['keep\\f', 'd\\real\\f'];
const following = (): FollowingServer => new FollowingServer(FILES, { 'd\\link': 'keep' });

test('what a link leads to that the server follows on its own is not removed with it', async () => {
  for (const remove of [
    async (share: Share) => assert.rejects(share.rm('d', { recursive: true }), /it is a link to a directory/),
    async (share: Share) => {
      const { failed } = await removeTree(shareTree(share, 'd'));
      assert.equal(failed, 1);
    },
    async (share: Share) => {
      const failures: unknown[] = [];
      const result = await removeTree(shareTree(share, 'd/link'), {
        onEvent: (event) => failures.push(event.kind === 'failed' && `${event.path}: ${event.error}`),
      });
      assert.deepEqual(result, { files: 0, directories: 0, failed: 1 });
      assert.match(String(failures), /^s\/d\/link: .*a link to a directory/);
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
      assert.ok(!failures.some((line) => line.startsWith('s/d/link/f')), 'it is not touched');
    },
    async (share: Share) => {
      const move = copyTree(shareTree(share, 'd/link'), localTree(tmpdir()), { move: true });
      await assert.rejects(move, /a link to a directory/);
    },
  ]) {
    const server = following();
    await remove(server.share);
    assert.ok(server.files.has('keep\\f'));
    assert.ok(server.links.has('d\\link'));
  }
  const server = following();
  server.files.delete('keep\\f');
  await server.share.rm('d', { recursive: true });
  assert.deepEqual([...server.files, ...server.links], []);
});

test('a link that the server leaves to us to follow goes itself', async (t) => {
  const share = await memoryShare(t);
  await share.mkdir('d');
  await share.writeFile('d/f', 'kept');
  await share.symlink('d', 'link');
  assert.deepEqual(await removeTree(shareTree(share, 'link')), { files: 0, directories: 1, failed: 0 });
  await share.mkdir('e');
  await share.symlink('../d', 'e/link');
  await removeTree(shareTree(share, 'e'));
  assert.deepEqual(await share.readdir('', { recursive: true }).names(), ['d', 'f']);
});
