import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WritableBackend } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';
import { turn } from '#testing/smb2-peer.js';
import { memoryShare } from '#testing/transfer-bench.js';
import { copyFile, shareTree } from './index.js';

/** Longer than a few messages take in memory. */
const TURNS = 100;

test('a file that comes about when the transfer has been called off is taken away again', async (t) => {
  const backend = memory();
  let begin = (): void => undefined;
  let release = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const create: (typeof backend)['create'] = async (path, kind, attributes) => {
    if (path.endsWith('.part')) {
      begin();
      await released;
    }
    return backend.create(path, kind, attributes);
  };
  const slow: WritableBackend<unknown> = new Proxy(backend, {
    get: (of, key) => {
      const found: unknown = key === 'create' ? create : Reflect.get(of, key);
      return typeof found === 'function' ? found.bind(of) : found;
    },
  });
  const from = await memoryShare(t);
  const to = await memoryShare(t, slow);
  await from.writeFile('a', new Uint8Array(100_000));
  const stop = new AbortController();
  const copied = copyFile(shareTree(from), 'a', shareTree(to), 'a', { signal: stop.signal });
  copied.catch(() => undefined);
  await begun;
  stop.abort();
  for (let i = 0; i < TURNS; i++) await turn();
  release();
  await assert.rejects(copied, { name: 'AbortError' });
  for (let i = 0; i < TURNS; i++) await turn();
  assert.deepEqual(await to.readdir('').names(), []);
});
