import type { ByteRange, LockOwner, RangeLock } from './locks.js';

const END = 1n << 64n;

/** [MS-FSA] 2.1.5.8: a range must not reach beyond 2^64. */
export function isValidRange({ offset, length }: ByteRange): boolean {
  return length === 0n || offset + length <= END;
}

/**
 * [MS-FSA] 2.1.4.10 Algorithm for Determining If a Range Access Conflicts with Byte-Range Locks: a range of
 * length 0 meets what lies on both of its sides, and nothing else.
 */
export function overlaps(a: ByteRange, b: ByteRange): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

export function isSameRange(a: ByteRange, b: ByteRange): boolean {
  return a.offset === b.offset && a.length === b.length;
}

export function isSameOwner(a: LockOwner, b: LockOwner): boolean {
  return a.claim === b.claim && a.process === b.process;
}

/** Whether a held lock stands in the way of another. A shared one may lie on an exclusive one of the same owner. */
export function lockConflicts(held: RangeLock & LockOwner, wanted: RangeLock & LockOwner): boolean {
  if (!held.exclusive && !wanted.exclusive) return false;
  if (held.exclusive && !wanted.exclusive && isSameOwner(held, wanted)) return false;
  return overlaps(held, wanted);
}

/** Whether a held lock stands in the way of reading or writing. A shared one keeps its own owner from writing, too. */
export function accessConflicts(
  held: RangeLock & LockOwner,
  owner: LockOwner,
  range: ByteRange,
  write: boolean,
): boolean {
  if (!held.exclusive && !write) return false;
  if (held.exclusive && isSameOwner(held, owner)) return false;
  return overlaps(held, range);
}
