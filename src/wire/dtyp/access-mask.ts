import type { NameTable } from '../io/names.js';

/** [MS-SMB2] 2.2.13.1 SMB2 Access Mask Encoding, on [MS-DTYP] 2.4.3 ACCESS_MASK: the bits of a file, pipe or printer. */
export const FileAccess = {
  ReadData: 0x00000001,
  WriteData: 0x00000002,
  AppendData: 0x00000004,
  ReadEa: 0x00000008,
  WriteEa: 0x00000010,
  Execute: 0x00000020,
  DeleteChild: 0x00000040,
  ReadAttributes: 0x00000080,
  WriteAttributes: 0x00000100,
  Delete: 0x00010000,
  ReadControl: 0x00020000,
  WriteDac: 0x00040000,
  WriteOwner: 0x00080000,
  Synchronize: 0x00100000,
  AccessSystemSecurity: 0x01000000,
  MaximumAllowed: 0x02000000,
  GenericAll: 0x10000000,
  GenericExecute: 0x20000000,
  GenericWrite: 0x40000000,
  GenericRead: 0x80000000,
} as const;

/** [MS-SMB2] 2.2.13.1.2 Directory_Access_Mask: the meaning of the low bits for a directory. */
export const DirectoryAccess = {
  ListDirectory: 0x00000001,
  AddFile: 0x00000002,
  AddSubdirectory: 0x00000004,
  Traverse: 0x00000020,
  DeleteChild: 0x00000040,
} as const;

const common: NameTable = {
  [FileAccess.ReadEa]: 'FILE_READ_EA',
  [FileAccess.WriteEa]: 'FILE_WRITE_EA',
  [FileAccess.DeleteChild]: 'FILE_DELETE_CHILD',
  [FileAccess.ReadAttributes]: 'FILE_READ_ATTRIBUTES',
  [FileAccess.WriteAttributes]: 'FILE_WRITE_ATTRIBUTES',
  [FileAccess.Delete]: 'DELETE',
  [FileAccess.ReadControl]: 'READ_CONTROL',
  [FileAccess.WriteDac]: 'WRITE_DAC',
  [FileAccess.WriteOwner]: 'WRITE_OWNER',
  [FileAccess.Synchronize]: 'SYNCHRONIZE',
  [FileAccess.AccessSystemSecurity]: 'ACCESS_SYSTEM_SECURITY',
  [FileAccess.MaximumAllowed]: 'MAXIMUM_ALLOWED',
  [FileAccess.GenericAll]: 'GENERIC_ALL',
  [FileAccess.GenericExecute]: 'GENERIC_EXECUTE',
  [FileAccess.GenericWrite]: 'GENERIC_WRITE',
  [FileAccess.GenericRead]: 'GENERIC_READ',
};

export const fileAccessNames: NameTable = {
  ...common,
  [FileAccess.ReadData]: 'FILE_READ_DATA',
  [FileAccess.WriteData]: 'FILE_WRITE_DATA',
  [FileAccess.AppendData]: 'FILE_APPEND_DATA',
  [FileAccess.Execute]: 'FILE_EXECUTE',
};

/** The specific rights of each generic right for a file or directory. */
export const FileGeneric = {
  Read: 0x00120089,
  Write: 0x00120116,
  Execute: 0x001200a0,
  All: 0x001f01ff,
} as const;

const GENERIC_BITS = 0xf0000000;

/** [MS-DTYP] 2.5.3.3 (generic mapping): replaces the generic bits of a mask by the specific rights for files. */
export function mapGenericAccess(mask: number): number {
  let mapped = mask & ~GENERIC_BITS;
  if (mask & FileAccess.GenericRead) mapped |= FileGeneric.Read;
  if (mask & FileAccess.GenericWrite) mapped |= FileGeneric.Write;
  if (mask & FileAccess.GenericExecute) mapped |= FileGeneric.Execute;
  if (mask & FileAccess.GenericAll) mapped |= FileGeneric.All;
  return mapped >>> 0;
}
