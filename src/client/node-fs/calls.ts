import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { isNotFound } from '../errors.js';
import type { NodeStat } from '../node-stat.js';
import type { Share } from '../share.js';
import { FsError, fsError, type Syscall } from './errors.js';
import { endsInSlash, inShare } from './paths.js';

/** What exists at a path; undefined if nothing does. */
export async function whatIs(share: Share, path: string): Promise<NodeStat | undefined> {
  try {
    return await share.lstat(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Whether a path is impossible because one of its parents is a file; SMB reports the same status for that as for a
 * missing parent. Stats the parents upwards, usually just one.
 */
export async function isBelowFile(share: Share, path: string): Promise<boolean> {
  const names = path.split('/');
  for (let depth = names.length - 1; depth > 0; depth--) {
    try {
      return !(await share.stat(names.slice(0, depth).join('/'))).isDirectory();
    } catch (error) {
      if (!isPathMissing(error)) return false;
    }
  }
  return false;
}

/** True if a parent is missing; if only the last name is, the parent is a directory. */
function isPathMissing(error: unknown): error is StatusError {
  return error instanceof StatusError && error.status === NtStatus.ObjectPathNotFound;
}

/** Converts an error to Node's, telling ENOTDIR from ENOENT. */
async function told(share: Share, error: unknown, about: Syscall): Promise<unknown> {
  if (isPathMissing(error)) {
    const places = about.syscall === 'symlink' ? [about.dest] : [about.path, about.dest];
    for (const place of places) {
      if (place !== undefined && (await isBelowFile(share, inShare(place)))) {
        return new FsError('ENOTDIR', about, error);
      }
    }
  }
  return fsError(error, about);
}

/** Runs an operation on paths of a share; errors are converted to Node's. */
export async function call<T>(share: Share, about: Syscall, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw await told(share, error, about).catch(() => fsError(error, about));
  }
}

/**
 * POSIX requires a path with a trailing slash to be a directory. SMB paths have no trailing slash, so this has to be
 * checked.
 */
export async function wantDirectory(share: Share, about: Syscall, path: string): Promise<void> {
  if (!endsInSlash(path)) return;
  const there = await call(share, about, () => whatIs(share, inShare(path)));
  if (there && !there.isDirectory()) throw new FsError('ENOTDIR', about);
}

/** Only a directory can be created at a path with a trailing slash. */
export async function wantNoSlash(share: Share, about: Syscall, path: string, code: string): Promise<void> {
  if (!endsInSlash(path)) return;
  const there = code === 'EISDIR' ? undefined : await call(share, about, () => whatIs(share, inShare(path)));
  if (!there) throw new FsError(code, about);
}

/** Fails if the path is a symbolic link, as O_NOFOLLOW requires. */
export async function wantNoLink(share: Share, about: Syscall & { readonly path: string }): Promise<void> {
  const there = await call(share, about, () => whatIs(share, inShare(about.path)));
  if (there?.isSymbolicLink()) throw new FsError('ELOOP', about);
}

/** Whether two names refer to the same file. */
export async function isOne(share: Share, path: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([share.stat(path), share.stat(other)]);
  return one.isFile() && one.id !== 0n && one.id === two.id;
}
