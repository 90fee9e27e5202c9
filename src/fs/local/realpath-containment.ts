import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync, realpathSync } from 'node:fs';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { OpenAccess } from '../backend.js';
import { errnoOf, statusErrorOf } from '../errno.js';
import { type Containment, type Found, lastOf, type Parent, parentOf, relativeTo, under } from './containment.js';
import { type ByteString, nativePath } from './name-map.js';
import { dataFlags } from './proc-containment.js';

const NOFOLLOW = constants.O_NOFOLLOW ?? 0;

/** The path with symlinks resolved and `/` between components. */
export function realPath(path: ByteString): ByteString {
  const real = realpathSync.native(nativePath(path), { encoding: 'buffer' }).toString('latin1');
  return process.platform === 'win32' ? real.replaceAll('\\', '/') : real;
}

/**
 * For systems without /proc: resolves, checks, opens without following, then resolves and checks again. Opening is
 * safe; but somebody who changes the share's directories by other means at the right moment can win the race when
 * nodes are created, renamed or removed.
 */
export class RealpathContainment implements Containment {
  readonly root: ByteString;

  readonly hidden: ReadonlySet<ByteString>;

  constructor(root: ByteString, hidden: ReadonlySet<ByteString>) {
    this.root = root;
    this.hidden = hidden;
  }

  open(path: ByteString, access: OpenAccess): Found {
    const parent = this.parent(path);
    let fd = -1;
    try {
      const at = path === '' ? this.root : `${parent.at}/${lastOf(path)}`;
      if (relativeTo(this, at) === undefined) throw new StatusError(NtStatus.ObjectNameNotFound);
      const named = lstatSync(nativePath(at), { bigint: true });
      if (named.isSymbolicLink() && access.link === true) return { fd, stats: named, link: undefined };
      const link = named.isSymbolicLink() ? named : undefined;
      const real = link === undefined ? at : this.#follow(at);
      const seen = link === undefined ? named : lstatSync(nativePath(real), { bigint: true });
      if (seen.isSymbolicLink()) throw new StatusError(NtStatus.AccessDenied, { hint: 'symlink' });
      fd = openFile(real, seen, access);
      const stats = fd < 0 ? seen : fstatSync(fd, { bigint: true });
      const same = stats.ino === seen.ino && stats.dev === seen.dev && relativeTo(this, realPath(real)) !== undefined;
      if (!same) throw new StatusError(NtStatus.AccessDenied, { hint: 'changed while it was opened' });
      return { fd, stats, link };
    } catch (error) {
      if (fd >= 0) closeSync(fd);
      throw statusErrorOf(error);
    }
  }

  parent(path: ByteString): Parent {
    try {
      const at = realPath(under(this.root, parentOf(path)));
      if (relativeTo(this, at) !== undefined && lstatSync(nativePath(at)).isDirectory()) {
        return { at: at === '/' ? '' : at, release: () => {} };
      }
    } catch (error) {
      const code = errnoOf(error);
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ELOOP') throw statusErrorOf(error);
    }
    throw new StatusError(NtStatus.ObjectPathNotFound);
  }

  again(_fd: number, path: ByteString): number {
    const { fd } = this.open(path, { read: false, write: false });
    return fd;
  }

  via(_fd: number, path: ByteString): ByteString {
    const at = under(this.root, path);
    return path === '' ? at : this.#follow(at);
  }

  whereIs(): ByteString | undefined {
    return undefined;
  }

  #follow(at: ByteString): ByteString {
    try {
      const real = realPath(at);
      if (relativeTo(this, real) !== undefined) return real;
    } catch (error) {
      if (errnoOf(error) === '') throw error;
    }
    throw new StatusError(NtStatus.AccessDenied, { hint: 'symlink' });
  }
}

/** Opens files even if only metadata is wanted, so that the handle survives removal; -1 if that is denied. */
function openFile(real: ByteString, seen: BigIntStats, access: OpenAccess): number {
  const data = dataFlags(seen, access);
  if (data !== undefined) return openSync(nativePath(real), data | NOFOLLOW);
  if (!seen.isFile()) return -1;
  try {
    return openSync(nativePath(real), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | NOFOLLOW);
  } catch (error) {
    if (errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM') return -1;
    throw error;
  }
}
