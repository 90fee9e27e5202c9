import { FileAttributes } from '#wire/fscc/attributes.js';
import { errnoCode } from '../errors.js';
import type { File } from '../file.js';
import type { OpenOptions } from '../open-options.js';
import type { Share } from '../share.js';
import { integer, invalidType, invalidValue, MAX_32 } from './arguments.js';
import type { Opening } from './flags.js';

/** Rights of a file as Node takes them: bits, or octal digits. */
export type Mode = number | string;

/** Mode bits of those who may write. */
const WRITABLE = 0o222;

/** Fails where it is no mode. */
export function checkMode(mode: Mode): number {
  if (typeof mode === 'number') return integer('mode', mode, 0, MAX_32);
  if (typeof mode === 'string' && /^[0-7]+$/.test(mode)) return Number.parseInt(mode, 8);
  if (typeof mode !== 'string') throw invalidType('mode', 'of type number', mode);
  throw invalidValue('mode', mode, 'must be a 32-bit unsigned integer or an octal string');
}

/** Whether somebody may write: all that SMB knows of a mode, unless rights are set one by one. */
export function isWritable(mode: Mode): boolean {
  return (checkMode(mode) & WRITABLE) !== 0;
}

/** The attributes of a file once it has that mode; undefined where nothing changes. Directories have none to show for it. */
export function withMode(attributes: number, mode: Mode): number | undefined {
  if ((attributes & FileAttributes.Directory) !== 0) return undefined;
  const rest = attributes & ~(FileAttributes.Readonly | FileAttributes.Normal);
  const next = isWritable(mode) ? rest || FileAttributes.Normal : rest | FileAttributes.Readonly;
  return next === attributes ? undefined : next;
}

/**
 * Opens a file. `mode` counts for one that is made, and for no other: SMB would give its attributes to one that is
 * emptied, too. The handle may write all the same.
 */
export async function openWith(share: Share, path: string, { options, empties }: Opening, mode: Mode): Promise<File> {
  const file = await opened(share, path, options, mode);
  if (!empties) return file;
  try {
    await file.truncate(0);
    return file;
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}

async function opened(share: Share, path: string, options: OpenOptions, mode: Mode): Promise<File> {
  const { create = 'never' } = options;
  if (create === 'never' || isWritable(mode)) return share.open(path, options);
  try {
    return await share.open(path, { ...options, create: 'exclusive', attributes: FileAttributes.Readonly });
  } catch (error) {
    if (create === 'exclusive' || errnoCode(error) !== 'EEXIST') throw error;
    return share.open(path, options);
  }
}
