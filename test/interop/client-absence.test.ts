import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { connect, type File } from '#client/index.js';
import { ACCOUNT, requirePeer } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';
import { Cutter } from './cutter.js';
import { serve } from './serve.js';

/** Longer than what is left out around either end of an absence, twice. */
const AWAY_MS = 6000;

/** Two files that we write and keep open are away for a while, in which somebody overwrites one of them in place. */
async function overwritten(t: TestContext, place: { port: number; folder: string; share: string }): Promise<void> {
  const cutter = await new Cutter({ port: place.port, cuts: 0, every: 1, seed: 1 }).start(t);
  const share = await connect(`smb://127.0.0.1:${cutter.port}/${place.share}`, {
    user: ACCOUNT.user,
    password: ACCOUNT.password,
    reconnect: { timeoutMs: 20_000, initialDelayMs: 100, maxDelayMs: 500 },
  });
  const names = ['left', 'touched'];
  // With this oplock no server makes them durable.
  const open = (name: string): Promise<File> =>
    share.open(name, { access: 'read-write', create: 'if-missing', oplock: 'read' });
  const [left, touched] = [await open('left'), await open('touched')];
  for (const file of [left, touched]) await file.write(Buffer.from('ours ours ours'), 0);
  for (const name of names) await chmod(join(place.folder, name), 0o666);
  cutter.away = true;
  cutter.cutAll();
  await setTimeout(AWAY_MS / 2);
  await writeFile(join(place.folder, 'touched'), 'them them them');
  await setTimeout(AWAY_MS / 2);
  cutter.away = false;
  await left.write(Buffer.from('too!'), 10);
  await assert.rejects(touched.write(Buffer.from('too!'), 10), { code: 'ESTALE' });
  await share.close();
  const texts = names.map((name) => readFile(join(place.folder, name), 'utf8'));
  assert.deepEqual(await Promise.all(texts), ['ours ours too!', 'them them them']);
}

test('what others overwrote while we were away is stale, at smbd', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const { port, share: folder } = await startSmbd(t);
  await overwritten(t, { port, folder, share: 'share' });
});

test('what others overwrote while we were away is stale, at our server', async (t) => {
  const { port, folder } = await serve(t);
  await overwritten(t, { port, folder, share: 'local' });
});
