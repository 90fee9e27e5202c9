import type { Layout, Wire } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';

/** FILE_DISPOSITION_INFORMATION_EX (ntddk.h): Flags. */
export const DispositionFlags = {
  Delete: 0x01,
  PosixSemantics: 0x02,
  ForceImageSectionCheck: 0x04,
  OnClose: 0x08,
  IgnoreReadonlyAttribute: 0x10,
} as const;

const flagNames: NameTable = namesOf(DispositionFlags, 'FILE_DISPOSITION_');

/** FILE_DISPOSITION_INFORMATION_EX (ntddk.h). */
export class FileDispositionInformationEx implements Wire {
  flags = 0;

  layout(io: Layout): void {
    this.flags = io.flags32('Flags', this.flags, flagNames);
  }
}
