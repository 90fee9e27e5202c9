import { closeSync, constants, openSync, statfsSync, writeSync } from 'node:fs';
import type { RangeCopies } from '../capabilities.js';
import { errnoOf, statusErrorOf } from '../errno.js';
import { type DataHost, dataOf, demandRange } from './extents.js';
import type { LocalHandle } from './handle.js';
import { type ByteString, nativePath } from './name-map.js';
import { errnoError, isErrno, type Libc } from './native/libc.js';

/** Bytes per call, which take a disk some tens of milliseconds. */
const CHUNK = 8 * 1024 * 1024;
const BUFFER = 1024 * 1024;

/** Copies made by the kernel, or through a buffer where it cannot. */
export class LocalCopies implements RangeCopies<LocalHandle> {
  readonly #libc: Libc | undefined;
  readonly #host: DataHost;
  readonly clone?: NonNullable<RangeCopies<LocalHandle>['clone']>;

  constructor(libc: Libc | undefined, host: DataHost, canClone: boolean) {
    this.#libc = libc;
    this.#host = host;
    if (libc !== undefined && canClone) this.clone = (...args) => this.#clone(libc, ...args);
  }

  async copy(
    from: LocalHandle,
    fromOffset: number,
    to: LocalHandle,
    toOffset: number,
    length: number,
  ): Promise<number> {
    this.#demand(from, to, fromOffset, toOffset, length);
    const wanted = Math.max(0, Math.min(length, this.#host.size(from) - fromOffset));
    const [source, target] = [dataOf(from), dataOf(to)];
    let done = 0;
    if (this.#libc !== undefined && source !== undefined && target !== undefined) {
      done = await this.#inKernel(this.#libc, { source, target, fromOffset, toOffset, wanted });
    }
    return done + (await this.#byBuffer(from, fromOffset + done, to, toOffset + done, wanted - done));
  }

  /** Copies in the kernel as far as it can; returns the number of bytes. */
  async #inKernel(
    libc: Libc,
    {
      source,
      target,
      fromOffset,
      toOffset,
      wanted,
    }: { source: LocalHandle; target: LocalHandle; fromOffset: number; toOffset: number; wanted: number },
  ): Promise<number> {
    let done = 0;
    while (done < wanted) {
      const length = Math.min(CHUNK, wanted - done);
      const count = await source.use((fromFd) =>
        target.useAlone((toFd) => libc.copyFileRange(fromFd, fromOffset + done, toFd, toOffset + done, length)),
      );
      // Between file systems, on those without support, and on files of /proc: fall back to the buffer.
      if (count === 0 || isErrno(count, 'EXDEV', 'EINVAL', 'ENOSYS', 'EOPNOTSUPP', 'EPERM')) break;
      if (count < 0) throw statusErrorOf(errnoError(count, 'copy_file_range'));
      done += count;
    }
    return done;
  }

  async #byBuffer(from: LocalHandle, at: number, to: LocalHandle, toAt: number, length: number): Promise<number> {
    const buffer = new Uint8Array(Math.min(length, BUFFER));
    let done = 0;
    while (done < length) {
      const part = buffer.subarray(0, length - done);
      const count = await this.#host.read(from, part, at + done);
      if (count === 0) break;
      await this.#host.write(to, part.subarray(0, count), toAt + done);
      done += count;
    }
    return done;
  }

  async #clone(
    libc: Libc,
    from: LocalHandle,
    fromOffset: number,
    to: LocalHandle,
    toOffset: number,
    length: number,
  ): Promise<void> {
    this.#demand(from, to, fromOffset, toOffset, length);
    const [source, target] = [dataOf(from), dataOf(to)];
    const result =
      source === undefined || target === undefined
        ? -NOT_SUPPORTED
        : await source.use((fromFd) =>
            target.useAlone((toFd) => libc.cloneRange(fromFd, fromOffset, toFd, toOffset, length)),
          );
    if (result < 0) throw statusErrorOf(errnoError(result, 'FICLONERANGE'));
  }

  #demand(from: LocalHandle, to: LocalHandle, ...numbers: number[]): void {
    demandRange(...numbers);
    this.#host.demandData(from, from.readable);
    this.#host.demandData(to, to.writable);
  }
}

const NOT_SUPPORTED = 95;

/** Magic numbers of file systems that can share blocks: btrfs, XFS, bcachefs, overlayfs, NFS, ZFS, OCFS2. */
const MAY_CLONE = new Set([0x9123683e, 0x58465342, 0xca451a4e, 0x794c7630, 0x6969, 0x2fc12fc1, 0x7461636f]);
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;

/** Whether two files below `root` can share blocks: tried once, with unnamed files. */
export function canClone(libc: Libc, root: ByteString): boolean {
  const fds: number[] = [];
  try {
    if (!MAY_CLONE.has(statfsSync(nativePath(root)).type)) return false;
    for (let i = 0; i < 2; i++) fds.push(openSync(nativePath(root), O_TMPFILE | constants.O_RDWR, 0o600));
    const [from = -1, to = -1] = fds;
    writeSync(from, new Uint8Array(4096));
    return libc.cloneWhole(from, to) >= 0;
  } catch (error) {
    if (errnoOf(error) === '') throw error;
    return false;
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}
