import { ConnectionLost, SmbError, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';

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
  [NtStatus.PrivilegeNotHeld, 'EPERM'],
  [NtStatus.CannotDelete, 'EPERM'],
  [NtStatus.MediaWriteProtected, 'EROFS'],
  [NtStatus.SharingViolation, 'EBUSY'],
  [NtStatus.FileLockConflict, 'EBUSY'],
  [NtStatus.LockNotGranted, 'EAGAIN'],
  [NtStatus.PipeBusy, 'EBUSY'],
  [NtStatus.FileIsADirectory, 'EISDIR'],
  [NtStatus.NotADirectory, 'ENOTDIR'],
  [NtStatus.DirectoryNotEmpty, 'ENOTEMPTY'],
  [NtStatus.DiskFull, 'ENOSPC'],
  [NtStatus.TooManyOpenedFiles, 'EMFILE'],
  [NtStatus.InsufficientResources, 'ENOMEM'],
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
  [NtStatus.NetworkNameDeleted, 'ENOTCONN'],
  [NtStatus.UserSessionDeleted, 'ENOTCONN'],
  [NtStatus.NetworkSessionExpired, 'ENOTCONN'],
  [NtStatus.PipeBroken, 'EPIPE'],
  [NtStatus.PipeDisconnected, 'EPIPE'],
  [NtStatus.IoTimeout, 'ETIMEDOUT'],
  [NtStatus.Cancelled, 'ECANCELED'],
] as const satisfies readonly (readonly [number, string])[]);

/** What Node's `fs` would say: `ENOENT`, `EACCES`, … 'EIO' for what has no counterpart; undefined for other errors. */
export function errnoCode(error: unknown): string | undefined {
  if (error instanceof StatusError) return ERRNO.get(error.status) ?? 'EIO';
  if (!(error instanceof ConnectionLost)) return undefined;
  if (/^E[A-Z]+$/.test(error.code)) return error.code;
  return error.retryable ? 'ECONNRESET' : 'EPROTO';
}

/** True when the error says that there is nothing by that name. */
export function isNotFound(error: unknown): boolean {
  return errnoCode(error) === 'ENOENT';
}

const STATUS_HINTS: ReadonlyMap<number, string> = new Map([
  [NtStatus.LogonFailure, 'wrong user or password, or the server wants another domain'],
  [NtStatus.WrongPassword, 'wrong password'],
  [NtStatus.AccountLockedOut, 'too many wrong passwords: the account is locked for now'],
  [NtStatus.AccountDisabled, 'the account is disabled'],
  [NtStatus.PasswordExpired, 'the password must be changed first'],
  [NtStatus.AccountRestriction, 'the server forbids this account to log on so, for example with an empty password'],
  [NtStatus.LogonTypeNotGranted, 'the account may not log on over the network'],
  [NtStatus.BadNetworkName, 'the server has no share of that name'],
  [NtStatus.StoppedOnSymlink, 'a symbolic link lies on the way'],
  [NtStatus.PathNotCovered, 'the path lies on another server (DFS)'],
  [NtStatus.SharingViolation, 'somebody else has it open in a way that excludes this'],
  [NtStatus.DeletePending, 'it was deleted, and somebody still has it open'],
  [NtStatus.SmbGuestLogonBlocked, 'guests are not let in'],
]);

const CODE_HINTS: Readonly<Record<string, string>> = {
  SMB_PEER_SPEAKS_HTTP: 'that port belongs to a web server; SMB is on port 445',
  SMB_BAD_FRAME: 'that port belongs to something else than SMB',
  SMB_NEGOTIATION_TAMPERED: 'somebody on the way may have changed what was agreed, to weaken it',
  SMB_BAD_SIGNATURE: 'somebody on the way may have changed a message',
  ECONNREFUSED: 'nothing listens there: is the port right, and is file sharing on?',
  ETIMEDOUT: 'the host is down, or a firewall swallows the port',
  ENOTFOUND: 'the name does not resolve',
};

/** One sentence on what an error means and what may help; undefined when there is nothing to add. */
export function hintFor(error: unknown): string | undefined {
  if (error instanceof StatusError) {
    if (error.hint !== undefined) return error.hint;
    const atLogon = error.command === 'SESSION_SETUP' || error.command === 'TREE_CONNECT';
    if (atLogon && error.status === NtStatus.AccessDenied) {
      return 'the account has no rights here, or the server requires signing or encryption that was turned off';
    }
    if (error.command === 'NEGOTIATE' && error.status === NtStatus.NotSupported) {
      return 'the server speaks none of the dialects that were offered; old devices need NT1 (SMB1)';
    }
    if (error.command === 'SMB_COM_SESSION_SETUP_ANDX' && error.status === NtStatus.InvalidParameter) {
      return 'Samba takes NTLMv2 in SMB1 with extended security only';
    }
    return STATUS_HINTS.get(error.status);
  }
  return error instanceof SmbError ? CODE_HINTS[error.code] : undefined;
}

/** The error with its hint in the message. */
export function withHint(error: unknown): unknown {
  const hint = hintFor(error);
  if (hint === undefined || !(error instanceof StatusError)) return error;
  if (error.hint !== undefined) return error;
  const { command, path, data } = error;
  return new StatusError(error.status, { command, path, data, hint });
}
