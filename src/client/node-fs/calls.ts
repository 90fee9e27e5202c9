import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { isNotFound } from '../errors.js';
import type { NodeStat } from '../node-stat.js';
import type { Share } from '../share.js';
import { FsError, fsError, type Syscall } from './errors.js';
import { endsInSlash, inShare } from './paths.js';

/** What is there; undefined where nothing is. */
export async function whatIs(share: Share, path: string): Promise<NodeStat | undefined> {
  try {
    return await share.lstat(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Whether a path cannot be since a file is on the way: SMB says of that, too, that there is no such path. Asks for the
 * directory around, usually once.
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

/** Where the name alone is missing, what is around it is a directory. */
function isPathMissing(error: unknown): error is StatusError {
  return error instanceof StatusError && error.status === NtStatus.ObjectPathNotFound;
}

/** The error as Node's, once it is known which of its two this is. */
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

/** Runs what is about paths of a share; its errors are Node's. */
export async function call<T>(share: Share, about: Syscall, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw await told(share, error, about).catch(() => fsError(error, about));
  }
}

/** A slash at the end of a path wants a directory, which SMB, where such slashes are none, has to be asked for. */
export async function wantDirectory(share: Share, about: Syscall, path: string): Promise<void> {
  if (!endsInSlash(path)) return;
  const there = await call(share, about, () => whatIs(share, inShare(path)));
  if (there && !there.isDirectory()) throw new FsError('ENOTDIR', about);
}

/** Nothing but a directory can be made with a slash at the end. */
export async function wantNoSlash(share: Share, about: Syscall, path: string, code: string): Promise<void> {
  if (!endsInSlash(path)) return;
  const there = code === 'EISDIR' ? undefined : await call(share, about, () => whatIs(share, inShare(path)));
  if (!there) throw new FsError(code, about);
}

/** Links themselves are nothing to be opened. */
export async function wantNoLink(share: Share, about: Syscall & { readonly path: string }): Promise<void> {
  const there = await call(share, about, () => whatIs(share, inShare(about.path)));
  if (there?.isSymbolicLink()) throw new FsError('ELOOP', about);
}

/** Whether two names are of one file. */
export async function isOne(share: Share, path: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([share.stat(path), share.stat(other)]);
  return one.isFile() && one.id !== 0n && one.id === two.id;
}
