import { FileAttributes } from '#wire/fscc/attributes.js';
import { errnoCode } from '../errors.js';
import type { File } from '../file.js';
import type { OpenOptions } from '../open-options.js';
import type { Share } from '../share.js';
import { integer, invalidType, invalidValue, MAX_32 } from './arguments.js';
import type { Opening } from './flags.js';

/** A file mode as Node accepts it: a number, or octal digits. */
export type Mode = number | string;

/** The write permission bits. */
const WRITABLE = 0o222;

/** Checks and parses a mode. */
export function checkMode(mode: Mode): number {
  if (typeof mode === 'number') return integer('mode', mode, 0, MAX_32);
  if (typeof mode === 'string' && /^[0-7]+$/.test(mode)) return Number.parseInt(mode, 8);
  if (typeof mode !== 'string') throw invalidType('mode', 'of type number', mode);
  throw invalidValue('mode', mode, 'must be a 32-bit unsigned integer or an octal string');
}

/** Whether a mode grants anybody write permission, which is all that the read-only attribute can express. */
export function isWritable(mode: Mode): boolean {
  return (checkMode(mode) & WRITABLE) !== 0;
}

/**
 * The attributes of a file after changing its mode; undefined if they stay as they are, which those of directories
 * always do.
 */
export function withMode(attributes: number, mode: Mode): number | undefined {
  if ((attributes & FileAttributes.Directory) !== 0) return undefined;
  const rest = attributes & ~(FileAttributes.Readonly | FileAttributes.Normal);
  const next = isWritable(mode) ? rest || FileAttributes.Normal : rest | FileAttributes.Readonly;
  return next === attributes ? undefined : next;
}

/**
 * Opens a file. `mode` applies only if the file is created: when SMB truncates an existing file in CREATE, it would
 * also set the attributes. The handle itself may write in any case.
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
