import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type ConnectOptions, connect, type File } from '#client/index.js';
import type { LastingHandle } from '#client/lasting/lasting-handle.js';
import { settingsFrom } from '#client/options.js';
import { Pool } from '#client/pool.js';
import type { Smb2Handle } from '#client/smb2/create.js';
import { ACCOUNT, requirePeer } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { DURABLE } from './cut-content.js';
import { Cutter } from './cutter.js';
import { serve } from './serve.js';

/** Longer than twice the margin that is ignored at either end of an absence. */
const AWAY_MS = 6000;

/**
 * Two files that we write and keep open are cut off for a while, during which another client overwrites one in place.
 */
async function overwritten(t: TestContext, place: { port: number; folder: string; share: string }): Promise<void> {
  const cutter = await new Cutter({ port: place.port, cuts: 0, every: 1, seed: 1 }).start(t);
  const share = await connect(`smb://127.0.0.1:${cutter.port}/${place.share}`, {
    user: ACCOUNT.user,
    password: ACCOUNT.password,
    reconnect: { timeoutMs: 20_000, initialDelayMs: 100, maxDelayMs: 500 },
  });
  const names = ['left', 'touched'];
  // With this oplock level, no server grants durable handles.
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

for (const max of ['2.0.2', '2.1', '3.0', '3.1.1'] as const) {
  test(`smbd keeps an open over each loss of its connection, not only the first, at ${max}`, async (t) => {
    if (!requirePeer(t, 'smbd')) return;
    const smbd = await startSmbd(t, { share: DURABLE });
    const cutter = await new Cutter({ port: smbd.port, cuts: 0, every: 1, seed: 1 }).start(t);
    const { user, password } = smbd;
    const options: ConnectOptions = { user, password, dialects: { max }, reconnect: { initialDelayMs: 20 } };
    const connection = await new Pool().take(settingsFrom(`smb://127.0.0.1:${cutter.port}/share`, options));
    const { protocol } = await connection.tree('share');
    const access = FileAccess.GenericRead | FileAccess.GenericWrite;
    const file = await protocol.open({ path: 'f', access, disposition: CreateDisposition.OpenIf });
    const ids = new Set<bigint>();
    for (let round = 0; round < 4; round++) {
      const { p0, p1 } = ((file as LastingHandle).inner as Smb2Handle).fileId;
      ids.add((BigInt(p1) << 32n) | BigInt(p0));
      const before = cutter.connections;
      cutter.cutAll();
      while (cutter.connections === before) await setTimeout(5);
      await protocol.write(file, 0, Uint8Array.of(round));
    }
    assert.equal(ids.size, 1, 'it is the same open still');
    await protocol.close(file);
    await connection.close();
  });
}
