import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Extent, Extents } from '../capabilities.js';
import { statusErrorOf } from '../errno.js';
import type { LocalHandle } from './handle.js';
import { errnoError, FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE, isErrno, type Libc } from './native/libc.js';

/** What extents and copies need from the directory. */
export interface DataHost {
  /** Throws if the handle cannot be used for that. */
  demandData(handle: LocalHandle, allowed: boolean): void;
  size(handle: LocalHandle): number;
  read(handle: LocalHandle, into: Uint8Array, offset: number): number | Promise<number>;
  write(handle: LocalHandle, from: Uint8Array, offset: number): void | Promise<void>;
}

const CHUNK = 1024 * 1024;

/** Holes and space allocation of files, using Linux system calls. */
export class LocalExtents implements Extents<LocalHandle> {
  readonly #libc: Libc;
  readonly #host: DataHost;

  constructor(libc: Libc, host: DataHost) {
    this.#libc = libc;
    this.#host = host;
  }

  allocated(handle: LocalHandle, range: Extent, limit: number): Extent[] {
    this.#host.demandData(handle, handle.readable || handle.writable);
    const end = Math.min(range.offset + range.length, this.#host.size(handle));
    const file = dataOf(handle);
    if (file === undefined) return end > range.offset ? [{ offset: range.offset, length: end - range.offset }] : [];
    const found: Extent[] = [];
    for (let at = range.offset; at < end && found.length < limit; ) {
      const start = this.#seek(file.fd, at, 'data');
      if (start >= end) break;
      const stop = Math.min(this.#seek(file.fd, start, 'hole'), end);
      found.push({ offset: start, length: stop - start });
      at = stop;
    }
    return found;
  }

  async zero(handle: LocalHandle, range: Extent): Promise<void> {
    this.#host.demandData(handle, handle.writable);
    const length = Math.min(range.length, this.#host.size(handle) - range.offset);
    if (length <= 0) return;
    const file = dataOf(handle);
    if (file !== undefined) {
      const mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
      const result = await file.useAlone((fd) => this.#libc.fallocate(fd, mode, range.offset, length));
      if (result >= 0) return;
      if (!isErrno(result, 'EOPNOTSUPP', 'ENOSYS')) throw statusErrorOf(errnoError(result, 'fallocate'));
    }
    const zeros = new Uint8Array(Math.min(length, CHUNK));
    for (let done = 0; done < length; done += zeros.length) {
      await this.#host.write(handle, zeros.subarray(0, length - done), range.offset + done);
    }
  }

  async preallocate(handle: LocalHandle, size: number): Promise<void> {
    this.#host.demandData(handle, handle.writable);
    const file = dataOf(handle);
    // A stream stored in an attribute has no space to allocate.
    if (file === undefined || size <= 0) return;
    const result = await file.useAlone((fd) => this.#libc.fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, size));
    if (result < 0) throw statusErrorOf(errnoError(result, 'fallocate'));
  }

  /** Offset of the next data or hole; infinity if there is none. */
  #seek(fd: number, at: number, what: 'data' | 'hole'): number {
    const place = this.#libc.seek(fd, at, what);
    if (place >= 0) return place;
    if (isErrno(place, 'ENXIO')) return Number.POSITIVE_INFINITY;
    throw statusErrorOf(errnoError(place, 'lseek'));
  }
}

/** The handle of the file that holds the data: the handle itself, or the file of a large stream. */
export function dataOf(handle: LocalHandle): LocalHandle | undefined {
  return handle.stream === undefined ? handle : handle.stream.file;
}

export function demandRange(...values: readonly number[]): void {
  if (values.some((value) => !Number.isSafeInteger(value) || value < 0)) {
    throw new StatusError(NtStatus.InvalidParameter);
  }
}
