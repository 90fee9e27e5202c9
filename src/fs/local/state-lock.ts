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
/** Flags of `open`, not named by Node, that lock the file, or fail if somebody else has locked it. */
const LOCKING: Readonly<Partial<Record<NodeJS.Platform, number>>> = {
  // O_EXLOCK, a `flock`.
  darwin: 0x20 | constants.O_NONBLOCK,
  freebsd: 0x20 | constants.O_NONBLOCK,
  openbsd: 0x20 | constants.O_NONBLOCK,
  // UV_FS_O_EXLOCK: opens without sharing.
  win32: 0x1000_0000,
};

/**
 * Locks a directory and returns the function to unlock it, which must be kept referenced. SharingViolation if this or
 * any other process that sees the directory, even from another container, has locked it. The operating system drops the
 * lock when the process ends, however that happens. NotSupported if the system or file system has no such locks.
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
