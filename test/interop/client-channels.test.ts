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

/** Time limit for lost channels to come back. */
const PATIENCE_MS = 10_000;

/** Uploads and downloads a file over three channels, two of which are cut on the way and come back by themselves. */
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
  assert.equal(cutter.open, 3, 'each was made again');
  // At least two were lost. The second may be cut while it is used to bind the first one's replacement.
  const { connections } = cutter;
  assert.ok(connections >= 5 && connections <= 7, `${connections} connections`);
  // Later writes also use the new channels, whose keys were derived from those of lost ones.
  await share.writeFile('channels.bin', data);
  assert.equal(sha256(await readFile(join(place.folder, 'channels.bin'))), sha256(data));
  assert.equal(cutter.connections, connections, 'nobody logged on again');
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

/** An open file survives the loss of one channel, and then of all. */
async function afterAll(t: TestContext, place: { port: number; folder: string; share: string }): Promise<void> {
  const cutter = await new Cutter({ port: place.port, cuts: 1, every: 4096, seed: 11 }).start(t);
  const share = await connect(`smb://127.0.0.1:${cutter.port}/${place.share}`, {
    user: ACCOUNT.user,
    password: ACCOUNT.password,
    channels: 3,
    reconnect: { timeoutMs: 20_000, initialDelayMs: 20, maxDelayMs: 200 },
  });
  const file = await share.open('open.bin', { access: 'read-write', create: 'truncate' });
  const block = new Uint8Array(8192);
  await file.write(block, 0);
  cutter.armed = true;
  for (let n = 0; cutter.done === 0 && n < 100; n++) await file.write(block.fill(n), 0);
  assert.equal(cutter.done, 1);
  // Now the open counts one lost channel; the session that reclaims it must not count less.
  await file.write(block.fill(7), block.length);
  cutter.cutAll();
  await file.write(block.fill(8), 2 * block.length);
  await file.close();
  const stored = await readFile(join(place.folder, 'open.bin'));
  assert.deepEqual([stored.length, stored.at(8192), stored.at(-1)], [3 * 8192, 7, 8]);
  await share.close();
}

test('an open file at smbd survives the loss of one channel, then of all', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const { port, share: folder } = await startSmbd(t, { global: MULTI });
  await afterAll(t, { port, folder, share: 'share' });
});

test('an open file at our server survives the loss of one channel, then of all', async (t) => {
  const { port, folder } = await serve(t);
  await afterAll(t, { port, folder, share: 'local' });
});
