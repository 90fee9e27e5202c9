import type { ByteRange, LockOwner } from './locks.js';

const END = 1n << 64n;

/** [MS-FSA] 2.1.5.8: a range must not extend beyond 2^64. */
export function isValidRange({ offset, length }: ByteRange): boolean {
  return length === 0n || offset + length <= END;
}

export function isSameOwner(a: LockOwner, b: LockOwner): boolean {
  return a.claim === b.claim && a.process === b.process;
}
