import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Asked, CachingBench, stateName } from '#testing/caching-bench.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Caching } from '../caching.js';
import type { Claim } from '../opens.js';

const { None, R, RH, RW, RWH } = Caching;
const STAT = FileAccess.ReadAttributes | FileAccess.Synchronize;

const status = (wanted: number) => (error: unknown) => error instanceof StatusError && error.status === wanted;

test('what is granted to who is alone', () => {
  const rows: [key: string | undefined, wanted: number, granted: string][] = [
    [undefined, R, 'R'],
    [undefined, RW, 'RW'],
    [undefined, RWH, 'RWH'],
    ['k', None, ''],
    ['k', R, 'R'],
    ['k', 2, ''],
    ['k', 4, ''],
    ['k', 6, ''],
    ['k', RH, 'RH'],
    ['k', RW, 'RW'],
    ['k', RWH, 'RWH'],
  ];
  for (const [key, wants, granted] of rows) {
    const bench = new CachingBench();
    assert.equal(bench.state(bench.now({ wants, ...(key && { key }) })), granted, `${key} ${wants}`);
  }
});

test('what is granted beside others', () => {
  const rows: [first: Asked, second: Asked, granted: string][] = [
    [{}, { wants: RWH }, 'R'],
    [{}, { wants: RWH, key: 'b' }, 'RH'],
    [{ access: STAT }, { wants: RWH }, 'RWH'],
    [{ wants: R }, { wants: RWH, key: 'b' }, 'R'],
    [{ wants: RH, key: 'a' }, { wants: RWH }, 'none'],
    [{ wants: R, key: 'a' }, { wants: RWH }, 'R'],
    [{ wants: RH, key: 'a' }, { wants: RWH, key: 'b' }, 'RH'],
    [{ wants: None, key: 'a', access: STAT }, { wants: RWH, key: 'b' }, 'RH'],
    [{ wants: RW }, { wants: RW, access: STAT }, 'none'],
    [{ wants: RWH, stream: 's' }, { wants: RWH }, 'RWH'],
    [{ wants: RWH, file: 2n }, { wants: RWH }, 'RWH'],
  ];
  for (const [first, second, granted] of rows) {
    const bench = new CachingBench();
    bench.now(first);
    assert.equal(bench.state(bench.now(second)), granted, JSON.stringify([first.wants, second.wants, granted]));
    assert.deepEqual(bench.heard(), []);
  }
});

test('the opens of a lease: only more, and all that was asked for, is an upgrade', () => {
  const rows: [has: number, wants: number, then: string][] = [
    [None, R, 'R'],
    [R, RH, 'RH'],
    [R, None, 'R'],
    [RH, RW, 'RH'],
    [RH, RWH, 'RWH'],
    [RW, RH, 'RW'],
    [RWH, R, 'RWH'],
  ];
  for (const [has, wants, then] of rows) {
    const bench = new CachingBench();
    bench.now({ wants: has, key: 'a' });
    assert.equal(bench.state(bench.now({ wants, key: 'a' })), then, `${stateName(has)} ${stateName(wants)}`);
    assert.deepEqual(bench.heard(), []);
  }
  const bench = new CachingBench();
  bench.now({ wants: R, key: 'a' });
  bench.now({ wants: R, key: 'b' });
  assert.equal(bench.state(bench.now({ wants: RWH, key: 'a' })), 'R', 'another one is in the way of W');
});

test('what is locked is not cached', () => {
  const bench = new CachingBench();
  const owner = { claim: bench.now(), process: 0 };
  assert.equal(bench.coordinator.locks.lock(owner, [{ offset: 0n, length: 1n, exclusive: true }]), 'granted');
  assert.equal(bench.state(bench.now({ wants: RWH, key: 'a' })), '');
  assert.equal(bench.state(bench.now({ wants: R })), 'none');
});

test('an open waits for the acknowledgment of an oplock, and gets what is left', async () => {
  const bench = new CachingBench();
  const { cachings } = bench.coordinator;
  const first = bench.now({ wants: RWH });
  const second = bench.open({ wants: RWH });
  const third = bench.open({ wants: R, overwrites: true });
  assert.deepEqual(bench.heard(), ['oplock RWH>R!', 'waits', 'waits']);
  assert.deepEqual(cachings.acknowledge(first, R), { state: R, further: false });
  await Promise.all([second, third]);
  assert.deepEqual(bench.heard(), ['oplock R>', 'oplock R>'], 'the third takes the data away');
  assert.equal(bench.timers.size, 0);
  assert.throws(() => cachings.acknowledge(first, None), status(NtStatus.InvalidOplockProtocol));
});

