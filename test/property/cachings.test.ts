import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Caching } from '#coord/caching.js';
import type { Claim } from '#coord/opens.js';
import { CachingBench } from '#testing/caching-bench.js';
import { StatusError } from '#wire/erref/errors.js';

const { None, R, RH, RW, RWH } = Caching;

test('whatever happens: who may write what he has cached is alone, and nobody waits for ever', async () => {
  const step = fc.record({
    what: fc.constantFrom('open', 'open', 'open', 'acknowledge', 'close', 'cancel', 'changed', 'expire'),
    wants: fc.constantFrom(None, R, RH, RW, RWH),
    key: fc.constantFrom(undefined, 'a', 'b', 'c'),
    share: fc.constantFrom(7, 7, 7, 0),
    overwrites: fc.boolean(),
    which: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const bench = new CachingBench();
      const { cachings, opens } = bench.coordinator;
      const waiting = new Map<AbortController, Promise<unknown>>();
      const held = (): Claim[] => opens.list();
      for (const { what, wants, key, share, overwrites, which } of steps) {
        const claims = held();
        const claim = claims[which % Math.max(claims.length, 1)];
        try {
          if (what === 'open') {
            const abort = new AbortController();
            const asked = { wants, share, overwrites, signal: abort.signal, ...(key && { key }) };
            const opened = bench.open(asked);
            if (opened instanceof Promise)
              waiting.set(
                abort,
                opened.catch(() => undefined),
              );
          } else if (what === 'cancel') [...waiting.keys()][which % waiting.size]?.abort();
          else if (what === 'expire') bench.expire();
          else if (claim && what === 'close') bench.close(claim);
          else if (claim && what === 'changed') cachings.changed(claim);
          else if (claim?.holder) {
            const { lease } = claim.holder;
            if (lease) cachings.acknowledgeLease(lease.client, lease.key, wants);
            else cachings.acknowledge(claim, wants);
          }
        } catch (error) {
          assert.ok(error instanceof StatusError, String(error));
        }
        await Promise.resolve();
        const holders = new Set(held().flatMap(({ holder }) => (holder && holder.state !== 0 ? [holder] : [])));
        if ([...holders].some(({ state }) => (state & 4) !== 0)) assert.equal(holders.size, 1);
      }
      while (held().length > 0 || bench.timers.size > 0) {
        bench.expire();
        for (const claim of held()) bench.close(claim);
        await Promise.resolve();
      }
      await Promise.all(waiting.values());
      for (const claim of held()) bench.close(claim);
      assert.deepEqual([bench.timers.size, held().length], [0, 0]);
      for (const key of ['a', 'b', 'c']) assert.equal(cachings.hasLease('c', key), false);
    }),
    { numRuns: 300 },
  );
});
