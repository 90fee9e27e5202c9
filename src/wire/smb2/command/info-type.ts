import { directoryInfoClassNames } from '../../fscc/directory-info/classes.js';
import { fileInfoClassNames } from '../../fscc/file-info/classes.js';
import { fsInfoClassNames } from '../../fscc/fs-info/classes.js';
import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-SMB2] 2.2.37 InfoType of QUERY_INFO and SET_INFO. */
export const InfoType = {
  File: 1,
  Filesystem: 2,
  Security: 3,
  Quota: 4,
} as const;

export const infoTypeNames: NameTable = namesOf(InfoType, 'SMB2_0_INFO_');

/** [MS-SMB2] 2.2.37 AdditionalInformation if InfoType is Security: which parts of the descriptor. */
export const SecurityInformation = {
  Owner: 0x00000001,
  Group: 0x00000002,
  Dacl: 0x00000004,
  Sacl: 0x00000008,
  Label: 0x00000010,
  Attribute: 0x00000020,
  Scope: 0x00000040,
  Backup: 0x00010000,
} as const;

export const securityInformationNames: NameTable = {
  1: 'OWNER_SECURITY_INFORMATION',
  2: 'GROUP_SECURITY_INFORMATION',
  4: 'DACL_SECURITY_INFORMATION',
  8: 'SACL_SECURITY_INFORMATION',
  16: 'LABEL_SECURITY_INFORMATION',
  32: 'ATTRIBUTE_SECURITY_INFORMATION',
  64: 'SCOPE_SECURITY_INFORMATION',
  65536: 'BACKUP_SECURITY_INFORMATION',
};

/** [MS-FSCC] 2.4 File information classes, by number: including those that we have no structure for. */
export const fileClassNames: NameTable = {
  25: 'FilePipeRemoteInformation',
  26: 'FileMailslotQueryInformation',
  27: 'FileMailslotSetInformation',
  31: 'FileMoveClusterInformation',
  32: 'FileQuotaInformation',
  33: 'FileReparsePointInformation',
  36: 'FileTrackingInformation',
  44: 'FileSfioReserveInformation',
  45: 'FileSfioVolumeInformation',
  46: 'FileHardLinkInformation',
  50: 'FileIdGlobalTxDirectoryInformation',
  72: 'FileLinkInformationEx',
  79: 'FileId64ExtdBothDirectoryInformation',
  81: 'FileIdAllExtdBothDirectoryInformation',
  100: 'FilePosixInformation',
  ...fileInfoClassNames,
  ...directoryInfoClassNames,
};

/** [MS-FSCC] 2.5 File system information classes, by number: including those that we have no structure for. */
export const fsClassNames: NameTable = {
  9: 'FileFsDriverPathInformation',
  10: 'FileFsVolumeFlagsInformation',
  ...fsInfoClassNames,
};

const NONE: NameTable = {};

/** Names of FileInfoClass, which depend on InfoType. */
export function infoClassNames(infoType: number): NameTable {
  if (infoType === InfoType.File) return fileClassNames;
  return infoType === InfoType.Filesystem ? fsClassNames : NONE;
}

/** Names of AdditionalInformation, which depend on InfoType too. */
export function additionalNames(infoType: number): NameTable {
  return infoType === InfoType.Security ? securityInformationNames : NONE;
}
