import type { ByteRange, LockOwner, RangeLock } from '#coord/locks.js';
import { LockTable } from '#coord/memory/lock-table.js';
import type { Eventually } from '#fs/backend.js';
import type { DiskOpen } from '../state/open.js';

const EVERYTHING: RangeLock = { offset: 0n, length: (1n << 64n) - 1n, exclusive: true };

/**
 * Locks on the medium what the coordinator has granted, so that other programs there see it: all of the locks, or none if
 * one of such a program stands in the way.
 */
export async function takeOnMedium(open: DiskOpen, locks: readonly RangeLock[]): Promise<boolean> {
  const medium = open.backend.locks;
  if (medium === undefined) return true;
  for (const [at, lock] of locks.entries()) {
    if (await medium.take(open.handle, lock)) {
      open.mediumLocks ??= new LockTable();
      open.mediumLocks.add({ ...ownerOf(open), ...lock });
      // There a range has one lock: it is the stronger one.
      if (!lock.exclusive) await takeAgain(open, lock, true);
      continue;
    }
    for (const taken of locks.slice(0, at)) await giveOnMedium(open, taken);
    return false;
  }
  return true;
}

/**
 * Gives back a lock of exactly this range, an exclusive one first, and says which; what else is locked there stays so. To
 * be done before the coordinator lets others have it, whose locks this one would refuse.
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

/** The open is at its end: gives back all that it has locked, likewise. */
export async function giveAllOnMedium(open: DiskOpen): Promise<void> {
  const locked = hasOnMedium(open);
  open.mediumLocks = undefined;
  if (locked) await open.backend.locks?.give(open.handle, EVERYTHING);
}

/** Whether it has locked anything on the medium. */
export function hasOnMedium({ mediumLocks }: DiskOpen): boolean {
  return mediumLocks !== undefined && mediumLocks.size > 0;
}

// All of them are the open's: the medium knows no processes of clients.
function ownerOf({ claim }: DiskOpen): LockOwner {
  return { claim, process: 0 };
}

async function takeAgain(open: DiskOpen, range: ByteRange, exclusive: boolean): Promise<void> {
  for (const lock of open.mediumLocks?.meeting(range, exclusive) ?? []) {
    await open.backend.locks?.take(open.handle, lock);
  }
}

/** Whether another program's lock stands in the way of reading, or writing: asked for each READ and WRITE. */
export function mediumBlocks(open: DiskOpen, offset: number, length: number, write: boolean): Eventually<boolean> {
  return open.backend.locks?.blocks(open.handle, offset, length, write) ?? false;
}