test('an open that waits is renamed along', async () => {
  const bench = new CachingBench();
  const { opens, cachings } = bench.coordinator;
  const first = bench.now({ wants: RWH });
  const second = bench.open({ wants: RWH });
  opens.moved(first, 'moved/f');
  cachings.acknowledge(first, R);
  assert.equal((await second)?.path, 'moved/f');
  bench.close(first);
  assert.deepEqual(
    opens.list().map(({ path }) => path),
    ['moved/f'],
  );
  bench.close((await second) as Claim);
  assert.deepEqual(opens.list(), []);
});

test('an oplock that is kept too much of is lost', async () => {
  const bench = new CachingBench();
  const first = bench.now({ wants: RWH });
  const second = bench.open();
  assert.throws(() => bench.coordinator.cachings.acknowledge(first, RW), status(NtStatus.InvalidOplockProtocol));
  await second;
  assert.equal(bench.state(first), 'none');
});

test('who does not acknowledge loses it when his time is over', async () => {
  const bench = new CachingBench();
  const first = bench.now({ wants: RWH, key: 'a' });
  const second = bench.open({ wants: RH, key: 'b' });
  bench.expire();
  assert.equal(bench.state((await second) as Claim), 'RH');
  assert.equal(bench.state(first), '');
  assert.throws(() => bench.coordinator.cachings.acknowledgeLease('c', 'a', RH), status(NtStatus.Unsuccessful));
});

test('who cannot be told is not waited for', () => {
  const bench = new CachingBench();
  bench.now({ wants: RWH, gone: true });
  assert.equal(bench.state(bench.now({ wants: R })), 'R');
  assert.deepEqual(bench.heard(), ['oplock RWH>R!']);
});

test('share modes decide after the break: the file may have been closed by then', async () => {
  const bench = new CachingBench();
  const exclusive = { share: 0 };
  const first = bench.now({ wants: RWH, ...exclusive });
  const second = bench.open(exclusive);
  assert.deepEqual(bench.heard(), ['oplock RWH>R!', 'waits']);
  bench.close(first);
  await second;
  const refused = new CachingBench();
  const holder = refused.now({ wants: RWH, key: 'a', ...exclusive });
  const third = refused.open(exclusive);
  assert.deepEqual(refused.heard(), ['a RWH>RW!', 'waits'], 'only what keeps it open is asked for');
  refused.coordinator.cachings.acknowledgeLease('c', 'a', RW);
  await assert.rejects(third as Promise<Claim>, status(NtStatus.SharingViolation));
  assert.equal(refused.state(holder), 'RW');
  assert.throws(
    () => new CachingBench().now({ wants: RW, share: 0 }) && bench.open(exclusive),
    status(NtStatus.SharingViolation),
  );
});

test('an open may end its waiting, and one without patience does not begin', async () => {
  const bench = new CachingBench();
  const first = bench.now({ wants: RWH });
  const abort = new AbortController();
  const second = bench.open({ signal: abort.signal });
  abort.abort();
  await assert.rejects(second as Promise<Claim>, status(NtStatus.Cancelled));
  await assert.rejects(bench.open({ signal: AbortSignal.abort() }) as Promise<Claim>, status(NtStatus.Cancelled));
  assert.ok(!(bench.open({ impatient: true }) instanceof Promise));
  assert.equal(first.holder?.breaking, true);
  bench.close(first);
  assert.equal(bench.timers.size, 0);
});

test('a file that is deleted meanwhile is not opened: who waited for it looks anew, when it is gone', async () => {
  const bench = new CachingBench();
  const { opens } = bench.coordinator;
  const first = bench.now({ wants: RWH, deleteOnClose: true });
  let over = false;
  const second = Promise.resolve(bench.open()).finally(() => {
    over = true;
  });
  assert.deepEqual(opens.release([first]), ['file']);
  await Promise.resolve();
  assert.ok(!over);
  opens.removed(first, 'file');
  assert.equal(await second, undefined);
  assert.deepEqual(opens.list(), []);
});

test('an open whose client is gone keeps what it caches, and each break ends it', () => {
  const bench = new CachingBench();
  const { durables } = bench.coordinator;
  const first = bench.now({ wants: RH, key: 'a' });
  assert.equal(durables.disconnect(first), true);
  assert.deepEqual(durables.list(), [first]);
  assert.equal(bench.state(bench.now({ wants: RH, key: 'b' })), 'RH', 'which asks for nothing of his');
  assert.deepEqual(bench.heard(), []);
  assert.equal(durables.reconnect(first), true);
  assert.equal(durables.reconnect(first), false, 'it is back already');
  assert.equal(durables.disconnect(first), true);
  void bench.coordinator.opens.prepareMove(bench.now({ access: STAT }));
  assert.deepEqual(bench.heard(), ['a RH>R!', 'b RH>R!']);
  assert.equal(durables.reconnect(first), false, 'a break is under way');
});

