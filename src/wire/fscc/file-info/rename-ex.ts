import type { Layout, Wire } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { newName } from './new-name.js';

/** FILE_RENAME_INFORMATION (ntifs.h): Flags of FileRenameInformationEx. */
export const RenameFlags = {
  ReplaceIfExists: 0x001,
  PosixSemantics: 0x002,
  SuppressPinStateInheritance: 0x004,
  SuppressStorageReserveInheritance: 0x008,
  NoIncreaseAvailableSpace: 0x010,
  NoDecreaseAvailableSpace: 0x020,
  IgnoreReadonlyAttribute: 0x040,
  ForceResizeTargetSr: 0x080,
  ForceResizeSourceSr: 0x100,
} as const;

const flagNames: NameTable = namesOf(RenameFlags, 'FILE_RENAME_');

/** FILE_RENAME_INFORMATION (ntifs.h) in the form of FileRenameInformationEx. */
export class FileRenameInformationEx implements Wire {
  flags = 0;
  rootDirectory = 0n;
  fileName = '';

  layout(io: Layout): void {
    this.flags = io.flags32('Flags', this.flags, flagNames);
    io.skip('Reserved', 4);
    this.rootDirectory = io.x64('RootDirectory', this.rootDirectory);
    this.fileName = newName(io, this.fileName);
  }
}
