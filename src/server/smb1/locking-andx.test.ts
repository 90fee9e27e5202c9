import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryCoordinator } from '#coord/memory/memory-coordinator.js';
import type { Claim } from '#coord/opens.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EmptyAndXBlock } from '#wire/smb1/block.js';
import { LockingAndXRequest, LockingRange, TypeOfLock } from '#wire/smb1/command/locking-andx.js';
import { defaultLimits } from '../limits.js';
import type { Smb1Context } from './context.js';
import { lockingAndX } from './locking-andx.js';

/** A file that is open twice, and a manually advanced clock. */
function setUp() {
  const coordinator = new MemoryCoordinator();
  const access = FileAccess.ReadData;
  const request = {
    volume: 'v',
    file: 1n,
    path: 'f',
    stream: '',
    access,
    share: 7,
    deleteOnClose: false,
    overwrites: false,
  };
  const claims = [coordinator.opens.claim(request), coordinator.opens.claim(request)];
  const session = { waitingLocks: 0 };
  const opens = claims.map((claim: Claim) => ({
    claim,
    isDirectory: false,
    tree: { session },
    backend: {},
    mediumLocks: undefined,
  }));
  const timers: (() => void)[] = [];
  const after = (_ms: number, due: () => void) => {
    timers.push(due);
    return () => undefined;
  };
  const clock = { now: () => 0, after };
  const abort = new AbortController();
  let dropped = 0;
  const context = {
    core: { coordinator, clock, limits: defaultLimits },
    connection: { refusedLocks: new WeakMap(), waitingLocks: new Set() },
    request: { signal: abort.signal, drop: () => dropped++ },
    diskOpen: (fid: number) => opens[fid],
  } as unknown as Smb1Context;
  const ask = (fid: number, changes: Partial<LockingAndXRequest>): Promise<EmptyAndXBlock | undefined> =>
    lockingAndX(Object.assign(new LockingAndXRequest(), { fid, ...changes }), context);
  return { ask, coordinator, timers, abort, dropped: () => dropped };
}

const range = (byteOffset: bigint, pid = 1): LockingRange =>
  Object.assign(new LockingRange(), { byteOffset, lengthInBytes: 1n, pid });
const status = (wanted: number) => (error: unknown) => error instanceof StatusError && error.status === wanted;

test('locks are a process’s of the client; unlocking goes first', async () => {
  const { ask, coordinator } = setUp();
  assert.ok((await ask(0, { locks: [range(0n), range(1n)] })) instanceof EmptyAndXBlock);
  await assert.rejects(ask(0, { locks: [range(0n, 2)] }), status(NtStatus.LockNotGranted));
  await assert.rejects(ask(0, { unlocks: [range(0n, 2)] }), status(NtStatus.RangeNotLocked));
  await ask(0, { unlocks: [range(0n), range(1n)], locks: [range(0n)] });
  await assert.rejects(ask(1, { locks: [range(5n), range(0n)] }), status(NtStatus.LockNotGranted));
  await assert.rejects(ask(1, { locks: [range(5n), range(0n)] }), status(NtStatus.FileLockConflict));
  await assert.rejects(ask(1, { locks: [range(0n)] }), status(NtStatus.LockNotGranted));
  assert.equal(coordinator.locks.list().length, 1);
});

test('a request waits for its own time, or until it is cancelled', async () => {
  const { ask, timers, abort } = setUp();
  await ask(0, { locks: [range(0n)] });
  const timed = ask(1, { locks: [range(0n)], timeout: 1000 });
  timers[0]?.();
  await assert.rejects(timed, status(NtStatus.FileLockConflict));
  const waiting = ask(1, { locks: [range(0n)], typeOfLock: TypeOfLock.SharedLock, timeout: 0xffff_ffff });
  await ask(0, { unlocks: [range(0n)] });
  await waiting;
  const cancelled = ask(0, { locks: [range(0n)], timeout: 0xffff_ffff });
  abort.abort();
  await assert.rejects(cancelled, status(NtStatus.Cancelled));
  await assert.rejects(ask(0, { locks: [range(0n)], timeout: 1 }), status(NtStatus.Cancelled));
});

test('CANCEL_LOCK ends the oldest request that waits for the same, as if its time was over', async () => {
  const { ask } = setUp();
  await ask(0, { locks: [range(0n), range(1n)] });
  const waits = { typeOfLock: TypeOfLock.LargeFiles, timeout: 0xffff_ffff };
  const [first, second] = [ask(1, { ...waits, locks: [range(0n)] }), ask(1, { ...waits, locks: [range(1n)] })];
  const cancel = (fid: number, typeOfLock: number, of: LockingRange) =>
    ask(fid, { typeOfLock: typeOfLock | TypeOfLock.CancelLock, locks: [of] });
  const violation = status(NtStatus.Os2CancelViolation);
  await assert.rejects(cancel(1, TypeOfLock.LargeFiles, range(5n)), violation);
  await assert.rejects(cancel(1, 0, range(0n)), violation);
  await assert.rejects(cancel(0, TypeOfLock.LargeFiles, range(0n)), violation);
  await assert.rejects(cancel(1, TypeOfLock.LargeFiles, range(0n, 2)), violation);
  assert.ok(await cancel(1, TypeOfLock.LargeFiles, range(0n)));
  await assert.rejects(first, status(NtStatus.FileLockConflict));
  assert.ok(await cancel(1, TypeOfLock.LargeFiles, range(1n)));
  await assert.rejects(second, status(NtStatus.FileLockConflict));
  await assert.rejects(cancel(1, TypeOfLock.LargeFiles, range(1n)), violation);
});

test('what is not served says so, and an answer to a break is not answered', async () => {
  const { ask, dropped } = setUp();
  const of = (typeOfLock: number) => ask(0, { typeOfLock, locks: [range(0n)] });
  await assert.rejects(of(TypeOfLock.ChangeLocktype), status(NtStatus.Os2AtomicLocksNotSupported));
  await assert.rejects(of(TypeOfLock.CancelLock), status(NtStatus.Os2CancelViolation));
  const many = Array.from({ length: 257 }, (_, at) => range(BigInt(at)));
  await assert.rejects(ask(0, { locks: many }), status(NtStatus.InsufficientResources));
  assert.equal(await ask(0, { typeOfLock: TypeOfLock.OplockRelease }), undefined);
  assert.equal(dropped(), 1);
});
