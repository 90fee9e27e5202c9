import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
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

const { O_RDWR, O_CREAT, O_EXCL, O_NOCTTY } = constants;
const NO_DATA = { read: false, write: false };

/** A name that stands for an open node now, with the directory that has it held. */
interface Located {
  readonly parent: Parent;
  readonly path: ByteString;
  /** For the system. */
  readonly at: string | Buffer;
  readonly stats: BigIntStats;
}

/** What concerns names: making, moving and taking them away, and knowing which ones the open nodes have. */
export class Places {
  readonly #containment: Containment;
  readonly #open = new Set<LocalHandle>();

  constructor(containment: Containment) {
    this.#containment = containment;
  }

  add(handle: LocalHandle): void {
    this.#open.add(handle);
  }

  delete(handle: LocalHandle): void {
    this.#open.delete(handle);
  }

  make(path: ByteString, kind: 'file' | 'directory', mode: number): Found {
    if (isPrivate(path)) throw new StatusError(NtStatus.AccessDenied);
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
    if (isPrivate(to)) throw new StatusError(NtStatus.AccessDenied);
    const from = this.#locate(handle);
    try {
      if (from.path === to) return;
      if (to.startsWith(`${from.path}/`)) throw new StatusError(NtStatus.InvalidParameter);
      const parent = this.#containment.parent(to);
      try {
        move(from, nativePath(`${parent.at}/${lastOf(to)}`), replace);
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

  /** The facts of the node if that was its last name. */
  remove(handle: LocalHandle): BigIntStats | undefined {
    const { parent, at, stats } = this.#locate(handle);
    try {
      if (stats.isDirectory()) rmdirSync(at);
      else unlinkSync(at);
      return stats.isDirectory() || stats.nlink === 1n ? stats : undefined;
    } catch (error) {
      throw statusErrorOf(error);
    } finally {
      parent.release();
    }
  }

  /** By the name that we know, or, if others have moved the node, where the system says that it is. */
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
    const at = nativePath(`${parent.at}/${lastOf(path)}`);
    try {
      const stats = lstatSync(at, { bigint: true, throwIfNoEntry: false });
      if (stats?.ino === handle.nameIno && stats.dev === handle.nameDev) return { parent, path, at, stats };
    } catch (error) {
      parent.release();
      throw statusErrorOf(error);
    }
    parent.release();
    return undefined;
  }

  #moved(from: ByteString, to: ByteString): void {
    const below = `${from}/`;
    for (const handle of this.#open) {
      if (handle.path === from) handle.path = to;
      else if (handle.path.startsWith(below)) handle.path = to + handle.path.slice(from.length);
    }
  }
}

function move(from: Located, to: string | Buffer, replace: boolean): void {
  const there = lstatSync(to, { bigint: true, throwIfNoEntry: false });
  const isDirectory = from.stats.isDirectory();
  if (there === undefined) return moveToFree(from.at, to, isDirectory);
  if (there.ino === from.stats.ino && there.dev === from.stats.dev) return moveOntoItself(from, to, there, replace);
  if (!replace || there.isDirectory()) throw new StatusError(NtStatus.ObjectNameCollision);
  // The system replaces like by like only.
  if (isDirectory) unlinkSync(to);
  renameSync(from.at, to);
}

/**
 * Node has no renameat2(RENAME_NOREPLACE): the name is claimed first, which fails if somebody else had the same idea.
 * A rename replaces an empty directory by a directory, and a file by a file.
 */
function moveToFree(from: string | Buffer, to: string | Buffer, isDirectory: boolean): void {
  // Windows has directories replace nothing, so there it needs no claim.
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

/** Two names of one file, or one name in another case on a medium that does not tell them apart. */
function moveOntoItself(from: Located, to: string | Buffer, there: BigIntStats, replace: boolean): void {
  const sameName = there.isDirectory() || there.nlink === 1n;
  if (!sameName && !replace) throw new StatusError(NtStatus.ObjectNameCollision);
  // The system does nothing if both are names of one file.
  if (sameName) renameSync(from.at, to);
  else unlinkSync(from.at);
}
