import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { type BreakNotice, Caching } from '../caching.js';
import type { Claim, ClaimRequest } from '../opens.js';
import { MemoryCoordinator } from './memory-coordinator.js';

const { None, R, RH, RW, RWH } = Caching;
const STAT = FileAccess.ReadAttributes | FileAccess.Synchronize;
const NAMES: Readonly<Record<number, string>> = { 0: '', 1: 'R', 2: 'H', 3: 'RH', 4: 'W', 5: 'RW', 6: 'HW', 7: 'RWH' };

interface Asked extends Partial<ClaimRequest> {
  readonly wants?: number;
  /** Lease key; an oplock without. */
  readonly key?: string;
  readonly epoch?: number;
  readonly impatient?: boolean;
  readonly signal?: AbortSignal;
  /** Nobody can be told. */
  readonly gone?: boolean;
}

/** A coordinator, what clients were told, and the clock of breaks. */
class Bench {
  readonly timers = new Set<() => void>();
  readonly coordinator = new MemoryCoordinator({
    breakTimer: (expired) => {
      this.timers.add(expired);
      return () => this.timers.delete(expired);
    },
  });
  readonly told: string[] = [];

  open(asked: Asked = {}): Claim | Promise<Claim> {
    const { wants = None, key, epoch, gone, impatient, signal, ...changes } = asked;
    const lease = key === undefined ? undefined : this.#lease(key, epoch);
    const broken = (claim: Claim, notice: BreakNotice): void => {
      this.told.push(describe(key ?? 'oplock', notice));
      if (gone) this.coordinator.cachings.lost(claim);
    };
    const request: ClaimRequest = {
      volume: 'v',
      file: 1n,
      path: 'f',
      stream: '',
      access: FileAccess.ReadData | FileAccess.WriteData,
      share: 7,
      deleteOnClose: false,
      overwrites: false,
      ...(wants === None && !lease ? {} : { caching: { wanted: wants, lease, broken } }),
      ...changes,
    };
    const patience = { signal: signal ?? new AbortController().signal, waits: () => void this.told.push('waits') };
    return this.coordinator.opens.claim(request, impatient ? undefined : patience);
  }

  #lease(key: string, epoch: number | undefined): { client: string; key: string; version: 1 | 2; epoch: number } {
    return { client: 'c', key, version: epoch === undefined ? 1 : 2, epoch: epoch ?? 0 };
  }

  /** Opens at once. */
  now(asked: Asked = {}): Claim {
    const claim = this.open(asked);
    assert.ok(!(claim instanceof Promise), 'should not wait');
    return claim;
  }

  close(claim: Claim): void {
    this.coordinator.opens.release(claim);
  }

  expire(): void {
    for (const expired of [...this.timers]) expired();
  }

  heard(): string[] {
    return this.told.splice(0);
  }

  state(claim: Claim): string {
    return claim.holder ? (NAMES[claim.holder.state] as string) : 'none';
  }
}

function describe(who: string, { from, to, acknowledge, lease }: BreakNotice): string {
  const epoch = lease?.version === 2 ? ` ${lease.epoch}` : '';
  return `${who} ${NAMES[from]}>${NAMES[to]}${acknowledge ? '!' : ''}${epoch}`;
}

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
    const bench = new Bench();
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
    const bench = new Bench();
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
    const bench = new Bench();
    bench.now({ wants: has, key: 'a' });
    assert.equal(bench.state(bench.now({ wants, key: 'a' })), then, `${NAMES[has]} ${NAMES[wants]}`);
    assert.deepEqual(bench.heard(), []);
  }
  const bench = new Bench();
  bench.now({ wants: R, key: 'a' });
  bench.now({ wants: R, key: 'b' });
  assert.equal(bench.state(bench.now({ wants: RWH, key: 'a' })), 'R', 'another one is in the way of W');
});

