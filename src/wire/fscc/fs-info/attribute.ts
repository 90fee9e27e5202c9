import type { Layout, Wire } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';
import type { FsFacts } from '../fs-facts.js';

/** [MS-FSCC] 2.5.1 FileFsAttributeInformation: FileSystemAttributes. */
export const FileSystemAttributes = {
  CaseSensitiveSearch: 0x00000001,
  CasePreservedNames: 0x00000002,
  UnicodeOnDisk: 0x00000004,
  PersistentAcls: 0x00000008,
  FileCompression: 0x00000010,
  VolumeQuotas: 0x00000020,
  SupportsSparseFiles: 0x00000040,
  SupportsReparsePoints: 0x00000080,
  SupportsRemoteStorage: 0x00000100,
  ReturnsCleanupResultInfo: 0x00000200,
  SupportsPosixUnlinkRename: 0x00000400,
  VolumeIsCompressed: 0x00008000,
  SupportsObjectIds: 0x00010000,
  SupportsEncryption: 0x00020000,
  NamedStreams: 0x00040000,
  ReadOnlyVolume: 0x00080000,
  SequentialWriteOnce: 0x00100000,
  SupportsTransactions: 0x00200000,
  SupportsHardLinks: 0x00400000,
  SupportsExtendedAttributes: 0x00800000,
  SupportsOpenByFileId: 0x01000000,
  SupportsUsnJournal: 0x02000000,
  SupportIntegrityStreams: 0x04000000,
  SupportsBlockRefcounting: 0x08000000,
  SupportsSparseVdl: 0x10000000,
} as const;

export const fileSystemAttributeNames: NameTable = {
  [FileSystemAttributes.CaseSensitiveSearch]: 'FILE_CASE_SENSITIVE_SEARCH',
  [FileSystemAttributes.CasePreservedNames]: 'FILE_CASE_PRESERVED_NAMES',
  [FileSystemAttributes.UnicodeOnDisk]: 'FILE_UNICODE_ON_DISK',
  [FileSystemAttributes.PersistentAcls]: 'FILE_PERSISTENT_ACLS',
  [FileSystemAttributes.FileCompression]: 'FILE_FILE_COMPRESSION',
  [FileSystemAttributes.VolumeQuotas]: 'FILE_VOLUME_QUOTAS',
  [FileSystemAttributes.SupportsSparseFiles]: 'FILE_SUPPORTS_SPARSE_FILES',
  [FileSystemAttributes.SupportsReparsePoints]: 'FILE_SUPPORTS_REPARSE_POINTS',
  [FileSystemAttributes.SupportsRemoteStorage]: 'FILE_SUPPORTS_REMOTE_STORAGE',
  [FileSystemAttributes.ReturnsCleanupResultInfo]: 'FILE_RETURNS_CLEANUP_RESULT_INFO',
  [FileSystemAttributes.SupportsPosixUnlinkRename]: 'FILE_SUPPORTS_POSIX_UNLINK_RENAME',
  [FileSystemAttributes.VolumeIsCompressed]: 'FILE_VOLUME_IS_COMPRESSED',
  [FileSystemAttributes.SupportsObjectIds]: 'FILE_SUPPORTS_OBJECT_IDS',
  [FileSystemAttributes.SupportsEncryption]: 'FILE_SUPPORTS_ENCRYPTION',
  [FileSystemAttributes.NamedStreams]: 'FILE_NAMED_STREAMS',
  [FileSystemAttributes.ReadOnlyVolume]: 'FILE_READ_ONLY_VOLUME',
  [FileSystemAttributes.SequentialWriteOnce]: 'FILE_SEQUENTIAL_WRITE_ONCE',
  [FileSystemAttributes.SupportsTransactions]: 'FILE_SUPPORTS_TRANSACTIONS',
  [FileSystemAttributes.SupportsHardLinks]: 'FILE_SUPPORTS_HARD_LINKS',
  [FileSystemAttributes.SupportsExtendedAttributes]: 'FILE_SUPPORTS_EXTENDED_ATTRIBUTES',
  [FileSystemAttributes.SupportsOpenByFileId]: 'FILE_SUPPORTS_OPEN_BY_FILE_ID',
  [FileSystemAttributes.SupportsUsnJournal]: 'FILE_SUPPORTS_USN_JOURNAL',
  [FileSystemAttributes.SupportIntegrityStreams]: 'FILE_SUPPORT_INTEGRITY_STREAMS',
  [FileSystemAttributes.SupportsBlockRefcounting]: 'FILE_SUPPORTS_BLOCK_REFCOUNTING',
  [FileSystemAttributes.SupportsSparseVdl]: 'FILE_SUPPORTS_SPARSE_VDL',
};

/** [MS-FSCC] 2.5.1 FileFsAttributeInformation. */
export class FileFsAttributeInformation implements Wire {
  fileSystemAttributes = 0;
  maximumComponentNameLength = 0;
  fileSystemName = '';

  static of(facts: FsFacts): FileFsAttributeInformation {
    const info = new FileFsAttributeInformation();
    info.fileSystemAttributes = facts.attributes;
    info.maximumComponentNameLength = facts.maxNameLength;
    info.fileSystemName = facts.fileSystem;
    return info;
  }

  layout(io: Layout): void {
    this.fileSystemAttributes = io.flags32('FileSystemAttributes', this.fileSystemAttributes, fileSystemAttributeNames);
    this.maximumComponentNameLength = io.u32('MaximumComponentNameLength', this.maximumComponentNameLength);
    const length = io.length32('FileSystemNameLength');
    this.fileSystemName = io.utf16At('FileSystemName', length, this.fileSystemName);
  }
}