test('of a lease, those who are gone are told of a break beside the one who is there', () => {
  const bench = new CachingBench();
  const [first] = [bench.now({ wants: RWH, key: 'a' }), bench.now({ wants: RWH, key: 'a' })];
  assert.equal(bench.coordinator.durables.disconnect(first), true);
  void bench.open({ wants: R });
  assert.deepEqual(bench.heard(), ['a RWH>RH!', 'a RWH>RH!', 'waits']);
});

test('only who caches the handle outlasts his connection', () => {
  for (const [wants, key] of [[RW], [R], [R, 'a'], [RW, 'a'], [None]] as const) {
    const bench = new CachingBench();
    const claim = bench.now({ wants, ...(key && { key }) });
    assert.equal(bench.coordinator.durables.disconnect(claim), false, `${key} ${wants}`);
  }
  const bench = new CachingBench();
  const claim = bench.now({ wants: RWH });
  void bench.open({ wants: R });
  assert.equal(bench.coordinator.durables.disconnect(claim), false, 'nor does who has to give it up');
});

test('who looks at attributes only disturbs nobody, unless he overwrites', () => {
  const bench = new CachingBench();
  bench.now({ wants: RWH });
  bench.now({ access: STAT });
  assert.deepEqual(bench.heard(), []);
  void bench.open({ access: STAT, overwrites: true });
  assert.deepEqual(bench.heard(), ['oplock RWH>!', 'waits']);
  const leased = new CachingBench();
  leased.now({ wants: RWH, key: 'a' });
  leased.now({ access: STAT | FileAccess.ReadControl });
  assert.deepEqual(leased.heard(), []);
});

test('changed data: others’ leases for reading end, and all such oplocks', () => {
  const bench = new CachingBench();
  const { cachings } = bench.coordinator;
  const a = bench.now({ wants: R, key: 'a' });
  bench.now({ wants: RH, key: 'b' });
  const oplock = bench.now({ wants: None });
  cachings.changed(a);
  assert.deepEqual(bench.heard(), ['b RH>!']);
  cachings.changed(oplock);
  assert.deepEqual(bench.heard(), ['a R>']);
  const own = new CachingBench();
  const ii = own.now({ wants: R });
  own.coordinator.cachings.changed(ii);
  own.coordinator.cachings.changed(ii);
  assert.deepEqual(own.heard(), ['oplock R>'], 'its own too, once');
  own.close(ii);
  own.coordinator.cachings.changed(own.now({ wants: RW }));
  assert.deepEqual(own.heard(), [], 'who may write changes what he likes');
  own.coordinator.cachings.changedOutside('v', 'f');
  assert.deepEqual(own.heard(), ['oplock RW>!'], 'what others write he does not know of');
  const outside = new CachingBench();
  outside.now({ wants: RH, key: 'a' });
  outside.coordinator.cachings.changedOutside('v', 'g');
  outside.coordinator.cachings.changedOutside('v', 'f');
  assert.deepEqual(outside.heard(), ['a RH>!']);
});

test('a lease goes down in steps when more is asked of it while it breaks', async () => {
  const bench = new CachingBench();
  const { cachings } = bench.coordinator;
  bench.now({ wants: RWH, key: 'a', epoch: 16 });
  const second = bench.open({ wants: RH, key: 'b', epoch: 0 });
  const third = bench.open({ overwrites: true });
  assert.deepEqual(bench.heard(), ['a RWH>RH! 18', 'waits', 'waits']);
  assert.throws(() => cachings.acknowledgeLease('c', 'a', RW), status(NtStatus.RequestNotAccepted));
  const { further } = cachings.acknowledgeLease('c', 'a', RH);
  assert.deepEqual([further, bench.heard()], [true, []], 'not before the answer');
  cachings.tellFurther('c', 'a');
  assert.deepEqual(bench.heard(), ['a RH>R! 18']);
  const late = bench.now({ wants: RH, key: 'd' });
  assert.deepEqual(bench.heard(), [], 'who takes nothing of it does not wait');
  bench.close(late);
  assert.equal(cachings.acknowledgeLease('c', 'a', R).further, true);
  cachings.tellFurther('c', 'a');
  assert.deepEqual(bench.heard(), ['b RH>! 2', 'a R> 18']);
  cachings.tellFurther('c', 'a');
  assert.deepEqual(bench.heard(), []);
  await Promise.all([second, third]);
  assert.throws(() => cachings.acknowledgeLease('c', 'x', R), status(NtStatus.ObjectNameNotFound));
});

