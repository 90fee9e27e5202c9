import { isSameRange, rangesMeet } from '#coord/byte-range.js';
import type { ByteRange, RangeLock } from '#coord/locks.js';
import type { Eventually } from '#fs/backend.js';
import type { DiskOpen } from '../state/open.js';

/**
 * Locks on the medium what the coordinator has granted, so that other programs there see it: all of the locks, or none if
 * one of such a program stands in the way.
 */
export async function takeOnMedium(open: DiskOpen, locks: readonly RangeLock[]): Promise<boolean> {
  const medium = open.backend.locks;
  if (medium === undefined) return true;
  for (const [at, lock] of locks.entries()) {
    if (await medium.take(open.handle, lock)) {
      open.mediumLocks.push(lock);
      // There a range has one lock: it is the stronger one.
      if (!lock.exclusive) await takeAgain(open, lock, true);
      continue;
    }
    for (const taken of locks.slice(0, at)) await giveOnMedium(open, taken);
    return false;
  }
  return true;
}

/** Gives back a lock of exactly this range, an exclusive one first; what else is locked there stays so. */
export async function giveOnMedium(open: DiskOpen, range: ByteRange): Promise<void> {
  const medium = open.backend.locks;
  if (medium === undefined) return;
  const same = open.mediumLocks.filter((lock) => isSameRange(lock, range));
  const gone = same.find(({ exclusive }) => exclusive) ?? same[0];
  if (gone === undefined) return;
  open.mediumLocks.splice(open.mediumLocks.indexOf(gone), 1);
  await medium.give(open.handle, gone);
  await takeAgain(open, gone, false);
  await takeAgain(open, gone, true);
}

async function takeAgain(open: DiskOpen, range: ByteRange, exclusive: boolean): Promise<void> {
  for (const lock of open.mediumLocks) {
    if (lock.exclusive === exclusive && rangesMeet(lock, range)) await open.backend.locks?.take(open.handle, lock);
  }
}

/** Whether another program's lock stands in the way of reading, or writing: asked for each READ and WRITE. */
export function mediumBlocks(open: DiskOpen, offset: number, length: number, write: boolean): Eventually<boolean> {
  return open.backend.locks?.blocks(open.handle, offset, length, write) ?? false;
}