test('what is locked is not cached', () => {
  const bench = new Bench();
  const owner = { claim: bench.now(), process: 0 };
  assert.equal(bench.coordinator.locks.lock(owner, [{ offset: 0n, length: 1n, exclusive: true }]), 'granted');
  assert.equal(bench.state(bench.now({ wants: RWH, key: 'a' })), '');
  assert.equal(bench.state(bench.now({ wants: R })), 'none');
});

test('an open waits for the acknowledgment of an oplock, and gets what is left', async () => {
  const bench = new Bench();
  const { cachings } = bench.coordinator;
  const first = bench.now({ wants: RWH });
  const second = bench.open({ wants: RWH });
  const third = bench.open({ wants: R, overwrites: true });
  assert.deepEqual(bench.heard(), ['oplock RWH>R!', 'waits', 'waits']);
  assert.deepEqual(cachings.acknowledge(first, R), { state: R, further: undefined });
  await Promise.all([second, third]);
  assert.deepEqual(bench.heard(), ['oplock R>', 'oplock R>'], 'the third takes the data away');
  assert.equal(bench.timers.size, 0);
  assert.throws(() => cachings.acknowledge(first, None), status(NtStatus.InvalidOplockProtocol));
});

test('an oplock that is kept too much of is lost', async () => {
  const bench = new Bench();
  const first = bench.now({ wants: RWH });
  const second = bench.open();
  assert.throws(() => bench.coordinator.cachings.acknowledge(first, RW), status(NtStatus.InvalidOplockProtocol));
  await second;
  assert.equal(bench.state(first), 'none');
});

test('who does not acknowledge loses it when his time is over', async () => {
  const bench = new Bench();
  const first = bench.now({ wants: RWH, key: 'a' });
  const second = bench.open({ wants: RH, key: 'b' });
  bench.expire();
  assert.equal(bench.state(await second), 'RH');
  assert.equal(bench.state(first), '');
  assert.throws(() => bench.coordinator.cachings.acknowledgeLease('c', 'a', RH), status(NtStatus.Unsuccessful));
});

test('who cannot be told is not waited for', () => {
  const bench = new Bench();
  bench.now({ wants: RWH, gone: true });
  assert.equal(bench.state(bench.now({ wants: R })), 'R');
  assert.deepEqual(bench.heard(), ['oplock RWH>R!']);
});

test('share modes decide after the break: the file may have been closed by then', async () => {
  const bench = new Bench();
  const exclusive = { share: 0 };
  const first = bench.now({ wants: RWH, ...exclusive });
  const second = bench.open(exclusive);
  assert.deepEqual(bench.heard(), ['oplock RWH>R!', 'waits']);
  bench.close(first);
  await second;
  const refused = new Bench();
  const holder = refused.now({ wants: RWH, key: 'a', ...exclusive });
  const third = refused.open(exclusive);
  assert.deepEqual(refused.heard(), ['a RWH>RW!', 'waits'], 'only what keeps it open is asked for');
  refused.coordinator.cachings.acknowledgeLease('c', 'a', RW);
  await assert.rejects(third as Promise<Claim>, status(NtStatus.SharingViolation));
  assert.equal(refused.state(holder), 'RW');
  assert.throws(
    () => new Bench().now({ wants: RW, share: 0 }) && bench.open(exclusive),
    status(NtStatus.SharingViolation),
  );
});

