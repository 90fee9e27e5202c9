import { randomBytes } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { statusErrorOf } from '../errno.js';
import { type Containment, type Found, isPrivate, lastOf, type Parent } from './containment.js';
import type { LocalHandle } from './handle.js';
import { type ByteString, nativePath } from './name-map.js';
import { errnoError, isErrno, type Libc } from './native/libc.js';

const { O_RDWR, O_CREAT, O_EXCL, O_NOCTTY } = constants;
const NO_DATA = { read: false, write: false };

/** The current name of an open node, with its directory held open. */
interface Located {
  readonly parent: Parent;
  readonly path: ByteString;
  readonly place: ByteString;
  /** The same path for `node:fs`. */
  readonly at: string | Buffer;
  readonly stats: BigIntStats;
}

/** Called before the last name of a node is removed; the function it returns is called afterwards. */
export type Leaving = (at: ByteString, stats: BigIntStats) => () => void;

/** Creates, moves and removes names, and tracks those of open nodes. */
export class Places {
  readonly #containment: Containment;
  readonly #libc: Libc | undefined;
  readonly #leaving: Leaving;
  readonly open: Set<LocalHandle> = new Set();

  constructor(containment: Containment, libc: Libc | undefined, leaving: Leaving) {
    this.#leaving = leaving;
    this.#containment = containment;
    this.#libc = libc;
  }

  add(handle: LocalHandle): void {
    this.open.add(handle);
  }

  delete(handle: LocalHandle): void {
    this.open.delete(handle);
  }

