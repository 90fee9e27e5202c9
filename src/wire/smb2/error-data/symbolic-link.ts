import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { decodeUtf16, writeUtf16 } from '../../io/utf16.js';

/** [MS-SMB2] 2.2.2.2.1 Flags. */
export const SymlinkFlags = { Relative: 0x00000001 } as const;

const symlinkFlagNames: NameTable = namesOf(SymlinkFlags);

const SYMLINK_ERROR_TAG = 0x4c4d5953;
const IO_REPARSE_TAG_SYMLINK = 0xa000000c;

/** [MS-SMB2] 2.2.2.2.1 Symbolic Link Error Response. */
export class SymbolicLinkError {
  /** Bytes at the end of the requested path that were not parsed. */
  unparsedPathLength = 0;
  /** Offsets and lengths in bytes of the two names in the PathBuffer. */
  substituteNameOffset = 0;
  substituteNameLength = 0;
  printNameOffset = 0;
  printNameLength = 0;
  flags = 0;
  pathBuffer: Uint8Array = EMPTY;

  /** Makes an error that tells the target of a link. */
  static of(facts: {
    readonly unparsedPathLength: number;
    readonly target: string;
    readonly printName?: string;
    readonly relative: boolean;
  }): SymbolicLinkError {
    const printName = facts.printName ?? facts.target;
    const error = new SymbolicLinkError();
    error.unparsedPathLength = facts.unparsedPathLength;
    error.substituteNameLength = facts.target.length * 2;
    error.printNameOffset = error.substituteNameLength;
    error.printNameLength = printName.length * 2;
    error.flags = facts.relative ? SymlinkFlags.Relative : 0;
    error.pathBuffer = new Uint8Array(error.printNameOffset + error.printNameLength);
    writeUtf16(facts.target + printName, error.pathBuffer, 0);
    return error;
  }

  layout(io: Layout): void {
    const length = io.length32('SymLinkLength');
    io.within('SymLink', length, () => {
      io.same32('SymLinkErrorTag', SYMLINK_ERROR_TAG);
      io.same32('ReparseTag', IO_REPARSE_TAG_SYMLINK);
      const dataLength = io.length16('ReparseDataLength');
      this.unparsedPathLength = io.u16('UnparsedPathLength', this.unparsedPathLength);
      io.within('ReparseData', dataLength, () => this.#reparseData(io));
    });
  }

  #reparseData(io: Layout): void {
    this.substituteNameOffset = io.u16('SubstituteNameOffset', this.substituteNameOffset);
    this.substituteNameLength = io.u16('SubstituteNameLength', this.substituteNameLength);
    this.printNameOffset = io.u16('PrintNameOffset', this.printNameOffset);
    this.printNameLength = io.u16('PrintNameLength', this.printNameLength);
    this.flags = io.flags32('Flags', this.flags, symlinkFlagNames);
    this.pathBuffer = io.rest('PathBuffer', this.pathBuffer);
  }

  /** The target of the link, cut off at the end of the buffer. */
  get substituteName(): string {
    return this.#name(this.substituteNameOffset, this.substituteNameLength);
  }

  get printName(): string {
    return this.#name(this.printNameOffset, this.printNameLength);
  }

  #name(offset: number, length: number): string {
    return decodeUtf16(this.pathBuffer.subarray(offset, offset + length));
  }
}
