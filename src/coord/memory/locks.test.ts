import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { HeldLock, LockOutcome, RangeLock } from '../locks.js';
import type { Claim } from '../opens.js';
import { MemoryCoordinator } from './memory-coordinator.js';

const MAX = 0xffff_ffff_ffff_ffffn;

function setUp(options: { locksPerFile?: number } = {}): {
  locks: MemoryCoordinator['locks'];
  open(): Claim;
  close(claim: Claim): void;
} {
  const { locks, opens } = new MemoryCoordinator(options);
  const request = {
    volume: 'v',
    file: 1n,
    path: 'f',
    stream: '',
    access: FileAccess.ReadData,
    share: 7,
    deleteOnClose: false,
    overwrites: false,
  };
  return { locks, open: () => opens.claim(request) as Claim, close: (claim) => void opens.release([claim]) };
}

const range = (offset: number | bigint, length: number | bigint, exclusive = true): RangeLock => ({
  offset: BigInt(offset),
  length: BigInt(length),
  exclusive,
});
const own = (claim: Claim, process = 0): { claim: Claim; process: number } => ({ claim, process });

test('exclusive keeps all out, shared keeps exclusive out, shared may lie on its own exclusive', () => {
  const { locks, open } = setUp();
  const [a, b] = [open(), open()];
  assert.equal(locks.lock(own(a), [range(0, 10)]), 'granted');
  assert.equal(locks.lock(own(a), [range(0, 10)]), 'refused');
  assert.equal(locks.lock(own(b), [range(9, 1, false)]), 'refused');
  assert.equal(locks.lock(own(a, 1), [range(9, 1, false)]), 'refused');
  assert.equal(locks.lock(own(b), [range(10, 1)]), 'granted');
  assert.equal(locks.lock(own(a), [range(0, 10, false)]), 'granted');
  assert.equal(locks.unlock(own(a), range(0, 9)), false);
  assert.equal(locks.unlock(own(a), range(0, 10)), true);
  assert.equal(locks.lock(own(b), [range(0, 10, false)]), 'granted', 'the exclusive one went first');
  assert.equal(locks.lock(own(a), [range(3, 1)]), 'refused');
});

test('all of a request or nothing, its own locks standing in each other’s way too', () => {
  const { locks, open } = setUp();
  const [a, b] = [open(), open()];
  locks.lock(own(b), [range(5, 1)]);
  assert.equal(locks.lock(own(a), [range(0, 1), range(5, 1)]), 'refused');
  assert.equal(locks.lock(own(a), [range(0, 2), range(1, 2)]), 'refused');
  assert.equal(locks.list().length, 1);
});

test('the ends of what can be locked', () => {
  const { locks, open } = setUp({ locksPerFile: 3 });
  const a = open();
  const invalid = (error: unknown): boolean =>
    error instanceof StatusError && error.status === NtStatus.InvalidLockRange;
  assert.throws(() => locks.lock(own(a), [range(MAX, MAX)]), invalid);
  assert.throws(() => locks.unlock(own(a), range(MAX, 2)), invalid);
  assert.equal(locks.lock(own(a), [range(MAX, 1)]), 'granted');
  assert.equal(locks.lock(own(a), [range(MAX, 0)]), 'granted');
  assert.equal(locks.lock(own(a), [range(0, MAX)]), 'granted');
  const full = (error: unknown): boolean =>
    error instanceof StatusError && error.status === NtStatus.InsufficientResources;
  assert.throws(() => locks.lock(own(a), [range(0, 0)]), full);
});

test('reading and writing: what a lock lets pass', () => {
  const { locks, open, close } = setUp();
  const [a, b] = [open(), open()];
  assert.equal(locks.blocks(b, 0, 0, 1, true), false);
  locks.lock(own(a), [range(0, 10), range(20, 10, false)]);
  const rows: [claim: Claim, process: number, offset: number, write: boolean, blocked: boolean][] = [
    [a, 0, 0, true, false],
    [a, 0, 0, false, false],
    [a, 1, 0, false, true],
    [b, 0, 9, false, true],
    [b, 0, 10, true, false],
    [b, 0, 20, false, false],
    [b, 0, 20, true, true],
    [a, 0, 20, true, true],
  ];
  for (const [claim, process, offset, write, blocked] of rows) {
    assert.equal(locks.blocks(claim, process, offset, 1, write), blocked, `${process} ${offset} ${write}`);
  }
  close(a);
  assert.equal(locks.blocks(b, 0, 0, 1, true), false);
  assert.deepEqual(locks.list(), []);
});

