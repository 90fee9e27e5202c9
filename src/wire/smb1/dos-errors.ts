import { NtStatus } from '../erref/nt-status.js';
import type { NameTable } from '../io/names.js';

/** [MS-CIFS] 2.2.2.4 error classes. */
export const ErrorClass = {
  Success: 0x00,
  Dos: 0x01,
  Server: 0x02,
  Hardware: 0x03,
} as const;

const DOS = ErrorClass.Dos;
const SRV = ErrorClass.Server;
const HRD = ErrorClass.Hardware;

type Row = readonly [errorClass: number, code: number, name: string, ...statuses: number[]];

/**
 * [MS-CIFS] 2.2.2.4 SMB error classes and codes. A code from a peer is mapped to the first status of its row; every
 * status of the row is sent as that code.
 */
const ROWS: readonly Row[] = [
  [DOS, 1, 'ERRbadfunc', NtStatus.NotImplemented, NtStatus.InvalidDeviceRequest, NtStatus.InvalidDeviceState],
  [DOS, 2, 'ERRbadfile', NtStatus.ObjectNameNotFound, NtStatus.NoSuchFile, NtStatus.NoSuchDevice, NtStatus.NotFound],
  [DOS, 3, 'ERRbadpath', NtStatus.ObjectPathNotFound, NtStatus.ObjectPathInvalid, NtStatus.ObjectPathSyntaxBad],
  [DOS, 3, 'ERRbadpath', NtStatus.PathNotCovered, NtStatus.NotADirectory],
  [DOS, 4, 'ERRnofids', NtStatus.TooManyOpenedFiles],
  [DOS, 5, 'ERRnoaccess', NtStatus.AccessDenied, NtStatus.DeletePending, NtStatus.PrivilegeNotHeld],
  [DOS, 5, 'ERRnoaccess', NtStatus.LogonFailure, NtStatus.FileIsADirectory, NtStatus.DirectoryNotEmpty],
  [DOS, 5, 'ERRnoaccess', NtStatus.CannotDelete, NtStatus.FileDeleted],
  [DOS, 6, 'ERRbadfid', NtStatus.InvalidHandle, NtStatus.FileClosed, NtStatus.SmbBadFid],
  [DOS, 8, 'ERRnomem', NtStatus.InsufficientResources],
  [DOS, 12, 'ERRbadaccess'],
  [DOS, 16, 'ERRremcd'],
  [DOS, 17, 'ERRdiffdevice', NtStatus.NotSameDevice],
  [DOS, 18, 'ERRnofiles', NtStatus.NoMoreFiles],
  [DOS, 24, 'ERRbadlength', NtStatus.InfoLengthMismatch],
  [DOS, 31, 'ERRgeneral', NtStatus.Unsuccessful],
  [DOS, 32, 'ERRbadshare', NtStatus.SharingViolation],
  [DOS, 33, 'ERRlock', NtStatus.FileLockConflict, NtStatus.LockNotGranted],
  [DOS, 38, 'ERReof', NtStatus.EndOfFile],
  [DOS, 50, 'ERRunsup', NtStatus.NotSupported],
  [DOS, 64, 'ERRnetnamedel', NtStatus.NetworkNameDeleted],
  [DOS, 65, 'ERRnetaccess', NtStatus.NetworkAccessDenied],
  [DOS, 71, 'ERRreqnotaccepted', NtStatus.RequestNotAccepted],
  [DOS, 80, 'ERRfilexists', NtStatus.ObjectNameCollision],
  [DOS, 87, 'ERRinvalidparam', NtStatus.InvalidParameter, NtStatus.InvalidInfoClass, NtStatus.InvalidLockRange],
  [DOS, 87, 'ERRinvalidparam', NtStatus.InvalidAddress],
  [DOS, 109, 'ERRbrokenpipe', NtStatus.PipeBroken],
  [DOS, 112, 'ERRdiskfull', NtStatus.DiskFull],
  [DOS, 122, 'ERRinsufficientbuffer', NtStatus.BufferTooSmall],
  [DOS, 123, 'ERRinvalidname', NtStatus.ObjectNameInvalid, NtStatus.NameTooLong],
  [DOS, 124, 'ERRunknownlevel', NtStatus.OsErrorInvalidLevel],
  [DOS, 158, 'ERRnotlocked', NtStatus.RangeNotLocked],
  [DOS, 173, 'ERRcancelviolation', NtStatus.Os2CancelViolation],
  [DOS, 174, 'ERRnoatomiclocks', NtStatus.Os2AtomicLocksNotSupported],
  [DOS, 183, 'ERRrename'],
  [DOS, 230, 'ERRbadpipe', NtStatus.InvalidPipeState],
  [DOS, 231, 'ERRpipebusy', NtStatus.PipeBusy, NtStatus.InstanceNotAvailable, NtStatus.PipeNotAvailable],
  [DOS, 232, 'ERRpipeclosing', NtStatus.PipeEmpty],
  [DOS, 233, 'ERRnotconnected', NtStatus.PipeDisconnected],
  [DOS, 234, 'ERRmoredata', NtStatus.BufferOverflow, NtStatus.MoreProcessingRequired],
  [DOS, 255, 'ERRbadealist', NtStatus.EaTooLarge, NtStatus.NonexistentEaEntry, NtStatus.NoEasOnFile],
  [DOS, 282, 'ERReasunsupported', NtStatus.EasNotSupported],
  [DOS, 995, 'ERRcancelled', NtStatus.Cancelled],
  [DOS, 1022, 'ERRnotifyenumdir', NtStatus.NotifyEnumDir],
  [SRV, 1, 'ERRerror', NtStatus.InvalidSmb, NtStatus.UserSessionDeleted],
  [SRV, 2, 'ERRbadpw', NtStatus.WrongPassword],
  [SRV, 4, 'ERRaccess'],
  [SRV, 5, 'ERRinvtid', NtStatus.SmbBadTid],
  [SRV, 6, 'ERRinvnetname', NtStatus.BadNetworkName],
  [SRV, 7, 'ERRinvdevice', NtStatus.BadDeviceType],
  [SRV, 22, 'ERRbadcmd', NtStatus.SmbBadCommand],
  [SRV, 64, 'ERRfilespecs'],
  [SRV, 82, 'ERRtoomanyuids'],
  [SRV, 88, 'ERRtimeout', NtStatus.IoTimeout],
  [SRV, 91, 'ERRbaduid', NtStatus.SmbBadUid],
  [SRV, 251, 'ERRusestd', NtStatus.SmbUseStandard],
  [SRV, 2239, 'ERRaccountExpired', NtStatus.AccountDisabled],
  [SRV, 2242, 'ERRpasswordExpired', NtStatus.PasswordExpired],
  [SRV, 0xffff, 'ERRnosupport'],
  [HRD, 19, 'ERRnowrite', NtStatus.MediaWriteProtected],
  [HRD, 27, 'ERRsectornotfound'],
  [HRD, 31, 'ERRgeneral', NtStatus.InternalError],
  [HRD, 32, 'ERRbadshare'],
  [HRD, 33, 'ERRlock'],
  [HRD, 34, 'ERRwrongdisk'],
  [HRD, 39, 'ERRdiskfull'],
];

