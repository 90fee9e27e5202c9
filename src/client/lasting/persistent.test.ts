import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore } from '#testing/memory-store.js';
import { turn } from '#testing/smb2-peer.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { CreateDisposition, CreateOptions, OplockLevel } from '#wire/smb2/command/create.js';
import { Command } from '#wire/smb2/header.js';
import type { OpenRequest } from '../protocol.js';
import { ALL, bytes, type Fate, make, Network, read } from './lasting.test.network.js';

/** No sharing. */
const alone: OpenRequest = { ...make, share: 0 };
const range = [{ offset: 0n, length: 10n }];
const FATES: readonly Fate[] = ['unsent', 'unanswered'];
const continuous = { continuous: true };

async function settle(): Promise<void> {
  for (let i = 0; i < 40; i++) await turn();
}

for (const [what, how] of [
  ['a lease', {}],
  ['no oplock', { oplock: OplockLevel.None }],
] as const) {
  test(`an open outlives its server, and what it has locked with it: with ${what}`, async (t) => {
    const network = new Network(t, continuous);
    const share = await network.share(t);
    const file = await share.open({ ...alone, ...how });
    assert.equal(network.store?.records.size, 1);
    await share.lock(file, range, { exclusive: true, wait: false });
    for (let run = 0; run < 4; run++) {
      if (run % 2 === 1) network.lose(Command.Write, 'unanswered');
      await share.write(file, 0, bytes(`run ${run}`));
      await network.crash();
      assert.equal(await read(share, file), `run ${run}`);
      assert.deepEqual(await network.held(), { opens: 1, disconnectedOpens: 0 });
      assert.equal((await network.server.status()).locks, 1);
    }
    const other = await network.take({ shared: false });
    const { protocol } = await other.tree('s');
    await assert.rejects(protocol.open(make), { code: 'STATUS_SHARING_VIOLATION' });
    await share.unlock(file, range);
    await share.close(file);
    await protocol.close(await protocol.open(make));
    await other.close();
    await settle();
    assert.equal(network.store?.records.size, 0);
  });
}

test('while the server is away, nobody but the owner gets the file', async (t) => {
  const network = new Network(t, continuous);
  const reconnect = { timeoutMs: 60_000, initialDelayMs: 5000, maxDelayMs: 5000 };
  const share = await network.share(t, { reconnect });
  const file = await share.open(alone);
  await share.write(file, 0, bytes('mine'));
  network.away = true;
  await network.crash();
  await settle();
  network.away = false;
  const other = await network.take({ shared: false }, 'bob');
  const { protocol } = await other.tree('s');
  await assert.rejects(protocol.open(make), { code: 'STATUS_FILE_NOT_AVAILABLE' });
  await other.close();
  await network.clock.wind(5000);
  assert.equal(await read(share, file), 'mine');
  await share.close(file);
});

test('an open whose answer is lost is done once, also where it makes its file', async (t) => {
  for (const crashes of [false, true]) {
    for (const fate of FATES) {
      const network = new Network(t, continuous);
      const share = await network.share(t);
      network.lose(Command.Create, fate);
      const opening = share.open({ ...alone, disposition: CreateDisposition.Create });
      if (crashes) {
        await turn();
        await network.crash();
      }
      const file = await opening;
      assert.equal(file.existed, false, `${fate} ${crashes}`);
      assert.deepEqual(await network.held(), { opens: 1, disconnectedOpens: 0 });
      await share.write(file, 0, bytes('made'));
      await network.crash();
      assert.equal(await read(share, file), 'made');
      await share.close(file);
      assert.deepEqual(await network.held(), { opens: 0, disconnectedOpens: 0 });
    }
  }
});

test('an open whose connection is lost at any moment while it is done is taken up again', async (t) => {
  const network = new Network(t, continuous);
  const share = await network.share(t);
  for (let moments = 0; moments < 60; moments++) {
    network.weather = (command) => {
      if (command !== Command.Create) return undefined;
      network.weather = () => undefined;
      void (async () => {
        for (let i = 0; i < moments; i++) await undefined;
        network.cut();
      })();
      return undefined;
    };
    const opening = share.open({ ...alone, path: `f${moments}` });
    for (let i = 0; i < 5; i++) {
      await network.clock.wind(100);
      await settle();
    }
    await share.close(await opening);
    await settle();
    assert.deepEqual(await network.held(), { opens: 0, disconnectedOpens: 0 }, `after ${moments} moments`);
  }
});

