import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { machine } from '#client/connection.js';
import { settingsFrom } from '#client/options.js';
import { Pool } from '#client/pool.js';
import { Share } from '#client/share.js';
import type { Transport } from '#engine/transport.js';
import { memory } from '#fs/memory/memory.js';
import { memoryPair } from '#net/memory.js';
import { createServer } from '#server/server.js';
import { turn } from '#testing/smb2-peer.js';
import { copyTree, localTree, removeTree, shareTree } from './index.js';

/** Drops the connection whenever `isLost` says so: the server has handled the request, but its answer is lost. */
function losing(inner: Transport, isLost: () => boolean): Transport {
  let deaf = false;
  return {
    endpoints: inner.endpoints,
    start: (receiver) =>
      inner.start({
        receive: (chunk) => {
          if (!deaf) receiver.receive(chunk);
        },
        target: () => undefined,
        placed: () => undefined,
        closed: (cause) => receiver.closed(cause),
      }),
    send: (parts, done) => {
      inner.send(parts, done);
      if (deaf || !isLost()) return;
      deaf = true;
      void turn()
        .then(turn)
        .then(turn)
        .then(() => inner.destroy());
    },
    end: () => inner.end(),
    destroy: (cause) => inner.destroy(cause),
  };
}

async function scene(t: TestContext): Promise<{ share: Share; root: string; network: { every: number } }> {
  const server = createServer({ shares: { s: memory() }, users: { ann: { password: 'secret' } } });
  const network = { every: Number.POSITIVE_INFINITY };
  let sent = 0;
  const dial = async (): Promise<Transport> => {
    const [near, far] = memoryPair();
    server.accept(far);
    return losing(near, () => ++sent % network.every === 0);
  };
  const reconnect = { timeoutMs: 10_000, initialDelayMs: 1, maxDelayMs: 1 };
  const settings = settingsFrom('smb://ann:secret@server/s', { reconnect });
  const connection = await new Pool({ ...machine, dial }).take(settings);
  const share = new Share('s', connection, await connection.tree('s'));
  const root = await mkdtemp(join(tmpdir(), 'lost-'));
  t.after(async () => {
    network.every = Number.POSITIVE_INFINITY;
    await share.close();
    await server.close();
    await rm(root, { recursive: true, force: true });
  });
  return { share, root, network };
}

for (const size of [100, 200_000]) {
  test(`a tree of files of ${size} bytes goes up and away while answers are lost`, async (t) => {
    const { share, root, network } = await scene(t);
    for (let d = 0; d < 3; d++) {
      await mkdir(join(root, `d${d}`));
      for (let f = 0; f < 5; f++) await writeFile(join(root, `d${d}/f${f}`), Buffer.alloc(size, d * 5 + f + 1));
    }
    for (const every of [13, 17]) {
      network.every = every;
      const result = await copyTree(localTree(root), shareTree(share, 'up'), { parallel: 2 });
      assert.equal(result.files, 15);
      assert.equal(result.failed, 0);
      network.every = Number.POSITIVE_INFINITY;
      const names = await share.readdir('up', { recursive: true }).toArray();
      assert.equal(names.length, 3 + 15, 'nothing is left behind');
      for (const entry of names.filter((found) => found.isFile())) {
        assert.deepEqual(
          await share.readFile(entry.path),
          new Uint8Array(await readFile(join(root, entry.path.slice(3)))),
        );
      }
    }
    network.every = 13;
    const gone = await removeTree(shareTree(share, 'up'), { parallel: 2 });
    assert.deepEqual(gone, { files: 15, directories: 4, failed: 0 });
  });
}