const UNKNOWN_ERROR = HRD | (31 << 16);
const CLASS_NAMES: NameTable = { [DOS]: 'ERRDOS', [SRV]: 'ERRSRV', [HRD]: 'ERRHRD' };

const byStatus = new Map<number, number>();
const byDos = new Map<number, number>();
const dosNames: Record<number, string> = {};
for (const [errorClass, code, name, ...statuses] of ROWS) {
  const dos = dosError(errorClass, code);
  dosNames[dos] = `${CLASS_NAMES[errorClass]}/${name}`;
  for (const status of statuses) {
    byStatus.set(status, dos);
    if (!byDos.has(dos)) byDos.set(dos, status);
  }
}

/** Names of DOS errors by the 32 bits of the status field: `ERRDOS/ERRbadfile`. */
export const DOS_ERROR_NAMES: NameTable = dosNames;

/** The 32 bits of the status field: ErrorClass, a reserved byte, ErrorCode. */
export function dosError(errorClass: number, code: number): number {
  return (errorClass | (code << 16)) >>> 0;
}

/** Whether a status is an encoded DOS error: class 1 to 3 in the low byte, a code in the high word. */
export function isDosError(status: number): boolean {
  const errorClass = status & 0xffff;
  return errorClass >= DOS && errorClass <= HRD && status >>> 16 !== 0;
}

/** The status field for a peer that expects DOS errors. */
export function dosErrorOf(status: number): number {
  if (status === NtStatus.Success || isDosError(status)) return status;
  return byStatus.get(status) ?? UNKNOWN_ERROR;
}

/** The NT status for a DOS error. An unknown one stays as it is, and so is still an error. */
export function statusOfDos(dos: number): number {
  if (dos === 0) return NtStatus.Success;
  // The byte between class and code is reserved and may hold anything.
  const clean = (dos & 0xffff00ff) >>> 0;
  return byDos.get(clean) ?? (isDosError(clean) ? clean : NtStatus.Unsuccessful);
}