test('a lease is of one file; it ends with its last open', () => {
  const bench = new CachingBench();
  const { cachings } = bench.coordinator;
  const [a, b] = [bench.now({ wants: R, key: 'a' }), bench.now({ wants: R, key: 'a' })];
  assert.throws(() => bench.open({ wants: R, key: 'a', file: 2n }), status(NtStatus.InvalidParameter));
  assert.throws(() => bench.open({ wants: R, key: 'a', stream: 's' }), status(NtStatus.InvalidParameter));
  bench.close(a);
  assert.equal(cachings.hasLease('c', 'a'), true);
  assert.equal(cachings.hasLease('other', 'a'), false);
  bench.close(b);
  assert.equal(cachings.hasLease('c', 'a'), false);
});

test('a break that was told through an open that ends is told through another one', () => {
  const bench = new CachingBench();
  const first = bench.now({ wants: RWH, key: 'a' });
  bench.now({ wants: RWH, key: 'a' });
  void bench.open({ wants: R, key: 'b' });
  assert.deepEqual(bench.heard(), ['a RWH>RH!', 'waits']);
  bench.close(first);
  assert.deepEqual(bench.heard(), ['a RWH>RH!']);
});

test('a file to be deleted on close: others are told at the close, and not waited for', () => {
  const bench = new CachingBench();
  const [a, b] = [bench.now({ wants: RH, key: 'a' }), bench.now({ deleteOnClose: true })];
  bench.close(b);
  assert.deepEqual(bench.heard(), ['a RH>R!']);
  assert.equal(bench.coordinator.opens.isDeletePending(a), true);
});

test('a rename waits for those who keep the file open just in case', async () => {
  const bench = new CachingBench();
  const { cachings, opens } = bench.coordinator;
  const [a, b] = [bench.now({ wants: RH, key: 'a' }), bench.now({ wants: RH, key: 'b' })];
  const patience = (signal: AbortSignal) => ({ signal, waits: () => void bench.told.push('waits') });
  const renaming = opens.prepareMove(a, patience(new AbortController().signal));
  assert.deepEqual(bench.heard(), ['b RH>R!', 'waits']);
  const abort = new AbortController();
  const cancelled = opens.prepareMove(a, patience(abort.signal));
  abort.abort();
  await assert.rejects(cancelled as Promise<void>, status(NtStatus.Cancelled));
  const refusing = new AbortController();
  const refused = opens.prepareMove(a, { signal: refusing.signal, waits: () => refusing.abort() });
  await assert.rejects(refused as Promise<void>, status(NtStatus.Cancelled));
  cachings.acknowledgeLease('c', 'b', R);
  await renaming;
  assert.equal(opens.prepareMove(a, patience(abort.signal)), undefined);
  bench.close(b);
  assert.equal(bench.state(a), 'RH');
});

test('a batch oplock goes down to nothing for who overwrites, though share modes are in the way', () => {
  const bench = new CachingBench();
  bench.now({ wants: RWH });
  void bench.open({ share: 1, overwrites: true });
  assert.deepEqual(bench.heard(), ['oplock RWH>!', 'waits']);
});

test('who waits to delete a file does so before those who wait to open it; closing it ends that', async () => {
  const bench = new CachingBench();
  const { cachings, opens } = bench.coordinator;
  const [first, own] = [bench.now({ wants: RH, key: 'a' }), bench.now({ access: FileAccess.Delete })];
  const patience = { signal: new AbortController().signal, waits: () => undefined };
  const deleting = opens.setDeletePending(own, true, { patience });
  const opening = bench.open({ share: 1 });
  cachings.acknowledgeLease('c', 'a', R);
  await deleting;
  await assert.rejects(opening as Promise<Claim>, status(NtStatus.DeletePending));
  opens.setDeletePending(own, false);
  const second = bench.now({ wants: RH, key: 'b' });
  const closed = opens.setDeletePending(own, true, { patience });
  bench.close(own);
  await assert.rejects(closed as Promise<void>, status(NtStatus.FileClosed));
  assert.equal(opens.isDeletePending(first), false);
  assert.equal(bench.state(second), 'RH', 'told, and not lost yet');
});
