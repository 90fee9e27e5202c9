import { FileAttributes } from '#wire/fscc/attributes.js';
import { errnoCode } from '../errors.js';
import type { NodeStat } from '../node-stat.js';
import type { Share } from '../share.js';
import { FsError, type Syscall } from './errors.js';

/** Renames like POSIX: an empty directory or a read-only file may be replaced, which SMB refuses. */
export async function replace(share: Share, from: string, to: string, about: Syscall): Promise<void> {
  try {
    await share.rename(from, to);
  } catch (error) {
    const code = errnoCode(error);
    if (code === 'EINVAL' && to.startsWith(`${from}/`) && (await share.lstat(from)).isFile()) {
      throw new FsError('ENOTDIR', about, error);
    }
    if (code !== 'EACCES' && code !== 'EEXIST' && code !== 'EISDIR') throw error;
    const nodes = await Promise.all([share.lstat(from), share.lstat(to)]).catch(() => undefined);
    if (nodes === undefined) throw error;
    const [source, target] = nodes;
    if (source.isDirectory() && target.isDirectory()) {
      await share.rmdir(to);
      return share.rename(from, to);
    }
    if (code === 'EACCES' && target.readonly && source.isFile() && target.isFile())
      return overReadOnly(share, from, to, target);
    throw unlike(source, target, about, error);
  }
}

/** The error if source and target are of different types. */
function unlike(source: NodeStat, target: NodeStat, about: Syscall, error: unknown): unknown {
  if (source.isFile() && target.isDirectory()) return new FsError('EISDIR', about, error);
  return source.isDirectory() && target.isFile() ? new FsError('ENOTDIR', about, error) : error;
}

/** POSIX can replace a read-only file, so its attribute is cleared first. */
async function overReadOnly(share: Share, from: string, to: string, { attributes }: NodeStat): Promise<void> {
  await share.setAttributes(to, attributes & ~FileAttributes.Readonly || FileAttributes.Normal);
  try {
    await share.rename(from, to);
  } catch (error) {
    await share.setAttributes(to, attributes).catch(() => undefined);
    throw error;
  }
}
