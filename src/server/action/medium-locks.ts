import type { ByteRange, LockOwner, RangeLock } from '#coord/locks.js';
import { LockTable } from '#coord/memory/lock-table.js';
import type { Eventually } from '#fs/backend.js';
import type { DiskOpen } from '../state/open.js';

const EVERYTHING: RangeLock = { offset: 0n, length: (1n << 64n) - 1n, exclusive: true };

/**
 * Takes locks granted by the coordinator on the medium as well, so that other programs there see them: all of them, or
 * none on a conflict with such a program.
 */
export async function takeOnMedium(open: DiskOpen, locks: readonly RangeLock[]): Promise<boolean> {
  const medium = open.backend.locks;
  if (medium === undefined) return true;
  for (const [at, lock] of locks.entries()) {
    if (await medium.take(open.handle, lock)) {
      open.mediumLocks ??= new LockTable();
      open.mediumLocks.add({ ...ownerOf(open), ...lock });
      // The medium keeps one lock per range: the stronger one must win.
      if (!lock.exclusive) await takeAgain(open, lock, true);
      continue;
    }
    for (const taken of locks.slice(0, at)) await giveOnMedium(open, taken);
    return false;
  }
  return true;
}

/**
 * Releases a lock of exactly this range, an exclusive one first, and returns it; overlapping locks stay. Must run
 * before the coordinator releases the range, or this lock would refuse the next owner's.
 */
export async function giveOnMedium(open: DiskOpen, range: ByteRange): Promise<RangeLock | undefined> {
  const { mediumLocks, backend } = open;
  const gone = mediumLocks?.find(ownerOf(open), range);
  if (gone === undefined) return undefined;
  mediumLocks?.remove(gone);
  await backend.locks?.give(open.handle, gone.lock);
  await takeAgain(open, gone.lock, false);
  await takeAgain(open, gone.lock, true);
  return gone.lock;
}

/** The open is being closed: releases all of its locks, also before the coordinator does. */
export async function giveAllOnMedium(open: DiskOpen): Promise<void> {
  const locked = hasOnMedium(open);
  open.mediumLocks = undefined;
  if (locked) await open.backend.locks?.give(open.handle, EVERYTHING);
}

/** Whether the open holds any locks on the medium. */
export function hasOnMedium({ mediumLocks }: DiskOpen): boolean {
  return mediumLocks !== undefined && mediumLocks.size > 0;
}

// The open owns all of them: the medium does not distinguish the client's processes.
function ownerOf({ claim }: DiskOpen): LockOwner {
  return { claim, process: 0 };
}

async function takeAgain(open: DiskOpen, range: ByteRange, exclusive: boolean): Promise<void> {
  for (const lock of open.mediumLocks?.meeting(range, exclusive) ?? []) {
    await open.backend.locks?.take(open.handle, lock);
  }
}

/** Whether another program's lock conflicts with reading or writing. Called for each READ and WRITE. */
export function mediumBlocks(open: DiskOpen, offset: number, length: number, write: boolean): Eventually<boolean> {
  return open.backend.locks?.blocks(open.handle, offset, length, write) ?? false;
}