test('an open may end its waiting, and one without patience does not begin', async () => {
  const bench = new Bench();
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

test('a file that is deleted meanwhile is not opened', async () => {
  const bench = new Bench();
  const first = bench.now({ wants: RWH, deleteOnClose: true });
  const second = bench.open();
  bench.close(first);
  await assert.rejects(second as Promise<Claim>, status(NtStatus.DeletePending));
});

test('who looks at attributes only disturbs nobody, unless he overwrites', () => {
  const bench = new Bench();
  bench.now({ wants: RWH });
  bench.now({ access: STAT });
  assert.deepEqual(bench.heard(), []);
  void bench.open({ access: STAT, overwrites: true });
  assert.deepEqual(bench.heard(), ['oplock RWH>!', 'waits']);
  const leased = new Bench();
  leased.now({ wants: RWH, key: 'a' });
  leased.now({ access: STAT | FileAccess.ReadControl });
  assert.deepEqual(leased.heard(), []);
});

test('changed data: others’ leases for reading end, and all such oplocks', () => {
  const bench = new Bench();
  const { cachings } = bench.coordinator;
  const a = bench.now({ wants: R, key: 'a' });
  bench.now({ wants: RH, key: 'b' });
  const oplock = bench.now({ wants: None });
  cachings.changed(a);
  assert.deepEqual(bench.heard(), ['b RH>!']);
  cachings.changed(oplock);
  assert.deepEqual(bench.heard(), ['a R>']);
  const own = new Bench();
  const ii = own.now({ wants: R });
  own.coordinator.cachings.changed(ii);
  own.coordinator.cachings.changed(ii);
  assert.deepEqual(own.heard(), ['oplock R>'], 'its own too, once');
  own.close(ii);
  own.coordinator.cachings.changed(own.now({ wants: RW }));
  own.coordinator.cachings.changedOutside('v', 'f');
  assert.deepEqual(own.heard(), [], 'who may write changes what he likes');
  const outside = new Bench();
  outside.now({ wants: RH, key: 'a' });
  outside.coordinator.cachings.changedOutside('v', 'g');
  outside.coordinator.cachings.changedOutside('v', 'f');
  assert.deepEqual(outside.heard(), ['a RH>!']);
});

test('a lease goes down in steps when more is asked of it while it breaks', async () => {
  const bench = new Bench();
  const { cachings } = bench.coordinator;
  bench.now({ wants: RWH, key: 'a', epoch: 16 });
  const second = bench.open({ wants: RH, key: 'b', epoch: 0 });
  const third = bench.open({ overwrites: true });
  assert.deepEqual(bench.heard(), ['a RWH>RH! 18', 'waits', 'waits']);
  assert.throws(() => cachings.acknowledgeLease('c', 'a', RW), status(NtStatus.RequestNotAccepted));
  const { further } = cachings.acknowledgeLease('c', 'a', RH);
  assert.equal(describe('a', further as BreakNotice), 'a RH>R! 18');
  const last = cachings.acknowledgeLease('c', 'a', R);
  assert.equal(describe('a', last.further as BreakNotice), 'a R> 18');
  await Promise.all([second, third]);
  assert.throws(() => cachings.acknowledgeLease('c', 'x', R), status(NtStatus.ObjectNameNotFound));
});

test('a lease is of one file; it ends with its last open', () => {
  const bench = new Bench();
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
  const bench = new Bench();
  const first = bench.now({ wants: RWH, key: 'a' });
  bench.now({ wants: RWH, key: 'a' });
  void bench.open({ wants: R, key: 'b' });
  assert.deepEqual(bench.heard(), ['a RWH>RH!', 'waits']);
  bench.close(first);
  assert.deepEqual(bench.heard(), ['a RWH>RH!']);
});

test('a rename waits for those who keep the file open just in case', async () => {
  const bench = new Bench();
  const { cachings } = bench.coordinator;
  const [a, b] = [bench.now({ wants: RH, key: 'a' }), bench.now({ wants: RH, key: 'b' })];
  const patience = (signal: AbortSignal) => ({ signal, waits: () => void bench.told.push('waits') });
  const renaming = cachings.yieldHandles(a, patience(new AbortController().signal));
  assert.deepEqual(bench.heard(), ['b RH>R!', 'waits']);
  const abort = new AbortController();
  const cancelled = cachings.yieldHandles(a, patience(abort.signal));
  abort.abort();
  await assert.rejects(cancelled as Promise<void>, status(NtStatus.Cancelled));
  cachings.acknowledgeLease('c', 'b', R);
  await renaming;
  assert.equal(cachings.yieldHandles(a, patience(abort.signal)), undefined);
  bench.close(b);
  assert.equal(bench.state(a), 'RH');
});

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
      const bench = new Bench();
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
