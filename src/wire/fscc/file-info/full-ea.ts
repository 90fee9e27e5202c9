import { EMPTY } from '../../io/decoder.js';
import type { Layout, Wire } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';
import { oemBytes, oemText } from '../oem-text.js';

/** [MS-FSCC] 2.4.15 FILE_FULL_EA_INFORMATION: Flags. NeedEa: clients that do not support EAs may not open it. */
export const EaFlags = { NeedEa: 0x80 } as const;

/** Bytes of NextEntryOffset, Flags, both lengths and the name's NUL. */
const FIXED = 9;

const flagNames: NameTable = { [EaFlags.NeedEa]: 'FILE_NEED_EA' };

/** [MS-FSCC] 2.4.15 FILE_FULL_EA_INFORMATION: one extended attribute. */
export class FullEaEntry implements Wire {
  flags = 0;
  eaName = '';
  eaValue: Uint8Array = EMPTY;

  static of(eaName: string, eaValue: Uint8Array, flags = 0): FullEaEntry {
    return Object.assign(new FullEaEntry(), { flags, eaName, eaValue });
  }

  layout(io: Layout): void {
    this.flags = io.flags8('Flags', this.flags, flagNames);
    const nameLength = io.length8('EaNameLength');
    const valueLength = io.length16('EaValueLength');
    this.eaName = oemText(io.bytesAt('EaName', nameLength, io.reading ? EMPTY : oemBytes(this.eaName)));
    io.skip('Terminator', 1);
    this.eaValue = io.bytesAt('EaValue', valueLength, this.eaValue);
  }
}

/** [MS-FSCC] 2.4.15 FileFullEaInformation. */
export class FileFullEaInformation implements Wire {
  entries: FullEaEntry[] = [];

  layout(io: Layout): void {
    this.entries = io.chain('Ea', this.entries, () => new FullEaEntry(), 4);
  }
}

/** EaSize as in other classes: the size of the whole list, as counted by Samba 4.17. */
export function eaListSize(entries: readonly FullEaEntry[]): number {
  let size = 0;
  for (const { eaName, eaValue } of entries) size = eaListGrows(size, eaName.length, eaValue.length);
  return size;
}

/** The size of a list after adding an attribute. */
export function eaListGrows(size: number, nameLength: number, valueLength: number): number {
  return ((size + 3) & ~3) + FIXED + nameLength + valueLength;
}
