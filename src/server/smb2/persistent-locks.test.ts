import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { localDirectory } from '#fs/local/local-directory.js';
import { libc } from '#fs/local/native/libc.js';
import { asksV2, Bench } from '#testing/durable-bench.js';
import { MemoryStore } from '#testing/memory-store.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { type CreateResponse, OplockLevel } from '#wire/smb2/command/create.js';
import { LockElement, LockFlags, LockRequest } from '#wire/smb2/command/lock.js';
import { GlobalCap } from '#wire/smb2/command/negotiate.js';
import { DurableHandleFlags } from '#wire/smb2/create-context/durable-handle-v2.js';
import { Command } from '#wire/smb2/header.js';

test('other programs see the locks of an open that is there again; one that has locked the range meanwhile keeps it', async (t) => {
  const native = libc();
  if (native === undefined) return t.skip('needs Linux, and koffi');
  const root = mkdtempSync(join(tmpdir(), 'sombrero-persistent-'));
  writeFileSync(join(root, 'f'), 'content');
  const fd = openSync(join(root, 'f'), 'r+');
  t.after(() => {
    closeSync(fd);
    rmSync(root, { recursive: true });
  });
  const isFree = (): boolean => native.lockRange(fd, 'set', 'write', 5n, 2n) === 0;
  const docs = { backend: localDirectory(root), continuouslyAvailable: true };
  let stateStore = new MemoryStore();
  const start = async (): Promise<Bench> => {
    const bench = new Bench({}, { shares: { docs }, stateStore });
    await bench.server.ready();
    return bench;
  };
  /** Whatever the server does at the end has no effect. */
  const crash = async ({ server }: Bench): Promise<void> => {
    stateStore = new MemoryStore(stateStore.records);
    await server.close();
  };

  const first = await start();
  const client = await first.client({ capabilities: GlobalCap.PersistentHandles });
  const none = { requestedOplockLevel: OplockLevel.None };
  const { fileId } = (await client.open([asksV2(0, DurableHandleFlags.Persistent)], none)) as CreateResponse;
  const locks = [Object.assign(new LockElement(), { offset: 5n, length: 2n, flags: LockFlags.ExclusiveLock })];
  const lock = Object.assign(new LockRequest(), { fileId, locks });
  assert.equal(await client.ask(Command.Lock, lock), NtStatus.Success);
  assert.equal(isFree(), false);
  await crash(first);
  const second = await start();
  assert.equal(isFree(), false);
  assert.equal((await second.server.status()).disconnectedOpens, 1);
  await crash(second);
  assert.equal(isFree(), true);
  const third = await start();
  assert.equal((await third.server.status()).disconnectedOpens, 0);
  assert.equal(stateStore.records.size, 0);
  await third.server.close();
});
