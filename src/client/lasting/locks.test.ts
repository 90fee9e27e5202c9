import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { OplockLevel } from '#wire/smb2/command/create.js';
import { Command } from '#wire/smb2/header.js';
import type { FileProtocol, Handle } from '../protocol.js';
import { type Fate, make, Network } from './lasting.test.network.js';

const range = [{ offset: 0n, length: 10n }];
const FATES: readonly Fate[] = ['unsent', 'unanswered'];

async function opened(
  t: TestContext,
  dialect: '2.0.2' | '2.1' | '3.1.1',
  how: { oplock?: number } = {},
): Promise<{ network: Network; share: FileProtocol; file: Handle; locks: () => Promise<number>; asked: () => number }> {
  const network = new Network(t);
  const share = await network.share(t, { dialects: { min: dialect, max: dialect } });
  const file = await share.open({ ...make, ...how });
  const locks = async (): Promise<number> => (await network.server.status()).locks;
  let before = 0;
  const asked = (): number => {
    const now = network.sent.get(Command.Lock) ?? 0;
    const since = now - before;
    before = now;
    return since;
  };
  return { network, share, file, locks, asked };
}

for (const dialect of ['2.1', '3.1.1'] as const) {
  test(`a lock whose answer is lost is asked for once more as it was, at ${dialect}`, async (t) => {
    const { network, share, file, locks, asked } = await opened(t, dialect);
    for (const fate of FATES) {
      network.lose(Command.Lock, fate);
      await share.lock(file, range, { exclusive: true, wait: false });
      assert.deepEqual([await locks(), asked()], [1, 2], `${fate}: nobody else could come between`);
      network.lose(Command.Lock, fate);
      await share.unlock(file, range);
      assert.deepEqual([await locks(), asked()], [0, 2]);
    }
    await share.close(file);
  });

  test(`an unlock whose answer is lost unlocks once, at ${dialect}`, async (t) => {
    const { network, share, file, locks } = await opened(t, dialect);
    for (const fate of FATES) {
      const shared = { exclusive: false, wait: false };
      await share.lock(file, range, shared);
      await share.lock(file, range, shared);
      assert.equal(await locks(), 2);
      network.lose(Command.Lock, fate);
      await share.unlock(file, range);
      assert.equal(await locks(), 1, fate);
      await share.unlock(file, range);
    }
    await share.close(file);
  });
}

for (const [what, dialect, how] of [
  ['a dialect without sequences', '2.0.2', {}],
  ['an open that does not last', '3.1.1', { oplock: OplockLevel.None }],
] as const) {
  test(`with ${what}, what may be locked is let go of and locked again`, async (t) => {
    const { network, share, file, locks } = await opened(t, dialect, how);
    for (const fate of FATES) {
      for (const exclusive of [true, false]) {
        network.lose(Command.Lock, fate);
        await share.lock(file, range, { exclusive, wait: false });
        assert.equal(await locks(), 1);
        await share.unlock(file, range);
        assert.equal(await locks(), 0);
      }
    }
    await share.close(file);
  });
}

test('a lock that is called off or refused takes no sequence away from the others', async (t) => {
  const { network, share, file } = await opened(t, '3.1.1');
  const other = await network.take({ shared: false });
  t.after(() => other.close());
  const { protocol } = await other.tree('s');
  const theirs = await protocol.open(make);
  await protocol.lock(theirs, range, { exclusive: true, wait: false });
  // More than there are sequence numbers and buckets.
  for (let i = 0; i < 100; i++) {
    await assert.rejects(share.lock(file, range, { exclusive: true, wait: false }), {
      code: 'STATUS_LOCK_NOT_GRANTED',
    });
    const abort = new AbortController();
    const waiting = share.lock(file, range, { exclusive: true, wait: true }, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
  }
  await protocol.unlock(theirs, range);
  for (let i = 0; i < 40; i++) {
    await share.lock(file, range, { exclusive: true, wait: false });
    assert.equal((await network.server.status()).locks, 1);
    await share.unlock(file, range);
    assert.equal((await network.server.status()).locks, 0);
  }
  await protocol.close(theirs);
  await share.close(file);
});

test('what is unlocked after the loss, on a file that has to be opened anew, was locked there', async (t) => {
  const { network, share, file, locks } = await opened(t, '3.1.1', { oplock: OplockLevel.None });
  await share.lock(file, range, { exclusive: true, wait: false });
  network.cut();
  await share.unlock(file, range);
  assert.equal(await locks(), 0);
  await assert.rejects(share.unlock(file, range), { code: 'STATUS_RANGE_NOT_LOCKED' });
  await share.close(file);
});