test('an open that was had anew and lost again before its locks were there is taken up, and has them', async (t) => {
  for (const fate of FATES) {
    const network = new Network(t, continuous);
    const share = await network.share(t);
    const file = await share.open(alone);
    await share.lock(file, range, { exclusive: true, wait: false });
    // The server's state is lost, so the file has to be opened anew.
    network.store = new MemoryStore();
    await network.crash();
    network.lose(Command.Lock, fate);
    assert.equal(await read(share, file), '', fate);
    const { opens, disconnectedOpens, locks } = await network.server.status();
    assert.deepEqual([opens, disconnectedOpens, locks], [1, 0, 1], fate);
    await share.unlock(file, range);
    await share.close(file);
  }
});

test('a lock whose answer is lost with its server is there once', async (t) => {
  const network = new Network(t, continuous);
  const share = await network.share(t);
  const file = await share.open(alone);
  for (const exclusive of [true, false]) {
    for (const fate of FATES) {
      network.lose(Command.Lock, fate);
      const locking = share.lock(file, range, { exclusive, wait: false });
      await turn();
      await network.crash();
      await locking;
      assert.equal((await network.server.status()).locks, 1, `${fate} ${exclusive}`);
      network.lose(Command.Lock, fate);
      const unlocking = share.unlock(file, range);
      await turn();
      await network.crash();
      await unlocking;
      assert.equal((await network.server.status()).locks, 0);
    }
  }
  await share.close(file);
});

test('a file that is to be deleted on close outlives its server, and goes when it is closed', async (t) => {
  const network = new Network(t, continuous);
  const share = await network.share(t);
  const access = ALL | FileAccess.Delete;
  const file = await share.open({ ...alone, access, options: CreateOptions.DeleteOnClose });
  await share.write(file, 0, bytes('for now'));
  await network.crash();
  assert.equal(await read(share, file), 'for now');
  await share.close(file);
  await assert.rejects(share.stat('f'), { code: 'STATUS_OBJECT_NAME_NOT_FOUND' });
});

test('an open that was called off, and whose answer was lost, is let go of', async (t) => {
  const network = new Network(t, continuous);
  const share = await network.share(t);
  for (let turns = 0; turns < 12; turns++) {
    for (const fate of FATES) {
      network.lose(Command.Create, fate);
      const abort = new AbortController();
      const opening = share.open(alone, { signal: abort.signal });
      opening.catch(() => undefined);
      for (let i = 0; i < turns; i++) await turn();
      abort.abort(new Error('enough'));
      await opening.then(
        (file) => share.close(file),
        (error: Error) => assert.match(error.message, /enough/),
      );
      network.forgive();
      network.clock.time += 1000;
      await settle();
      await share.stat('');
      await settle();
      assert.deepEqual(await network.held(), { opens: 0, disconnectedOpens: 0 }, `${fate} ${turns}`);
      assert.equal(network.store?.records.size, 0);
    }
  }
});

test('a close that is lost with the server is made up for', async (t) => {
  const network = new Network(t, continuous);
  const share = await network.share(t);
  for (const fate of FATES) {
    const file = await share.open(alone);
    network.lose(Command.Close, fate);
    const closing = share.close(file);
    await turn();
    await network.crash();
    await closing;
    await settle();
    assert.deepEqual(await network.held(), { opens: 0, disconnectedOpens: 0 }, fate);
    assert.equal(network.store?.records.size, 0);
  }
});

test('what is no continuously available share, or no SMB 3, is durable at most', async (t) => {
  const old = new Network(t, continuous);
  const at21 = await old.share(t, { dialects: { max: '2.1' } });
  await at21.open(make);
  assert.equal(old.store?.records.size, 0);
  const network = new Network(t, continuous);
  await network.server.ready();
  const connection = await network.take();
  t.after(() => connection.close());
  const { protocol } = await connection.tree('other');
  await protocol.open(make);
  assert.equal(network.store?.records.size, 0);
});