test('who waits gets his turn in order, is cancelled, or ends with his open', async () => {
  const { locks, open, close } = setUp();
  const [a, b, c] = [open(), open(), open()];
  const log: string[] = [];
  const abort = new AbortController();
  const waits = (): void => void log.push('waits');
  const say = (name: string) => (outcome: LockOutcome) => void log.push(`${name} ${outcome}`);
  const ask = (name: string, claim: Claim, lock: RangeLock, signal = new AbortController().signal): Promise<void> =>
    Promise.resolve(locks.lock(own(claim), [lock], { signal, waits })).then(say(name));
  locks.lock(own(a), [range(0, 10)]);
  const pending = [
    ask('first', b, range(0, 5)),
    ask('second', c, range(4, 2)),
    ask('third', c, range(9, 1)),
    ask('cancelled', b, range(0, 1), abort.signal),
    ask('at once', b, range(10, 1)),
  ];
  abort.abort();
  await pending[4];
  locks.unlock(own(a), range(0, 10));
  await pending[0];
  assert.equal(locks.lock(own(a), [range(9, 1)]), 'refused');
  close(c);
  await Promise.all(pending);
  assert.deepEqual(log, [
    'waits',
    'waits',
    'waits',
    'waits',
    'at once granted',
    'cancelled cancelled',
    'first granted',
    'third granted',
    'second closed',
  ]);
  await ask('too late', a, range(0, 1), AbortSignal.abort());
  assert.equal(log.at(-1), 'too late cancelled');
  close(a);
  close(b);
  assert.deepEqual(locks.list(), []);
});

/** Bytes are even positions, the gaps before them odd ones; an empty range is a gap. */
function places({ offset, length }: RangeLock): number[] {
  const [from, count] = [Number(offset) * 2, Number(length)];
  return count === 0 ? [from - 1] : Array.from({ length: count * 2 - 1 }, (_, at) => from + at);
}

function meet(a: RangeLock, b: RangeLock): boolean {
  if (a.length === 0n && b.length === 0n) return false;
  const of = new Set(places(a));
  return places(b).some((place) => of.has(place));
}

test('byte ranges, against a model that counts places', () => {
  const lock = fc.record({ offset: fc.bigInt(0n, 6n), length: fc.bigInt(0n, 4n), exclusive: fc.boolean() });
  const step = fc.record({
    who: fc.nat(2),
    what: fc.constantFrom('lock', 'lock', 'lock', 'unlock', 'read', 'write', 'close'),
    ranges: fc.array(lock, { minLength: 1, maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { locks, open, close } = setUp();
      const claims = [open(), open(), open()];
      let model: HeldLock[] = [];
      const stands = (held: HeldLock, wanted: RangeLock, who: Claim, shared: boolean): boolean =>
        meet(held, wanted) && !(held.exclusive ? held.claim === who && shared : shared);
      for (const { who, what, ranges } of steps) {
        const claim = claims[who] as Claim;
        const first = ranges[0] as RangeLock;
        if (what === 'lock') {
          let next = model;
          for (const wanted of ranges) {
            const refused = next.some((held) => stands(held, wanted, claim, !wanted.exclusive));
            if (refused) {
              next = [];
              break;
            }
            next = [...next, { ...wanted, claim, process: 0 }];
          }
          const outcome = locks.lock(own(claim), ranges);
          assert.equal(outcome, next.length === 0 ? 'refused' : 'granted');
          if (next.length > 0) model = next;
        } else if (what === 'unlock') {
          const same = (held: HeldLock): boolean =>
            held.claim === claim && held.offset === first.offset && held.length === first.length;
          const gone = model.find((held) => same(held) && held.exclusive) ?? model.find(same);
          assert.equal(locks.unlock(own(claim), first), gone !== undefined);
          model = model.filter((held) => held !== gone);
        } else if (what === 'close') {
          close(claim);
          claims[who] = open();
          model = model.filter((held) => held.claim !== claim);
        } else if (first.length > 0n) {
          const write = what === 'write';
          const blocked = model.some((held) => meet(held, first) && (held.exclusive ? held.claim !== claim : write));
          assert.equal(locks.blocks(claim, 0, Number(first.offset), Number(first.length), write), blocked);
        }
      }
      const plain = ({ claim, offset, length, exclusive }: HeldLock): unknown[] => [
        claims.indexOf(claim),
        offset,
        length,
        exclusive,
      ];
      assert.deepEqual(locks.list().map(plain), model.map(plain));
    }),
    { numRuns: 500 },
  );
});

test('an open that has ended takes no lock that nobody would ever give back', () => {
  const { locks, open, close } = setUp();
  const [one, other] = [open(), open()];
  close(one);
  assert.equal(locks.lock(own(one), [range(0, 1)]), 'closed');
  assert.equal(locks.lock(own(other), [range(0, 1)]), 'granted');
  assert.equal(locks.list().length, 1);
});

test('no locks at all are granted, and leave nothing behind', () => {
  const { locks, open } = setUp();
  assert.equal(locks.lock(own(open()), []), 'granted');
  assert.deepEqual(locks.list(), []);
});
