import type { FileLocks, LockedRange } from '../capabilities.js';
import type { LocalHandle } from './handle.js';
import { isErrno, type Libc } from './native/libc.js';

/** Largest `off_t`. */
const LAST = (1n << 63n) - 1n;

/**
 * Byte-range locks that work with those of other programs on this machine: fcntl and, on Linux, lockf. A lock belongs
 * to the open file description (OFD) of a handle, and ends with it.
 */
export class LocalLocks implements FileLocks<LocalHandle> {
  readonly #libc: Libc;

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  take(handle: LocalHandle, range: LockedRange): boolean {
    const { exclusive } = range;
    // Exclusive locks need write access and shared ones read access; empty ranges cannot be locked.
    const can = handle.hasData && (exclusive ? handle.writable : handle.readable);
    if (!can || range.length === 0n || range.offset > LAST) return true;
    const result = this.#set(handle, exclusive ? 'write' : 'read', range);
    return !isErrno(result, 'EAGAIN', 'EACCES');
  }

  give(handle: LocalHandle, range: LockedRange): void {
    if (handle.hasData && range.length !== 0n && range.offset <= LAST) this.#set(handle, 'none', range);
  }

  blocks(handle: LocalHandle, offset: number, length: number, write: boolean): boolean {
    if (!handle.hasData) return false;
    return this.#libc.lockRange(handle.fd, 'get', write ? 'write' : 'read', BigInt(offset), BigInt(length)) === 1;
  }

  #set({ fd }: LocalHandle, kind: 'read' | 'write' | 'none', { offset, length }: LockedRange): number {
    const toEnd = length > LAST - offset;
    return this.#libc.lockRange(fd, 'set', kind, offset, toEnd ? 0n : length);
  }
}
