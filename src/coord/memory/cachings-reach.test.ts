import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CachingBench } from '#testing/caching-bench.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Caching } from '../caching.js';
import type { Claim } from '../opens.js';

const { R, RH, RW, RWH } = Caching;

const status = (wanted: number) => (error: unknown) => error instanceof StatusError && error.status === wanted;

test('a lease whose break one open cannot be told of is told through another one, and lost if there is none', async () => {
  const bench = new CachingBench();
  bench.now({ wants: RWH, key: 'a', gone: true });
  const second = bench.now({ wants: RWH, key: 'a' });
  const other = bench.open({ wants: R, key: 'b' });
  assert.deepEqual(bench.heard(), ['a RWH>RH!', 'a RWH>RH!', 'waits']);
  bench.coordinator.cachings.lost(second);
  assert.equal(bench.state((await other) as Claim), 'R');
  assert.equal(bench.state(second), '');
});

test('who deletes a file breaks what is kept of its streams, whose share modes stand in the way', async () => {
  const bench = new CachingBench();
  const share = 3;
  const stream = bench.now({ wants: RWH, key: 'a', stream: 's', share });
  const deleting = bench.open({ access: FileAccess.Delete });
  assert.deepEqual(bench.heard(), ['a RWH>RW!', 'waits']);
  bench.close(stream);
  assert.ok(await deleting);
  const plain = new CachingBench();
  plain.now({ wants: RW, key: 'a', stream: 's', share });
  assert.throws(() => plain.open({ access: FileAccess.Delete }), status(NtStatus.SharingViolation));
  assert.deepEqual(plain.heard(), [], 'who caches no handle would not close it');
});

test('a listing that changes breaks the leases on its directory, but for the one of who changed it', () => {
  const bench = new CachingBench();
  const { changes, opens } = bench.coordinator;
  const directory = { file: 9n, path: 'd', access: FileAccess.ReadData };
  const own = bench.now({ ...directory, wants: RH, key: 'a' });
  bench.now({ ...directory, wants: R, key: 'b' });
  const change = { volume: 'v', action: 1, filter: 0 };
  changes.publish([{ ...change, path: 'd/f' }]);
  changes.publish([{ ...change, path: 'd/e/f', listing: { parentKey: undefined } }]);
  assert.deepEqual(bench.heard(), []);
  changes.publish([{ ...change, path: 'd/f', listing: { parentKey: 'a' } }]);
  assert.deepEqual(bench.heard(), ['b R>']);
  changes.publish([{ ...change, path: 'd/f', listing: { parentKey: undefined } }]);
  assert.deepEqual(bench.heard(), ['a RH>!']);
  opens.moved(own, 'moved');
  changes.publish([{ ...change, path: 'moved/f', listing: { parentKey: undefined } }]);
  assert.deepEqual(bench.heard(), [], 'a break is under way');
});
