import { SmbError, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { oddName } from './odd-name.js';

/** Common causes: what a status means to the user, and what to do about it. */
const STATUS_HINTS: ReadonlyMap<number, string> = new Map([
  [NtStatus.LogonFailure, 'wrong user or password, or the server wants another domain'],
  [NtStatus.WrongPassword, 'wrong password'],
  [NtStatus.NoSuchUser, 'the server knows no such user'],
  [NtStatus.AccountLockedOut, 'too many wrong passwords: the account is locked for now'],
  [NtStatus.AccountDisabled, 'the account is disabled'],
  [NtStatus.AccountExpired, 'the account has expired'],
  [NtStatus.LoginTimeRestriction, 'the account may not log on at this time of day'],
  [NtStatus.LoginWkstaRestriction, 'the account may not log on from this machine'],
  [NtStatus.SmartcardLogonRequired, 'the account may log on with a smart card only'],
  [NtStatus.AuthenticationFirewallFailed, 'the account may not log on to that server from its own domain'],
  [NtStatus.PasswordExpired, 'the password must be changed first'],
  [NtStatus.PasswordMustChange, 'the password must be changed first'],
  [NtStatus.InvalidLogonHours, 'the account may not log on at this time of day'],
  [NtStatus.InvalidWorkstation, 'the account may not log on from this machine'],
  [NtStatus.AccountRestriction, 'the server forbids this account to log on so, for example with an empty password'],
  [NtStatus.LogonTypeNotGranted, 'the account may not log on over the network'],
  [NtStatus.NtlmBlocked, 'NTLM is disabled on the server, and it is all that this client knows'],
  [NtStatus.NoLogonServers, 'the server cannot reach a domain controller that would know the account'],
  [NtStatus.DomainControllerNotFound, 'the server finds no domain controller that would know the account'],
  [NtStatus.NetlogonNotStarted, "the server's own logon service is not running"],
  [NtStatus.NoTrustSamAccount, "the server's own membership of its domain is broken"],
  [NtStatus.TrustedDomainFailure, "the server's domain does not trust the domain of the account"],
  [NtStatus.TrustedRelationshipFailure, "the server's own membership of its domain is broken"],
  [NtStatus.TimeDifferenceAtDc, 'the clocks of this machine and the server differ too much'],
  [NtStatus.SmbGuestLogonBlocked, 'guest logons are refused by policy'],
  [NtStatus.BadNetworkName, 'the server has no share of that name'],
  [NtStatus.NetworkAccessDenied, 'the server lets nobody in from here'],
  [NtStatus.RequestNotAccepted, 'the server takes no more connections now'],
  [NtStatus.TooManySessions, 'the server takes no more sessions now'],
  [NtStatus.ConnectionCountLimit, 'the server takes no more connections now'],
  [NtStatus.SharingPaused, 'sharing is paused on the server'],
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
  [NtStatus.DiskQuotaExceeded, 'the account may not use more space'],
  [NtStatus.QuotaExceeded, 'the account may not use more space'],
  [NtStatus.VirusInfected, "the server's virus scanner has refused the file"],
  [NtStatus.InvalidOwner, 'an account may make only itself or its groups the owner'],
  [NtStatus.TooManyLinks, 'the file has as many names as the server allows'],
  [NtStatus.CrcError, "the server's disk is damaged"],
  [NtStatus.FileCorruptError, "the server's disk is damaged"],
  [NtStatus.DiskCorruptError, "the server's disk is damaged"],
  [NtStatus.NotSameDevice, 'the two lie on different volumes: copy, then remove'],
  [NtStatus.NetworkNameDeleted, 'the share was taken away by the server'],
  [NtStatus.UserSessionDeleted, 'the server has ended the session'],
  [NtStatus.FileForcedClosed, 'the server has closed the file'],
  [NtStatus.FileNotAvailable, 'the open file did not survive the loss of the connection'],
  [NtStatus.ObjectNameInvalid, 'the server does not take such a name'],
]);

/** The statuses that servers return for a share that does not exist. */
const NO_SHARE: readonly number[] = [
  NtStatus.BadNetworkName,
  NtStatus.ObjectNameNotFound,
  NtStatus.ObjectPathNotFound,
  NtStatus.NotFound,
];

/** Statuses that an invalid name may have caused. */
const NAME_FAULTS: readonly number[] = [
  NtStatus.ObjectNameInvalid,
  NtStatus.ObjectPathInvalid,
  NtStatus.ObjectPathSyntaxBad,
  NtStatus.IllegalCharacter,
  NtStatus.UnmappableCharacter,
  NtStatus.NameTooLong,
];

const CODE_HINTS: Readonly<Record<string, string>> = {
  SMB_PEER_SPEAKS_HTTP: 'this port answers HTTP: it belongs to a web server; SMB is on port 445',
  SMB_BAD_FRAME: 'that port belongs to something else than SMB, which is on port 445',
  SMB_NETBIOS_REFUSED: "the server may want to be called by its own NetBIOS name, which 'calledName' is for",
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

/** The meaning of a status in response to a particular command. */
const COMMAND_HINTS: Readonly<Record<string, readonly (readonly [readonly number[], string])[]>> = {
  TREE_CONNECT: [
    [[NtStatus.AccessDenied], 'the account has no rights to this share'],
    [NO_SHARE, 'the server has no share of that name'],
  ],
  SESSION_SETUP: [[[NtStatus.AccessDenied], 'the server does not let this account in']],
  NEGOTIATE: [
    [[NtStatus.NotSupported], 'the server speaks none of the dialects that were offered; old devices need NT1 (SMB1)'],
  ],
  SMB_COM_SESSION_SETUP_ANDX: [[[NtStatus.InvalidParameter], 'Samba takes NTLMv2 in SMB1 with extended security only']],
};

/** One sentence on what an error means and what may help; undefined if there is nothing to add. */
export function hintFor(error: unknown): string | undefined {
  if (!(error instanceof SmbError)) return undefined;
  if (error.hint !== undefined) return error.hint;
  if (!(error instanceof StatusError)) return CODE_HINTS[error.code];
  const { status, command = '', path } = error;
  const special = COMMAND_HINTS[command]?.find(([statuses]) => statuses.includes(status));
  if (special) return special[1];
  return (NAME_FAULTS.includes(status) ? oddName(path) : undefined) ?? STATUS_HINTS.get(status);
}
