import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { isErrno, libc } from './native/libc.js';

const NAME = 'lock';
const NO_LINKS = constants.O_NOFOLLOW ?? 0;
const READ_WRITE = constants.O_RDWR | constants.O_CREAT | NO_LINKS;
/** Bits of `open` that Node has no names for: it locks what it opens, and fails where somebody else has. */
const LOCKING: Readonly<Partial<Record<NodeJS.Platform, number>>> = {
  // O_EXLOCK, a `flock`.
  darwin: 0x20 | constants.O_NONBLOCK,
  freebsd: 0x20 | constants.O_NONBLOCK,
  openbsd: 0x20 | constants.O_NONBLOCK,
  // UV_FS_O_EXLOCK: shared with nobody.
  win32: 0x1000_0000,
};

/**
 * Locks a directory, and returns how to let go of it, which has to be kept; SharingViolation if somebody has locked it, in
 * this process or any other that sees the directory, be it from another container. The lock is the system's: it goes with
 * the process, however that ends. NotSupported where the system, or the file system, has none.
 */
export async function lockDirectory(path: string): Promise<() => Promise<void>> {
  const flag = LOCKING[process.platform];
  const file = await (flag === undefined ? lockedByCall(path) : lockedByOpening(flag, path));
  return () => file.close();
}

async function lockedByOpening(flag: number, path: string): Promise<FileHandle> {
  try {
    return await open(join(path, NAME), READ_WRITE | flag, 0o600);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN' || code === 'EBUSY') throw inUse(path);
    if (code === 'EOPNOTSUPP' || code === 'ENOTSUP' || code === 'ENOLCK') throw withoutLocks(path, code);
    throw error;
  }
}

async function lockedByCall(path: string): Promise<FileHandle> {
  const file = await open(join(path, NAME), READ_WRITE, 0o600);
  const result = libc()?.lockRange(file.fd, 'set', 'write', 0n, 0n);
  if (result === 0) return file;
  await file.close();
  if (result === undefined) throw withoutLocks(path, 'the optional package koffi is missing, or not for this system');
  throw isErrno(result, 'EAGAIN', 'EACCES') ? inUse(path) : withoutLocks(path, getSystemErrorName(result));
}

const inUse = (path: string): StatusError =>
  new StatusError(NtStatus.SharingViolation, { hint: `another server uses the state directory ${path}` });

const withoutLocks = (path: string, reason: string): StatusError =>
  new StatusError(NtStatus.NotSupported, { hint: `the state directory ${path} cannot be locked: ${reason}` });
