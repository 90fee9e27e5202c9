import { ConnectionLost, SmbError, StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { hintFor } from './hints.js';
import { isTooLong } from './odd-name.js';

const ERRNO: ReadonlyMap<number, string> = new Map([
  [NtStatus.ObjectNameNotFound, 'ENOENT'],
  [NtStatus.ObjectPathNotFound, 'ENOENT'],
  [NtStatus.NoSuchFile, 'ENOENT'],
  [NtStatus.NotFound, 'ENOENT'],
  [NtStatus.BadNetworkName, 'ENOENT'],
  [NtStatus.DeletePending, 'ENOENT'],
  [NtStatus.ObjectNameCollision, 'EEXIST'],
  [NtStatus.AccessDenied, 'EACCES'],
  [NtStatus.NetworkAccessDenied, 'EACCES'],
  [NtStatus.LogonFailure, 'EACCES'],
  [NtStatus.WrongPassword, 'EACCES'],
  [NtStatus.AccountDisabled, 'EACCES'],
  [NtStatus.AccountLockedOut, 'EACCES'],
  [NtStatus.AccountRestriction, 'EACCES'],
  [NtStatus.PasswordExpired, 'EACCES'],
  [NtStatus.LogonTypeNotGranted, 'EACCES'],
  [NtStatus.NoSuchUser, 'EACCES'],
  [NtStatus.NtlmBlocked, 'EACCES'],
  [NtStatus.SmbGuestLogonBlocked, 'EACCES'],
  [NtStatus.PasswordMustChange, 'EACCES'],
  [NtStatus.InvalidLogonHours, 'EACCES'],
  [NtStatus.InvalidWorkstation, 'EACCES'],
  [NtStatus.TimeDifferenceAtDc, 'EACCES'],
  [NtStatus.PrivilegeNotHeld, 'EPERM'],
  [NtStatus.CannotDelete, 'EPERM'],
  [NtStatus.MediaWriteProtected, 'EROFS'],
  [NtStatus.SharingViolation, 'EBUSY'],
  [NtStatus.FileLockConflict, 'EBUSY'],
  [NtStatus.LockNotGranted, 'EAGAIN'],
  [NtStatus.NotAReparsePoint, 'EINVAL'],
  [NtStatus.PipeBusy, 'EBUSY'],
  [NtStatus.FileIsADirectory, 'EISDIR'],
  [NtStatus.NotADirectory, 'ENOTDIR'],
  [NtStatus.DirectoryNotEmpty, 'ENOTEMPTY'],
  [NtStatus.DiskFull, 'ENOSPC'],
  [NtStatus.TooManyOpenedFiles, 'EMFILE'],
  [NtStatus.InsufficientResources, 'ENOMEM'],
  [NtStatus.InsuffServerResources, 'ENOMEM'],
  [NtStatus.RequestNotAccepted, 'EAGAIN'],
  [NtStatus.QuotaExceeded, 'EDQUOT'],
  [NtStatus.EaTooLarge, 'E2BIG'],
  [NtStatus.RangeNotLocked, 'ENOLCK'],
  [NtStatus.NoSuchDevice, 'ENODEV'],
  [NtStatus.NameTooLong, 'ENAMETOOLONG'],
  [NtStatus.NotSameDevice, 'EXDEV'],
  [NtStatus.StoppedOnSymlink, 'ELOOP'],
  [NtStatus.PathNotCovered, 'EREMOTE'],
  [NtStatus.InvalidHandle, 'EBADF'],
  [NtStatus.FileClosed, 'EBADF'],
  [NtStatus.SmbBadFid, 'EBADF'],
  [NtStatus.ObjectNameInvalid, 'EINVAL'],
  [NtStatus.ObjectPathSyntaxBad, 'EINVAL'],
  [NtStatus.ObjectPathInvalid, 'EINVAL'],
  [NtStatus.InvalidParameter, 'EINVAL'],
  [NtStatus.NotSupported, 'ENOTSUP'],
  [NtStatus.NotImplemented, 'ENOTSUP'],
  [NtStatus.InvalidDeviceRequest, 'ENOTSUP'],
  [NtStatus.InvalidInfoClass, 'ENOTSUP'],
  [NtStatus.InvalidLevel, 'ENOTSUP'],
  [NtStatus.InvalidNetworkResponse, 'EPROTO'],
  [NtStatus.FileForcedClosed, 'ESTALE'],
  [NtStatus.FileDeleted, 'ESTALE'],
  [NtStatus.FileNotAvailable, 'ESTALE'],
  [NtStatus.DfsUnavailable, 'EHOSTUNREACH'],
  [NtStatus.ConnectionReset, 'ECONNRESET'],
  [NtStatus.ConnectionDisconnected, 'ECONNRESET'],
  [NtStatus.NetworkNameDeleted, 'ENOTCONN'],
  [NtStatus.UserSessionDeleted, 'ENOTCONN'],
  [NtStatus.NetworkSessionExpired, 'ENOTCONN'],
  [NtStatus.PipeBroken, 'EPIPE'],
  [NtStatus.PipeDisconnected, 'EPIPE'],
  [NtStatus.AccountExpired, 'EACCES'],
  [NtStatus.PasswordRestriction, 'EACCES'],
  [NtStatus.LoginTimeRestriction, 'EACCES'],
  [NtStatus.LoginWkstaRestriction, 'EACCES'],
  [NtStatus.LogonNotGranted, 'EACCES'],
  [NtStatus.SmartcardLogonRequired, 'EACCES'],
  [NtStatus.AuthenticationFirewallFailed, 'EACCES'],
  [NtStatus.DowngradeDetected, 'EACCES'],
  [NtStatus.VirusInfected, 'EACCES'],
  [NtStatus.FileEncrypted, 'EACCES'],
  [NtStatus.InvalidOwner, 'EPERM'],
  [NtStatus.InvalidPrimaryGroup, 'EPERM'],
  [NtStatus.InvalidAcl, 'EINVAL'],
  [NtStatus.InvalidSid, 'EINVAL'],
  [NtStatus.InvalidSecurityDescr, 'EINVAL'],
  [NtStatus.InvalidEaName, 'EINVAL'],
  [NtStatus.EaListInconsistent, 'EINVAL'],
  [NtStatus.IllegalCharacter, 'EINVAL'],
  [NtStatus.UnmappableCharacter, 'EINVAL'],
  [NtStatus.InvalidLockRange, 'EINVAL'],
  [NtStatus.IoReparseTagInvalid, 'EINVAL'],
  [NtStatus.IoReparseTagMismatch, 'EINVAL'],
  [NtStatus.IoReparseDataInvalid, 'EINVAL'],
  [NtStatus.NoEasOnFile, 'ENODATA'],
  [NtStatus.NonexistentEaEntry, 'ENODATA'],
  [NtStatus.EasNotSupported, 'ENOTSUP'],
  [NtStatus.FsDriverRequired, 'ENOTSUP'],
  [NtStatus.HashNotSupported, 'ENOTSUP'],
  [NtStatus.FilesOpen, 'EBUSY'],
  [NtStatus.PipeNotAvailable, 'EBUSY'],
  [NtStatus.NetworkBusy, 'EAGAIN'],
  [NtStatus.TooManySessions, 'EAGAIN'],
  [NtStatus.SharingPaused, 'EAGAIN'],
  [NtStatus.ConnectionCountLimit, 'EAGAIN'],
  [NtStatus.DiskQuotaExceeded, 'EDQUOT'],
  [NtStatus.NoMemory, 'ENOMEM'],
  [NtStatus.TooManyLinks, 'EMLINK'],
  [NtStatus.BadNetworkPath, 'ENOENT'],
  [NtStatus.ConnectionRefused, 'ECONNREFUSED'],
  [NtStatus.NetworkUnreachable, 'ENETUNREACH'],
  [NtStatus.HostUnreachable, 'EHOSTUNREACH'],
  [NtStatus.ConnectionAborted, 'ECONNABORTED'],
  [NtStatus.ReparsePointNotResolved, 'ELOOP'],
  [NtStatus.FileRenamed, 'ESTALE'],
  [NtStatus.VolumeDismounted, 'ESTALE'],
  [NtStatus.DeviceDoesNotExist, 'ENODEV'],
  [NtStatus.NoMediaInDevice, 'ENODEV'],
  [NtStatus.IoTimeout, 'ETIMEDOUT'],
  [NtStatus.Cancelled, 'ECANCELED'],
] as const satisfies readonly (readonly [number, string])[]);

/**
 * The error code that Node's `fs` would use: `ENOENT`, `EACCES`, …; 'EIO' for a status without a counterpart, undefined
 * for errors that are not about SMB.
 */
export function errnoCode(error: unknown): string | undefined {
  if (error instanceof StatusError) {
    // Most servers have a single status for every kind of invalid name.
    const { ObjectNameInvalid } = NtStatus;
    return error.status === ObjectNameInvalid && (isTooLong(error.path) || isTooLong(error.dest))
      ? 'ENAMETOOLONG'
      : (ERRNO.get(error.status) ?? 'EIO');
  }
  if (!(error instanceof SmbError)) return undefined;
  if (error.code === 'SMB_MALFORMED') return 'EPROTO';
  if (error.code === 'SMB_DFS_UNREACHABLE') return 'EHOSTUNREACH';
  if (/^E[A-Z]+$/.test(error.code)) return error.code;
  if (!(error instanceof ConnectionLost)) return undefined;
  if (error.code === 'SMB_CLOSED') return 'ECONNABORTED';
  return error.retryable ? 'ECONNRESET' : 'EPROTO';
}

/** The error for using something after it was closed. */
export function closed(what: string): UsageError {
  return new UsageError(`${what} is closed`, { code: 'EBADF' });
}

/** The code of the server's answer, even if it may be the result of our own earlier attempt: see `OutcomeUnknown`. */
export function presentCode(error: unknown): string | undefined {
  const unknown = error instanceof ConnectionLost && error.code === 'SMB_OUTCOME_UNKNOWN';
  return errnoCode(unknown ? error.cause : error);
}

/** True if the error means that nothing exists by that name. */
export function isNotFound(error: unknown): boolean {
  return presentCode(error) === 'ENOENT';
}

/** The error with its hint attached, if there is one. */
export function withHint(error: unknown): unknown {
  const hint = hintFor(error);
  return hint === undefined ? error : hinted(error, hint);
}

/** Adds the destination path to the error of a two-path operation; the error may be about either path. */
export function towards(error: unknown, dest: string): unknown {
  if (!(error instanceof StatusError) || error.dest !== undefined) return error;
  const { status, command, path, data, hint } = error;
  return new StatusError(status, { command, path, dest, data, hint });
}

/** The error with a hint from a caller that knows more; an existing hint is kept. */
export function hinted(error: unknown, hint: string): unknown {
  if (error instanceof StatusError && error.hint === undefined) {
    const { command, path, dest, data } = error;
    return new StatusError(error.status, { command, path, dest, data, hint });
  }
  if (error instanceof ConnectionLost && error.hint === undefined) {
    const { code, retryable } = error;
    return new ConnectionLost(error.message, { code, retryable, hint, cause: error.cause ?? error });
  }
  return error;
}
