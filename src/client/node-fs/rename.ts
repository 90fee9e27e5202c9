import { errnoCode } from '../errors.js';
import type { Share } from '../share.js';
import { FsError, type Syscall } from './errors.js';

/** Renames as POSIX does: an empty directory in the way is replaced, which SMB refuses to do in one step. */
export async function replace(share: Share, from: string, to: string, about: Syscall): Promise<void> {
  try {
    await share.rename(from, to);
  } catch (error) {
    const code = errnoCode(error);
    if (code !== 'EACCES' && code !== 'EEXIST' && code !== 'EISDIR') throw error;
    const [source, target] = await Promise.all([share.lstat(from), share.lstat(to)]).catch(() => [
      undefined,
      undefined,
    ]);
    if (source?.isDirectory() && target?.isDirectory()) {
      await share.rmdir(to);
      return share.rename(from, to);
    }
    if (source?.isFile() && target?.isDirectory()) throw new FsError('EISDIR', about, error);
    if (source?.isDirectory() && target?.isFile()) throw new FsError('ENOTDIR', about, error);
    throw error;
  }
}
