import { type NameTable, namesOf } from '../io/names.js';

/** [MS-FSCC] 2.6 File Attributes. */
export const FileAttributes = {
  Readonly: 0x00000001,
  Hidden: 0x00000002,
  System: 0x00000004,
  Directory: 0x00000010,
  Archive: 0x00000020,
  Normal: 0x00000080,
  Temporary: 0x00000100,
  SparseFile: 0x00000200,
  ReparsePoint: 0x00000400,
  Compressed: 0x00000800,
  Offline: 0x00001000,
  NotContentIndexed: 0x00002000,
  Encrypted: 0x00004000,
  IntegrityStream: 0x00008000,
  NoScrubData: 0x00020000,
  RecallOnOpen: 0x00040000,
  Pinned: 0x00080000,
  Unpinned: 0x00100000,
  RecallOnDataAccess: 0x00400000,
} as const;

export const fileAttributeNames: NameTable = namesOf(FileAttributes, 'FILE_ATTRIBUTE_');

/** Attributes that a client may set; the others describe what a file is. */
export const SETTABLE_ATTRIBUTES: number =
  FileAttributes.Readonly |
  FileAttributes.Hidden |
  FileAttributes.System |
  FileAttributes.Archive |
  FileAttributes.Temporary |
  FileAttributes.Offline |
  FileAttributes.NotContentIndexed;

/** The attributes as sent to peers: DIRECTORY by kind, NORMAL if and only if there are no others. */
export function resolveAttributes(kept: number, directory: boolean): number {
  const others = kept & ~(FileAttributes.Normal | FileAttributes.Directory);
  const attributes = directory ? others | FileAttributes.Directory : others;
  return attributes === 0 ? FileAttributes.Normal : attributes >>> 0;
}