  make(path: ByteString, kind: 'file' | 'directory', mode: number): Found {
    if (isPrivate(this.#containment, path)) throw new StatusError(NtStatus.AccessDenied);
    const parent = this.#containment.parent(path);
    let fd = -1;
    try {
      const at = nativePath(`${parent.at}/${lastOf(path)}`);
      if (kind === 'file') {
        fd = openSync(at, O_RDWR | O_CREAT | O_EXCL | (O_NOCTTY ?? 0), mode);
        return { fd, stats: fstatSync(fd, { bigint: true }), link: undefined };
      }
      mkdirSync(at, mode);
      return this.#containment.open(path, NO_DATA);
    } catch (error) {
      if (fd >= 0) closeSync(fd);
      throw statusErrorOf(error);
    } finally {
      parent.release();
    }
  }

  rename(handle: LocalHandle, to: ByteString, replace: boolean): void {
    if (isPrivate(this.#containment, to)) throw new StatusError(NtStatus.AccessDenied);
    const from = this.#locate(handle);
    try {
      if (from.path === to) return;
      if (to.startsWith(`${from.path}/`)) throw new StatusError(NtStatus.InvalidParameter);
      const parent = this.#containment.parent(to);
      try {
        this.#move(from, `${parent.at}/${lastOf(to)}`, replace);
      } finally {
        parent.release();
      }
      this.#moved(from.path, to);
    } catch (error) {
      throw statusErrorOf(error);
    } finally {
      from.parent.release();
    }
  }

  remove(handle: LocalHandle): void {
    const { parent, place, at, stats } = this.#locate(handle);
    try {
      const gone = this.#goes(place, stats);
      if (stats.isDirectory()) rmdirSync(at);
      else unlinkSync(at);
      gone();
    } catch (error) {
      throw statusErrorOf(error);
    } finally {
      parent.release();
    }
  }

  /** Adds a hard link to an open node. */
  link(handle: LocalHandle, to: ByteString, replace: boolean): void {
    if (isPrivate(this.#containment, to)) throw new StatusError(NtStatus.AccessDenied);
    const parent = this.#containment.parent(to);
    try {
      const place = `${parent.at}/${lastOf(to)}`;
      const there = lstatSync(nativePath(place), { bigint: true, throwIfNoEntry: false });
      if (there !== undefined && (!replace || there.isDirectory())) {
        throw new StatusError(NtStatus.ObjectNameCollision);
      }
      if (there === undefined) return this.#link(handle, place);
      if (there.ino === handle.ino && there.dev === handle.dev) return;
      // Under a temporary name first, so that the old file exists until the new one replaces it.
      const aside = `${parent.at}/.${randomBytes(12).toString('hex')}`;
      this.#link(handle, aside);
      try {
        this.#replace(aside, place, there);
      } catch (error) {
        unlinkSync(nativePath(aside));
        throw error;
      }
    } catch (error) {
      throw statusErrorOf(error);
    } finally {
      parent.release();
    }
  }

  #link(handle: LocalHandle, to: ByteString): void {
    if (this.#libc !== undefined && handle.fd >= 0) {
      const result = this.#libc.linkOpen(handle.fd, to);
      if (result < 0) throw errnoError(result, 'linkat');
      return;
    }
    const from = this.#locate(handle);
    try {
      linkSync(from.at, nativePath(to));
    } finally {
      from.parent.release();
    }
  }

  #goes(at: ByteString, stats: BigIntStats): () => void {
    return stats.isDirectory() || stats.nlink === 1n ? this.#leaving(at, stats) : () => {};
  }

  #replace(from: ByteString, to: ByteString, there: BigIntStats): void {
    const gone = this.#goes(to, there);
    renameSync(nativePath(from), nativePath(to));
    gone();
  }

  #move(from: Located, place: ByteString, replace: boolean): void {
    const libc = this.#libc;
    const to = nativePath(place);
    const there = lstatSync(to, { bigint: true, throwIfNoEntry: false });
    const isDirectory = from.stats.isDirectory();
    if (there === undefined) {
      const result = libc?.renameNoReplace(from.place, place) ?? -1;
      if (result >= 0) return;
      // EINVAL: the file system does not support the flag. ENOSYS: there is no such call.
      if (libc === undefined || isErrno(result, 'EINVAL', 'ENOSYS')) return moveToFree(from.at, to, isDirectory);
      throw errnoError(result, 'renameat2');
    }
    if (there.ino === from.stats.ino && there.dev === from.stats.dev) return moveOntoItself(from, to, there, replace);
    if (!replace || there.isDirectory()) throw new StatusError(NtStatus.ObjectNameCollision);
    if (!isDirectory) return this.#replace(from.place, place, there);
    // The system only replaces a file by a file and a directory by a directory.
    const gone = this.#goes(place, there);
    unlinkSync(to);
    gone();
    renameSync(from.at, to);
  }

  /** Stats of the name of the handle, which may be a symlink. */
  statsOf(handle: LocalHandle): BigIntStats {
    const { parent, stats } = this.#locate(handle);
    parent.release();
    return stats;
  }

  /** Finds the node by the name that we know or, if others have moved it, where the system says it is. */
  #locate(handle: LocalHandle): Located {
    if (handle.path === '') throw new StatusError(NtStatus.AccessDenied, { hint: 'the root' });
    const known = this.#locateAt(handle, handle.path);
    if (known !== undefined) return known;
    const now = handle.fd >= 0 && !handle.throughLink ? this.#containment.whereIs(handle.fd) : undefined;
    const moved = now === undefined || now === '' ? undefined : this.#locateAt(handle, now);
    if (moved === undefined) throw new StatusError(NtStatus.ObjectNameNotFound);
    return moved;
  }

  #locateAt(handle: LocalHandle, path: ByteString): Located | undefined {
    let parent: Parent;
    try {
      parent = this.#containment.parent(path);
    } catch (error) {
      if (error instanceof StatusError && error.status === NtStatus.ObjectPathNotFound) return undefined;
      throw error;
    }
    const place = `${parent.at}/${lastOf(path)}`;
    const at = nativePath(place);
    try {
      const stats = lstatSync(at, { bigint: true, throwIfNoEntry: false });
      if (stats?.ino === handle.nameIno && stats.dev === handle.nameDev) return { parent, path, place, at, stats };
    } catch (error) {
      parent.release();
      throw statusErrorOf(error);
    }
    parent.release();
    return undefined;
  }

  #moved(from: ByteString, to: ByteString): void {
    const below = `${from}/`;
    for (const handle of this.open) {
      if (handle.path === from) handle.path = to;
      else if (handle.path.startsWith(below)) handle.path = to + handle.path.slice(from.length);
    }
  }
}

/**
 * Moves to a free name without RENAME_NOREPLACE: claims the name first, which fails if somebody else takes it. The
 * rename then replaces the empty directory or file that claims it.
 */
function moveToFree(from: string | Buffer, to: string | Buffer, isDirectory: boolean): void {
  // On Windows, a directory never replaces anything, so no claim is needed.
  if (isDirectory && process.platform === 'win32') return renameSync(from, to);
  if (isDirectory) mkdirSync(to, 0o700);
  else closeSync(openSync(to, O_RDWR | O_CREAT | O_EXCL, 0o600));
  try {
    renameSync(from, to);
  } catch (error) {
    if (isDirectory) rmdirSync(to);
    else unlinkSync(to);
    throw error;
  }
}

/** Both are names of one file, or one name in different case on a case-insensitive medium. */
function moveOntoItself(from: Located, to: string | Buffer, there: BigIntStats, replace: boolean): void {
  const sameName = there.isDirectory() || there.nlink === 1n;
  if (!sameName && !replace) throw new StatusError(NtStatus.ObjectNameCollision);
  // `rename` does nothing if both are hard links to one file.
  if (sameName) renameSync(from.at, to);
  else unlinkSync(from.at);
}
