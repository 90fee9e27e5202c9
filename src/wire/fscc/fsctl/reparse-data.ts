import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import { EMPTY } from '../../io/decoder.js';
import type { Layout, Wire } from '../../io/layout.js';
import { Malformed } from '../../io/malformed.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { decodeUtf16, encodeUtf16 } from '../../io/utf16.js';

/** [MS-FSCC] 2.1.2.1 Reparse tags. */
export const ReparseTag = {
  MountPoint: 0xa0000003,
  Hsm: 0xc0000004,
  Hsm2: 0x80000006,
  Sis: 0x80000007,
  Wim: 0x80000008,
  Csv: 0x80000009,
  Dfs: 0x8000000a,
  Symlink: 0xa000000c,
  Dfsr: 0x80000012,
  Dedup: 0x80000013,
  Nfs: 0x80000014,
  Wof: 0x80000017,
  Cloud: 0x9000001a,
  Appexeclink: 0x8000001b,
  LxSymlink: 0xa000001d,
  AfUnix: 0x80000023,
  LxFifo: 0x80000024,
  LxChr: 0x80000025,
  LxBlk: 0x80000026,
} as const;

export const reparseTagNames: NameTable = namesOf(ReparseTag, 'IO_REPARSE_TAG_');

/** [MS-FSCC] 2.1.2.4 Flags of a symbolic link. */
export const SymlinkFlags = {
  Relative: 0x00000001,
} as const;

export const symlinkFlagNames: NameTable = namesOf(SymlinkFlags, 'SYMLINK_FLAG_');

const MICROSOFT = 0x80000000;

/** Two names in one buffer, each with offset and length relative to the buffer's start. */
interface Names {
  substituteName: string;
  printName: string;
}

function nameFields(io: Layout, names: Names, terminator: number, between: () => void): void {
  const substitute = encodeUtf16(names.substituteName);
  const print = encodeUtf16(names.printName);
  const substituteOffset = io.u16('SubstituteNameOffset', 0);
  const substituteLength = io.u16('SubstituteNameLength', substitute.length);
  const printOffset = io.u16('PrintNameOffset', substitute.length + terminator);
  const printLength = io.u16('PrintNameLength', print.length);
  between();
  const buffer = new Uint8Array(io.reading ? 0 : substitute.length + print.length + 2 * terminator);
  if (!io.reading) {
    buffer.set(substitute);
    buffer.set(print, substitute.length + terminator);
  }
  const path = io.rest('PathBuffer', buffer);
  if (!io.reading) return;
  names.substituteName = nameIn(path, 'SubstituteName', substituteOffset, substituteLength);
  names.printName = nameIn(path, 'PrintName', printOffset, printLength);
}

function nameIn(path: Uint8Array, name: string, offset: number, length: number): string {
  if (offset + length > path.length) throw new Malformed(name, offset, `${length} bytes run past the path buffer`);
  return decodeUtf16(path.subarray(offset, offset + length));
}

/** [MS-FSCC] 2.1.2.4 Symbolic Link Reparse Data Buffer, after the common fields. */
export class SymbolicLinkReparseData {
  substituteName = '';
  printName = '';
  flags = 0;

  layout(io: Layout): void {
    nameFields(io, this, 0, () => {
      this.flags = io.flags32('Flags', this.flags, symlinkFlagNames);
    });
  }
}

/** [MS-FSCC] 2.1.2.5 Mount Point Reparse Data Buffer, after the common fields. Its names are NUL-terminated. */
export class MountPointReparseData {
  substituteName = '';
  printName = '';

  layout(io: Layout): void {
    nameFields(io, this, 2, () => undefined);
  }
}

/** Data of any other tag, as raw bytes. */
export class RawReparseData {
  dataBuffer: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.dataBuffer = io.rest('DataBuffer', this.dataBuffer);
  }
}

/** [MS-FSCC] 2.1.2.2 REPARSE_DATA_BUFFER; for tags not owned by Microsoft, 2.1.2.3 REPARSE_GUID_DATA_BUFFER. */
export class ReparseData {
  reparseTag: number = ReparseTag.Symlink;
  /** Only with a tag that is not Microsoft's. */
  reparseGuid: Guid = NIL_GUID;
  data: Wire = new RawReparseData();

  layout(io: Layout): void {
    this.reparseTag = io.u32('ReparseTag', this.reparseTag, reparseTagNames);
    const data = io.length16('ReparseDataLength');
    io.skip('Reserved', 2);
    if ((this.reparseTag & MICROSOFT) === 0) this.reparseGuid = io.guid('ReparseGuid', this.reparseGuid);
    this.data = io.structAt('DataBuffer', data, io.reading ? make(this.reparseTag) : this.data);
  }
}

/** [MS-FSCC] 2.3.5 FSCTL_DELETE_REPARSE_POINT Request: the fields of a reparse point, without its data. */
export class ReparsePointHeader {
  reparseTag: number = ReparseTag.Symlink;
  /** Zero. */
  reparseDataLength = 0;
  /** Only with a tag that is not Microsoft's. */
  reparseGuid: Guid = NIL_GUID;

  layout(io: Layout): void {
    this.reparseTag = io.u32('ReparseTag', this.reparseTag, reparseTagNames);
    this.reparseDataLength = io.u16('ReparseDataLength', this.reparseDataLength);
    io.skip('Reserved', 2);
    if ((this.reparseTag & MICROSOFT) === 0) this.reparseGuid = io.guid('ReparseGuid', this.reparseGuid);
  }
}

function make(tag: number): Wire {
  if (tag === ReparseTag.Symlink) return new SymbolicLinkReparseData();
  return tag === ReparseTag.MountPoint ? new MountPointReparseData() : new RawReparseData();
}
