import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { TestContext } from 'node:test';
import { connect, type Share } from '#client/index.js';
import { type Content, contents, inLanes, onDisk, SEED, sha256, sorted } from './cut-content.js';
import { atCutServers, type CutPlace, throughCutter } from './cut-servers.js';

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

/** Copies a tree up and down until the connection has been cut often enough; the copy must be equal each time. */
async function copyUnderCuts(t: TestContext, place: CutPlace): Promise<void> {
  const files = contents();
  const expected = sorted(new Map(files.map(({ path, bytes }) => [path, sha256(bytes)])));
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const { cutter, url, settings } = await throughCutter(t, place, { every: total / 8, seed: SEED });
  const share = await connect(url, settings);
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

atCutServers('a tree goes up and down while its connection is cut', copyUnderCuts);
