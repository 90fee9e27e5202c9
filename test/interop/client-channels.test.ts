import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type ConnectOptions, connect } from '#client/index.js';
import { ACCOUNT, requirePeer } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';
import { Cutter } from './cutter.js';
import { serve } from './serve.js';

const SIZE = 48 * 1024 * 1024;
const MULTI = ['server multi channel support = yes', 'interfaces = "127.0.0.1;speed=1000000000,capability=RSS"'];

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** So long it may take until the lost ones are there again. */
const PATIENCE_MS = 10_000;

/** A file goes up and down over three connections, two of which are lost on the way, and come back by themselves. */
async function overChannels(
  t: TestContext,
  place: { port: number; folder: string; share: string },
  options: ConnectOptions = {},
): Promise<void> {
  const cutter = await new Cutter({ port: place.port, cuts: 2, every: SIZE / 4, seed: 5 }).start(t);
  const share = await connect(`smb://127.0.0.1:${cutter.port}/${place.share}`, {
    user: ACCOUNT.user,
    password: ACCOUNT.password,
    timeoutMs: 10_000,
    channels: 3,
    reconnect: { timeoutMs: 20_000, initialDelayMs: 20, maxDelayMs: 200 },
    ...options,
  });
  assert.equal(cutter.connections, 3);
  const data = new Uint8Array(SIZE);
  for (let i = 0; i < SIZE; i += 7) data[i] = i >>> 9;
  cutter.armed = true;
  await share.writeFile('channels.bin', data);
  const got = await share.readFile('channels.bin');
  assert.equal(sha256(got), sha256(data));
  assert.equal(sha256(await readFile(join(place.folder, 'channels.bin'))), sha256(data));
  assert.equal(cutter.done, 2);
  for (let waited = 0; waited < PATIENCE_MS && cutter.open < 3; waited += 20) await setTimeout(20);
  assert.deepEqual([cutter.open, cutter.connections], [3, 5], 'each was made again');
  // What is written now goes over the new ones, too, whose keys were made from those of channels that are gone.
  await share.writeFile('channels.bin', data);
  assert.equal(sha256(await readFile(join(place.folder, 'channels.bin'))), sha256(data));
  assert.equal(cutter.connections, 5, 'nobody logged on again');
  await share.close();
}

for (const [name, options] of Object.entries({
  signed: {},
  encrypted: { encryption: 'required' },
  '3.0': { dialects: { max: '3.0' } },
} satisfies Record<string, ConnectOptions>)) {
  test(`several channels to smbd, ${name}`, async (t) => {
    if (!requirePeer(t, 'smbd')) return;
    const { port, share: folder } = await startSmbd(t, { global: MULTI });
    await overChannels(t, { port, folder, share: 'share' }, options);
  });

  test(`several channels to our server, ${name}`, async (t) => {
    const { port, folder } = await serve(t);
    await overChannels(t, { port, folder, share: 'local' }, options);
  });
}
