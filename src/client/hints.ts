import { SmbError, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';

/** Known situations: what a refusal means to who made the request, and what to do. */
const STATUS_HINTS: ReadonlyMap<number, string> = new Map([
  [NtStatus.LogonFailure, 'wrong user or password, or the server wants another domain'],
  [NtStatus.WrongPassword, 'wrong password'],
  [NtStatus.NoSuchUser, 'the server knows no such user'],
  [NtStatus.AccountLockedOut, 'too many wrong passwords: the account is locked for now'],
  [NtStatus.AccountDisabled, 'the account is disabled'],
  [NtStatus.PasswordExpired, 'the password must be changed first'],
  [NtStatus.PasswordMustChange, 'the password must be changed first'],
  [NtStatus.InvalidLogonHours, 'the account may not log on at this time of day'],
  [NtStatus.InvalidWorkstation, 'the account may not log on from this machine'],
  [NtStatus.AccountRestriction, 'the server forbids this account to log on so, for example with an empty password'],
  [NtStatus.LogonTypeNotGranted, 'the account may not log on over the network'],
  [NtStatus.NtlmBlocked, 'NTLM is disabled on the server, and it is all that this client knows'],
  [NtStatus.NoLogonServers, 'the server cannot reach a domain controller that would know the account'],
  [NtStatus.TrustedRelationshipFailure, "the server's own membership of its domain is broken"],
  [NtStatus.TimeDifferenceAtDc, 'the clocks of this machine and the server differ too much'],
  [NtStatus.SmbGuestLogonBlocked, 'guest logons are refused by policy'],
  [NtStatus.BadNetworkName, 'the server has no share of that name'],
  [NtStatus.NetworkAccessDenied, 'the server lets nobody in from here'],
  [NtStatus.RequestNotAccepted, 'the server takes no more connections now'],
  [NtStatus.InsuffServerResources, 'the server is short of memory'],
  [NtStatus.StoppedOnSymlink, 'a symbolic link lies on the way, and it was not to be followed'],
  [NtStatus.PathNotCovered, 'the path lies on another server (DFS), and it was not to be followed'],
  [NtStatus.DfsUnavailable, 'the namespace (DFS) is not available now'],
  [NtStatus.SharingViolation, 'somebody else has it open in a way that excludes this'],
  [NtStatus.FileLockConflict, 'somebody else has locked that part of the file'],
  [NtStatus.DeletePending, 'it was deleted, and somebody still has it open'],
  [NtStatus.CannotDelete, 'it is read-only, or in use by a program that has mapped it'],
  [NtStatus.DirectoryNotEmpty, 'the directory is not empty'],
  [NtStatus.MediaWriteProtected, 'the share is read-only'],
  [NtStatus.DiskFull, 'no space is left'],
  [NtStatus.NotSameDevice, 'the two lie on different volumes: copy, then remove'],
  [NtStatus.NetworkNameDeleted, 'the share was taken away by the server'],
  [NtStatus.UserSessionDeleted, 'the server has ended the session'],
  [NtStatus.FileForcedClosed, 'the server has closed the file'],
  [NtStatus.FileNotAvailable, 'the open file did not survive the loss of the connection'],
  [NtStatus.ObjectNameInvalid, 'the server does not take such a name'],
]);

const CODE_HINTS: Readonly<Record<string, string>> = {
  SMB_PEER_SPEAKS_HTTP: 'this port answers HTTP: it belongs to a web server; SMB is on port 445',
  SMB_BAD_FRAME: 'that port belongs to something else than SMB, which is on port 445',
  SMB_ONLY_SMB1: "the server knows only SMB1, which is not offered unless asked for: dialects { min: 'NT1' }",
  SMB_NO_DIALECT: 'the server speaks none of the dialects that were offered',
  SMB_NEGOTIATION_TAMPERED: 'somebody on the way may have changed what was agreed, to weaken it',
  SMB_OUTCOME_UNKNOWN: 'look whether it was done before doing it again',
  SMB_BAD_SIGNATURE: 'somebody on the way may have changed a message, or the server signs wrongly',
  SMB_MALFORMED: 'what came is no SMB message, or it was changed on the way',
  SMB_DFS_UNREACHABLE: 'the servers that DFS names are down, or their names do not resolve here',
  ECONNREFUSED: 'nothing listens there: is the port right, and is file sharing on?',
  ECONNRESET: 'a firewall, or the server itself, cut the connection',
  ETIMEDOUT: 'the host is down, or a firewall swallows the port',
  EHOSTUNREACH: 'no way leads to that host: is it on, and on this network?',
  ENETUNREACH: 'no way leads to that network',
  ENOTFOUND: 'the name does not resolve',
  EAI_AGAIN: 'the name cannot be resolved now: is there a DNS server?',
};

/** One sentence on what an error means and what may help; undefined when there is nothing to add. */
export function hintFor(error: unknown): string | undefined {
  if (!(error instanceof SmbError)) return undefined;
  if (error.hint !== undefined) return error.hint;
  if (!(error instanceof StatusError)) return CODE_HINTS[error.code];
  if (error.command === 'TREE_CONNECT' && error.status === NtStatus.AccessDenied) {
    return 'the account has no rights to this share';
  }
  if (error.command === 'SESSION_SETUP' && error.status === NtStatus.AccessDenied) {
    return 'the server does not let this account in';
  }
  if (error.command === 'NEGOTIATE' && error.status === NtStatus.NotSupported) {
    return 'the server speaks none of the dialects that were offered; old devices need NT1 (SMB1)';
  }
  if (error.command === 'CHANGE_NOTIFY' && error.status === NtStatus.NotSupported) {
    return 'the server does not tell of changes';
  }
  if (error.command === 'SMB_COM_SESSION_SETUP_ANDX' && error.status === NtStatus.InvalidParameter) {
    return 'Samba takes NTLMv2 in SMB1 with extended security only';
  }
  return STATUS_HINTS.get(error.status);
}
