import type { OpenAccess } from '#fs/backend.js';
import { FileAccess, FileGeneric, mapGenericAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import type { Right } from '../../state/share.js';
import { type CreateFacts, overwrites } from './facts.js';

const VALID_OPTIONS = 0x00ff_ffff;
/**
 * FILE_CREATE_TREE_CONNECTION, FILE_OPEN_BY_FILE_ID and FILE_RESERVE_OPFILTER. The other two oplock-related options are
 * meant for local programs; like Windows and smbd, we ignore them: FILE_COMPLETE_IF_OPLOCKED by [MS-SMB2] 2.2.13,
 * FILE_OPEN_REQUIRING_OPLOCK by [MS-SMB] 2.2.4.9.1. Such opens wait for oplock breaks like any other.
 */
const UNSUPPORTED_OPTIONS = 0x80 | CreateOptions.OpenByFileId | CreateOptions.ReserveOpfilter;
/** All of [MS-FSCC] 2.6 up to ENCRYPTED, except the volume and device bits. */
const VALID_ATTRIBUTES = 0x0000_7fb7;
/** Undefined bits of an access mask ([MS-FSA] 2.1.5.1). */
const INVALID_ACCESS = 0x0ce0_fe00;
const SHARE_ACCESS = 0x7;

/** Refuses invalid requests before anything is looked up ([MS-SMB2] 3.3.5.9, [MS-FSA] 2.1.5.1). */
export function checkRequest(facts: CreateFacts): void {
  const { options, disposition, attributes, desiredAccess } = facts;
  checkOptions(options, disposition);
  if (desiredAccess === 0 || (desiredAccess & INVALID_ACCESS) !== 0) throw new StatusError(NtStatus.AccessDenied);
  if ((attributes & ~VALID_ATTRIBUTES) !== 0 || (facts.shareAccess & ~SHARE_ACCESS) !== 0) {
    throw new StatusError(NtStatus.InvalidParameter);
  }
  if ((options & CreateOptions.DeleteOnClose) === 0) return;
  const maximum = (desiredAccess & FileAccess.MaximumAllowed) !== 0;
  if (!maximum && (mapGenericAccess(desiredAccess) & FileAccess.Delete) === 0) {
    throw new StatusError(NtStatus.InvalidParameter);
  }
}

function checkOptions(options: number, disposition: number): void {
  const directory = (options & CreateOptions.DirectoryFile) !== 0;
  const contradicts = directory && (options & CreateOptions.NonDirectoryFile) !== 0;
  const badDisposition = disposition > CreateDisposition.OverwriteIf || (directory && overwrites(disposition));
  if ((options & ~VALID_OPTIONS) !== 0 || contradicts || badDisposition) {
    throw new StatusError(NtStatus.InvalidParameter);
  }
  if ((options & UNSUPPORTED_OPTIONS) !== 0) throw new StatusError(NtStatus.NotSupported);
}

/**
 * Data access to ask of the back end when opening. Write access is not asked for on a read-only share: the access check
 * comes later and returns the proper status.
 */
export function dataAccess({ desiredAccess, disposition }: CreateFacts, right: Right): OpenAccess {
  const mapped = mapGenericAccess(desiredAccess);
  const wanted = (mapped & FileAccess.MaximumAllowed) !== 0 ? FileGeneric.All : mapped;
  const writes = (wanted & (FileAccess.WriteData | FileAccess.AppendData)) !== 0 || overwrites(disposition);
  return {
    read: (wanted & (FileAccess.ReadData | FileAccess.Execute)) !== 0,
    write: writes && right === 'write',
  };
}
