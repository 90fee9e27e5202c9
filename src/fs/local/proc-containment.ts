import { type BigIntStats, closeSync, constants, fstatSync, openSync, readlinkSync } from 'node:fs';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { OpenAccess } from '../backend.js';
import { errnoOf, statusErrorOf } from '../errno.js';
import { type Containment, type Found, isPrivate, type Parent, parentOf, relativeTo, under } from './containment.js';
import { type ByteString, nativePath } from './name-map.js';
import { isErrno, type Libc, O_PATH, RESOLVE_NO_SYMLINKS } from './native/libc.js';

const { O_NOFOLLOW, O_NONBLOCK, O_NOCTTY, O_DIRECTORY } = constants;

/**
 * Linux: opens first and checks afterwards. Opening with O_PATH has no effect on the node, and everything else goes
 * through that handle rather than the path, so nothing can be swapped between check and use. `openat2` refuses paths
 * with a symlink in them; without `..`, all others are inside the root. If it is not available, or there is a symlink,
 * the kernel tells where the handle is (/proc/self/fd/N).
 */
export class ProcContainment implements Containment {
  readonly root: ByteString;
  /** Undefined once openat2 has turned out to be unavailable. */
  #libc: Libc | undefined;

  readonly hidden: ReadonlySet<ByteString>;

  constructor(root: ByteString, hidden: ReadonlySet<ByteString>, libc?: Libc) {
    this.root = root;
    this.hidden = hidden;
    this.#libc = libc;
  }

  open(path: ByteString, access: OpenAccess): Found {
    if (isPrivate(this, path)) {
      throw new StatusError(path.includes('/') ? NtStatus.ObjectPathNotFound : NtStatus.ObjectNameNotFound);
    }
    const at = nativePath(under(this.root, path));
    let fd = this.#openNode(path);
    try {
      let stats = fstatSync(fd, { bigint: true });
      let link: BigIntStats | undefined;
      if (stats.isSymbolicLink() && access.link !== true) {
        link = stats;
        const target = this.#follow(at);
        closeSync(fd);
        fd = target;
        stats = fstatSync(fd, { bigint: true });
      }
      const data = dataFlags(stats, access);
      if (data === undefined) return { fd, stats, link };
      const opened = openSync(`/proc/self/fd/${fd}`, data);
      closeSync(fd);
      fd = opened;
      return { fd, stats, link };
    } catch (error) {
      closeSync(fd);
      throw statusErrorOf(error);
    }
  }

  parent(path: ByteString): Parent {
    const directory = parentOf(path);
    if (isPrivate(this, directory)) throw new StatusError(NtStatus.ObjectPathNotFound);
    let fd = this.#openPlain(directory, O_PATH | O_DIRECTORY);
    if (fd >= 0) return { at: `/proc/self/fd/${fd}`, release: () => closeSync(fd) };
    try {
      fd = openSync(nativePath(under(this.root, directory)), O_PATH | O_DIRECTORY);
    } catch (error) {
      const code = errnoOf(error);
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') {
        throw new StatusError(NtStatus.ObjectPathNotFound);
      }
      throw statusErrorOf(error);
    }
    if (this.whereIs(fd) === undefined) {
      closeSync(fd);
      throw new StatusError(NtStatus.ObjectPathNotFound);
    }
    return { at: `/proc/self/fd/${fd}`, release: () => closeSync(fd) };
  }

  via(fd: number): ByteString {
    return `/proc/self/fd/${fd}`;
  }

  whereIs(fd: number): ByteString | undefined {
    return relativeTo(this, readlinkSync(`/proc/self/fd/${fd}`, 'latin1'));
  }

  again(fd: number): number {
    return openSync(`/proc/self/fd/${fd}`, O_PATH);
  }

  /** Opens the name itself, without following a final symlink. */
  #openNode(path: ByteString): number {
    const plain = this.#openPlain(path, O_PATH | O_NOFOLLOW);
    if (plain >= 0) return plain;
    if (isErrno(plain, 'ENOENT')) {
      this.parent(path).release();
      throw new StatusError(NtStatus.ObjectNameNotFound, { path });
    }
    let fd: number;
    try {
      fd = openSync(nativePath(under(this.root, path)), O_PATH | O_NOFOLLOW);
    } catch (error) {
      // Throws ObjectPathNotFound for a bad parent, so the answer does not reveal what exists outside.
      this.parent(path).release();
      throw statusErrorOf(error);
    }
    if (this.whereIs(fd) !== undefined) return fd;
    closeSync(fd);
    throw new StatusError(NtStatus.ObjectPathNotFound);
  }

  /** Opens a path without symlinks; negative if the other method has to be used. */
  #openPlain(path: ByteString, flags: number): number {
    if (this.#libc === undefined) return NOT_TRIED;
    const fd = this.#libc.openat2(under(this.root, path), flags, RESOLVE_NO_SYMLINKS);
    // Sandboxes refuse calls that they do not know.
    if (isErrno(fd, 'ENOSYS', 'EPERM', 'E2BIG', 'EINVAL')) this.#libc = undefined;
    return fd;
  }

  /** Follows a symlink; a dangling one and one that leads outside fail in the same way. */
  #follow(at: string | Buffer): number {
    let fd: number;
    try {
      fd = openSync(at, O_PATH);
    } catch (error) {
      const status = statusErrorOf(error);
      throw status instanceof StatusError ? new StatusError(NtStatus.AccessDenied, { hint: 'symlink' }) : error;
    }
    if (this.whereIs(fd) !== undefined && !fstatSync(fd).isSymbolicLink()) return fd;
    closeSync(fd);
    throw new StatusError(NtStatus.AccessDenied, { hint: 'symlink' });
  }
}

/** Not an errno of `openat2`. */
const NOT_TRIED = -4095;

/** Flags to open a node for data; undefined if no data access is needed. */
export function dataFlags(stats: BigIntStats, access: OpenAccess): number | undefined {
  if (stats.isDirectory() || !(access.read || access.write)) return undefined;
  if (!stats.isFile()) throw new StatusError(NtStatus.AccessDenied, { hint: 'not a regular file' });
  const mode = access.write ? (access.read ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
  return mode | (O_NONBLOCK ?? 0) | (O_NOCTTY ?? 0);
}
