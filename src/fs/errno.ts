import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';

const STATUS: ReadonlyMap<string, number> = new Map([
  ['ENOENT', NtStatus.ObjectNameNotFound],
  ['ENOTDIR', NtStatus.ObjectPathNotFound],
  ['EACCES', NtStatus.AccessDenied],
  ['EPERM', NtStatus.AccessDenied],
  ['EROFS', NtStatus.MediaWriteProtected],
  ['EEXIST', NtStatus.ObjectNameCollision],
  ['ENOTEMPTY', NtStatus.DirectoryNotEmpty],
  ['EISDIR', NtStatus.FileIsADirectory],
  ['ENOSPC', NtStatus.DiskFull],
  ['EDQUOT', NtStatus.DiskFull],
  ['EFBIG', NtStatus.DiskFull],
  ['EMFILE', NtStatus.TooManyOpenedFiles],
  ['ENFILE', NtStatus.TooManyOpenedFiles],
  ['ENOMEM', NtStatus.InsufficientResources],
  ['ENAMETOOLONG', NtStatus.ObjectNameInvalid],
  ['EILSEQ', NtStatus.ObjectNameInvalid],
  ['ELOOP', NtStatus.AccessDenied],
  ['EXDEV', NtStatus.NotSameDevice],
  ['EINVAL', NtStatus.InvalidParameter],
  ['ERR_OUT_OF_RANGE', NtStatus.InvalidParameter],
  ['EBADF', NtStatus.InvalidHandle],
  ['ETXTBSY', NtStatus.SharingViolation],
  ['EBUSY', NtStatus.SharingViolation],
  ['EAGAIN', NtStatus.SharingViolation],
  ['ENXIO', NtStatus.AccessDenied],
  ['ENODEV', NtStatus.AccessDenied],
  ['EIO', NtStatus.IoDeviceError],
  ['ESTALE', NtStatus.FileDeleted],
  ['ENOSYS', NtStatus.NotSupported],
  ['ENOTSUP', NtStatus.NotSupported],
  ['EOPNOTSUPP', NtStatus.NotSupported],
]);

/** The `code` of an error from the operating system, or ''. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/**
 * Maps an operating system error to the status sent to the peer. Other errors are returned unchanged: a bug of ours
 * must not look like a valid answer.
 */
export function statusErrorOf(error: unknown, path?: string): unknown {
  if (error instanceof StatusError) return error;
  const code = errnoOf(error);
  const status = STATUS.get(code);
  if (status === undefined) return error;
  return new StatusError(status, path === undefined ? { hint: code } : { path, hint: code });
}
