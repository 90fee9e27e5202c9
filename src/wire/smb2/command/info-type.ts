import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-SMB2] 2.2.37 InfoType of QUERY_INFO and SET_INFO. */
export const InfoType = {
  File: 1,
  Filesystem: 2,
  Security: 3,
  Quota: 4,
} as const;

export const infoTypeNames: NameTable = namesOf(InfoType, 'SMB2_0_INFO_');

/** [MS-SMB2] 2.2.37 AdditionalInformation when InfoType is Security: which parts of the descriptor. */
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

/** [MS-FSCC] 2.4 File information classes, by number. */
export const fileClassNames: NameTable = {
  1: 'FileDirectoryInformation',
  2: 'FileFullDirectoryInformation',
  3: 'FileBothDirectoryInformation',
  4: 'FileBasicInformation',
  5: 'FileStandardInformation',
  6: 'FileInternalInformation',
  7: 'FileEaInformation',
  8: 'FileAccessInformation',
  9: 'FileNameInformation',
  10: 'FileRenameInformation',
  11: 'FileLinkInformation',
  12: 'FileNamesInformation',
  13: 'FileDispositionInformation',
  14: 'FilePositionInformation',
  15: 'FileFullEaInformation',
  16: 'FileModeInformation',
  17: 'FileAlignmentInformation',
  18: 'FileAllInformation',
  19: 'FileAllocationInformation',
  20: 'FileEndOfFileInformation',
  21: 'FileAlternateNameInformation',
  22: 'FileStreamInformation',
  23: 'FilePipeInformation',
  24: 'FilePipeLocalInformation',
  25: 'FilePipeRemoteInformation',
  26: 'FileMailslotQueryInformation',
  27: 'FileMailslotSetInformation',
  28: 'FileCompressionInformation',
  29: 'FileObjectIdInformation',
  31: 'FileMoveClusterInformation',
  32: 'FileQuotaInformation',
  33: 'FileReparsePointInformation',
  34: 'FileNetworkOpenInformation',
  35: 'FileAttributeTagInformation',
  36: 'FileTrackingInformation',
  37: 'FileIdBothDirectoryInformation',
  38: 'FileIdFullDirectoryInformation',
  39: 'FileValidDataLengthInformation',
  40: 'FileShortNameInformation',
  44: 'FileSfioReserveInformation',
  45: 'FileSfioVolumeInformation',
  46: 'FileHardLinkInformation',
  48: 'FileNormalizedNameInformation',
  50: 'FileIdGlobalTxDirectoryInformation',
  54: 'FileStandardLinkInformation',
  59: 'FileIdInformation',
  60: 'FileIdExtdDirectoryInformation',
  64: 'FileDispositionInformationEx',
  65: 'FileRenameInformationEx',
  72: 'FileLinkInformationEx',
  78: 'FileId64ExtdDirectoryInformation',
  79: 'FileId64ExtdBothDirectoryInformation',
  80: 'FileIdAllExtdDirectoryInformation',
  81: 'FileIdAllExtdBothDirectoryInformation',
  100: 'FilePosixInformation',
};

/** [MS-FSCC] 2.5 File system information classes, by number. */
export const fsClassNames: NameTable = {
  1: 'FileFsVolumeInformation',
  2: 'FileFsLabelInformation',
  3: 'FileFsSizeInformation',
  4: 'FileFsDeviceInformation',
  5: 'FileFsAttributeInformation',
  6: 'FileFsControlInformation',
  7: 'FileFsFullSizeInformation',
  8: 'FileFsObjectIdInformation',
  9: 'FileFsDriverPathInformation',
  10: 'FileFsVolumeFlagsInformation',
  11: 'FileFsSectorSizeInformation',
};

const NONE: NameTable = {};

/** What FileInfoClass means depends on InfoType. */
export function infoClassNames(infoType: number): NameTable {
  if (infoType === InfoType.File) return fileClassNames;
  return infoType === InfoType.Filesystem ? fsClassNames : NONE;
}

/** What AdditionalInformation means depends on InfoType too. */
export function additionalNames(infoType: number): NameTable {
  return infoType === InfoType.Security ? securityInformationNames : NONE;
}
