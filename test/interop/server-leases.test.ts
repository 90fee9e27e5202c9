import assert from 'node:assert/strict';
import { appendFile, mkdir, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Caching } from '#coord/caching.js';
import { LeaseClient } from '#testing/lease-client.js';
import { inReverse } from '#testing/peers.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { type Served, serve } from './serve.js';
import { overTcp } from './tcp-bridge.js';

const { RH, RWH } = Caching;
const PROMPT_MS = 1000;
const OPTIONS = { signing: 'enabled', users: { ann: { password: 'secret' } } } as const;
const DIRECTORY = { directory: true, access: FileAccess.ReadData, lease: { key: 1, state: RWH } };

async function clientOf(t: TestContext, { port }: Served, number: number): Promise<LeaseClient> {
  const client = await new LeaseClient(overTcp(port), number).start('local');
  inReverse(t).after(() => client.peer.closed());
  return client;
}

/** The next breaks, which must arrive within a second. */
async function told(client: LeaseClient): Promise<string[]> {
  for (const start = performance.now(); performance.now() - start < PROMPT_MS; ) {
    const breaks = await client.breaks();
    if (breaks.length > 0) return breaks;
  }
  return [];
}

async function rearm(client: LeaseClient): Promise<void> {
  await client.acknowledge(1, 0);
  await client.close((await client.open('folder', DIRECTORY)).fileId);
}

test('directory leases over TCP: what other clients, and programs on the server, do to a listing', async (t) => {
  const served = await serve(t, OPTIONS);
  const folder = join(served.folder, 'folder');
  await mkdir(folder);
  await writeFile(join(folder, 'old'), 'content');
  const [one, two] = [await clientOf(t, served, 1), await clientOf(t, served, 2)];
  assert.equal((await one.open('folder', DIRECTORY)).lease, 'RH 1 e1');
  const own = await one.open('folder\\own', { lease: { key: 2, parent: 1, state: RWH } });
  await one.write(own.fileId);
  await one.close(own.fileId);
  const file = await two.open('folder\\old');
  const deeds: readonly [what: string, deed: () => Promise<unknown>][] = [
    ['a client makes a file', () => two.open('folder\\new')],
    ['a client sets its size', () => two.setEndOfFile(file.fileId, 3)],
    ['a client renames it', () => two.rename(file.fileId, 'folder\\renamed')],
    ['a client writes, and closes', () => two.write(file.fileId).then(() => two.close(file.fileId))],
    ['a program makes a file', () => writeFile(join(folder, 'outside'), '')],
    ['a program writes', () => appendFile(join(folder, 'renamed'), 'more')],
    ['a program renames', () => rename(join(folder, 'outside'), join(folder, 'moved'))],
    ['a program removes', () => unlink(join(folder, 'moved'))],
  ];
  let epoch = 2;
  for (const [what, deed] of deeds) {
    await deed();
    assert.deepEqual(await told(one), [`RH> 1 e${epoch}!`], what);
    await rearm(one);
    epoch += 2;
  }
  const doomed = await two.open('folder\\renamed');
  await two.dispose(doomed.fileId);
  await two.close(doomed.fileId);
  assert.deepEqual(await told(one), [`RH> 1 e${epoch}!`], 'a client deletes');
});

test('leases over TCP: a file that others open, and that a program writes to', async (t) => {
  const served = await serve(t, OPTIONS);
  await writeFile(join(served.folder, 'file'), 'content');
  const [one, two] = [await clientOf(t, served, 1), await clientOf(t, served, 2)];
  assert.equal((await one.open('file', { lease: { key: 1, state: RWH } })).lease, 'RWH 1 e1');
  const opening = two.begin('file', { lease: { key: 2, state: RH } });
  assert.deepEqual(await told(one), ['RWH>RH 1 e2!']);
  await one.acknowledge(1, RH);
  assert.equal((await two.answer(opening))?.status, NtStatus.Success);
  await appendFile(join(served.folder, 'file'), 'more');
  assert.deepEqual(await told(one), ['RH> 1 e3!']);
  assert.deepEqual(await told(two), ['RH> 2 e2!']);
});
