import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type TestContext, test } from 'node:test';
import { type ConnectOptions, connect, type Share } from '#client/index.js';
import { ACCOUNT, requirePeer } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';
import { type Content, CUTS, contents, DURABLE, inLanes, onDisk, SEED, sha256, sorted } from './cut-content.js';
import { Cutter } from './cutter.js';
import { serve } from './serve.js';

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
}

async function up(share: Share, root: string, files: readonly Content[]): Promise<void> {
  await inLanes(files, async ({ path, bytes }) => {
    const target = `${root}/${path}`;
    await share.mkdir(target.slice(0, target.lastIndexOf('/')), { recursive: true });
    await pipeline(chunksOf(bytes), share.createWriteStream(target));
  });
}

async function down(share: Share, root: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const folders = [''];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const files: string[] = [];
    for await (const entry of share.readdir(`${root}/${folder}`)) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else files.push(path);
    }
    await inLanes(files, async (path) => {
      const hash = createHash('sha256');
      for await (const chunk of share.createReadStream(`${root}/${path}`)) hash.update(chunk as Uint8Array);
      assert.ok(!found.has(path), `${path} was listed twice`);
      found.set(path, hash.digest('hex'));
    });
  }
  return found;
}

/** Copies a tree up and down until the connection was cut so often; it has to be equal each time. */
async function copyUnderCuts(
  t: TestContext,
  place: { port: number; folder: string; share: string; cuts: number },
  options: ConnectOptions = {},
): Promise<void> {
  const files = contents();
  const expected = sorted(new Map(files.map(({ path, bytes }) => [path, sha256(bytes)])));
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const every = total / 8;
  const cutter = await new Cutter({ port: place.port, cuts: place.cuts, every, seed: SEED }).start(t);
  const share = await connect(`smb://127.0.0.1:${cutter.port}/${place.share}`, {
    user: ACCOUNT.user,
    password: ACCOUNT.password,
    timeoutMs: 10_000,
    reconnect: { timeoutMs: 20_000, initialDelayMs: 5, maxDelayMs: 200 },
    ...options,
  });
  cutter.armed = true;
  const began = performance.now();
  let rounds = 0;
  do {
    const root = `round${rounds}`;
    await up(share, root, files);
    assert.deepEqual(sorted(await down(share, root)), expected, `round ${rounds}, as read`);
    assert.deepEqual(sorted(await onDisk(join(place.folder, root))), expected, `round ${rounds}, on the disk`);
    await share.rm(root, { recursive: true });
    rounds++;
  } while (!cutter.isDone);
  await share.close();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  t.diagnostic(
    `${cutter.done} cuts, ${cutter.connections} connections, ${rounds} trees of ${files.length} files and ${total} bytes up and down in ${seconds} s`,
  );
}

test('a tree goes up to and down from our server while its connection is cut', async (t) => {
  const { port, folder, server } = await serve(t);
  await copyUnderCuts(t, { port, folder, share: 'local', cuts: 2 * CUTS });
  const { sessions, opens, disconnectedOpens, watches } = await server.status();
  assert.deepEqual([sessions, opens, disconnectedOpens, watches], [0, 0, 0, 0]);
});

test('a tree goes up to and down from smbd while its connection is cut', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const { port, share: folder } = await startSmbd(t, { share: DURABLE });
  await copyUnderCuts(t, { port, folder, share: 'share', cuts: CUTS });
});

test('the same without durable handles', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const { port, share: folder } = await startSmbd(t, { share: ['durable handles = no'] });
  await copyUnderCuts(t, { port, folder, share: 'share', cuts: CUTS });
});
