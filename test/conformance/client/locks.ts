import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type CachingBreak, errnoCode, type Share } from '#client/index.js';
import type { Check, Ground } from './suite.js';

const is = (code: string) => (error: unknown) => errnoCode(error) === code;

async function withOther(ground: Ground, work: (other: Share) => Promise<void>): Promise<void> {
  const other = await ground.another();
  try {
    await work(other);
  } finally {
    await other.close();
  }
}

const open = { access: 'read-write', create: 'if-missing' } as const;

export const lockChecks: readonly Check[] = [
  {
    name: 'locks keep others out',
    needs: 'byte-range locks',
    run: (ground) =>
      withOther(ground, async (other) => {
        const path = `${ground.folder}/f`;
        await ground.share.writeFile(path, '0123456789');
        const [mine, his] = [await ground.share.open(path, open), await other.open(path, open)];
        const lock = await mine.lock({ offset: 2, length: 3 });
        const into = new Uint8Array(1);
        await assert.rejects(his.read(into, 3), is('EBUSY'));
        await assert.rejects(his.write('x', 3), is('EBUSY'));
        await his.write('x', 5);
        await assert.rejects(his.lock({ offset: 4, length: 1 }), is('EAGAIN'));
        await lock.release();
        await lock.release();
        await using(his.lock({ exclusive: false }), async () => {
          await using(mine.lock({ exclusive: false }), async () => {
            await assert.rejects(mine.write('y', 0), is('EBUSY'));
            assert.equal(await mine.read(into, 0), 1);
          });
        });
        await mine.lock({ offset: 2n ** 63n, length: 10 });
        await mine.unlock({ offset: 2n ** 63n, length: 10 });
        await mine.close();
        await his.close();
      }),
  },
  {
    name: 'a lock is waited for',
    needs: 'waiting for locks',
    run: (ground) =>
      withOther(ground, async (other) => {
        const path = `${ground.folder}/f`;
        const [mine, his] = [await ground.share.open(path, open), await other.open(path, open)];
        const lock = await mine.lock();
        await assert.rejects(his.lock({ wait: true, timeoutMs: 50 }), { code: 'ETIMEDOUT' });
        const waiting = his.lock({ wait: true });
        await other.ping();
        await lock.release();
        await (await waiting).release();
        await (await mine.lock()).release();
        await mine.close();
        await his.close();
      }),
  },
  {
    name: 'a lease tells when others come',
    needs: 'leases',
    run: (ground) =>
      withOther(ground, async (other) => {
        const path = `${ground.folder}/f`;
        const mine = await ground.share.open(path, { ...open, lease: 'rwh' });
        assert.equal(mine.caching, 'rwh');
        await mine.write('cached', 0);
        const broken = once(mine, 'break') as Promise<[CachingBreak]>;
        const opening = other.open(path, open);
        const [event] = await broken;
        assert.deepEqual([event.from, event.to, event.mustAcknowledge], ['rwh', 'rh', true]);
        await mine.write('flushed', 0);
        await event.acknowledge();
        const his = await opening;
        assert.equal(await his.readFile('utf8'), 'flushed');
        assert.equal(mine.caching, 'rh');
        await his.close();
        await mine.close();
      }),
    without: async ({ share, folder }) => {
      const mine = await share.open(`${folder}/f`, { ...open, lease: 'rwh' });
      assert.equal(mine.caching, '');
      await mine.close();
    },
  },
  {
    name: 'an oplock that nobody listens to is given up',
    needs: 'oplocks',
    run: (ground) =>
      withOther(ground, async (other) => {
        const path = `${ground.folder}/f`;
        const mine = await ground.share.open(path, { ...open, oplock: 'batch' });
        assert.equal(mine.caching, 'rwh');
        const his = await other.open(path, { ...open, timeoutMs: 20_000 });
        assert.equal(mine.caching, 'r');
        await his.close();
        await mine.close();
      }),
  },
];

async function using<T extends AsyncDisposable>(made: Promise<T>, work: () => Promise<void>): Promise<void> {
  const resource = await made;
  try {
    await work();
  } finally {
    await resource[Symbol.asyncDispose]();
  }
}
