import type { Guid } from '../dtyp/guid.js';
import type { FileId } from './file-id.js';
import type { NameTable } from './names.js';
import type { Slot } from './slot.js';

/** Anything that declares its wire format, once for reading, writing and dissecting. */
export interface Wire {
  /** Names every field once, in wire order. The kind of `io` decides whether that reads, writes or dissects. */
  layout(io: Layout): unknown;
}

/**
 * The interface that a message's `layout()` calls. Each verb takes the current value and returns the new one: a Decoder
 * ignores the argument and returns what it read, an Encoder writes the argument and returns it, a Dissector reads and
 * records the position.
 *
 * All numbers are little-endian except those of the `be` verbs. Offsets count from the `base`: the first byte of the
 * protocol header, or of the innermost `structAt`, `chain` or `rebase`.
 */
export interface Layout {
  /** True when values come from the wire (Decoder, Dissector). */
  readonly reading: boolean;
  /** Negotiated SMB2 dialect revision (0 until then), for fields that depend on it. */
  readonly dialect: number;
  /** SMB_FLAGS2_UNICODE of the SMB1 message, which determines the encoding of `text`. */
  readonly unicode: boolean;
  /** Position relative to the base. */
  readonly at: number;
  /** Bytes left in the window when reading; 0 when writing. */
  readonly left: number;

  u8(name: string, v: number, names?: NameTable): number;
  u16(name: string, v: number, names?: NameTable): number;
  u32(name: string, v: number, names?: NameTable): number;
  i16(name: string, v: number): number;
  i32(name: string, v: number): number;
  u16be(name: string, v: number, names?: NameTable): number;
  u32be(name: string, v: number, names?: NameTable): number;
  /** Bit sets: the table maps single bits to their names. */
  flags8(name: string, v: number, bits: NameTable): number;
  flags16(name: string, v: number, bits: NameTable): number;
  flags32(name: string, v: number, bits: NameTable): number;
  /** 64 bits as a safe integer; all ones is -1; any other value above 2^53-1 is malformed. */
  u64(name: string, v: number): number;
  /**
   * An offset in a file. All values beyond 2^53 become 2^53, except that 2^63-1 becomes Infinity; negative (signed)
   * values become -1.
   */
  offset64(name: string, v: number): number;
  /** A size in bytes or units; rounded to double precision above 2^53, at most `MAX_SIZE`. */
  size64(name: string, v: number): number;
  /** 64 opaque bits, exact. Being a bigint it is slow, so not for frequent messages. */
  x64(name: string, v: bigint): bigint;
  /** [MS-DTYP] 2.3.3 FILETIME, in 100 ns since 1601. */
  time(name: string, v: bigint): bigint;
  guid(name: string, v: Guid): Guid;
  fileId(name: string, v: FileId): FileId;
  /** A constant that the peer must send (StructureSize, protocol ids); any other value is malformed. */
  same8(name: string, expected: number): void;
  same16(name: string, expected: number): void;
  same32(name: string, expected: number): void;
  /** Reserved bytes: written as zero, ignored when read, shown by the Dissector if not zero. */
  skip(name: string, n: number): void;
  /** Pads with zeros until `at` is a multiple of `n`. When reading, padding may be missing at the end of the window. */
  align(n: number): void;

  /** Exactly `n` bytes here. When writing, `v` must have that length. */
  bytes(name: string, n: number, v: Uint8Array): Uint8Array;
  /** All bytes up to the end of the window. */
  rest(name: string, v: Uint8Array): Uint8Array;
  /** Like `rest`, as UTF-16LE. */
  utf16Rest(name: string, v: string): string;
  /** NUL-terminated OEM string, read as Latin-1; the NUL may be missing at the end of the window. */
  oem(name: string, v: string): string;
  /** NUL-terminated UTF-16LE string, aligned to 2; the NUL may be missing at the end of the window. */
  utf16z(name: string, v: string): string;
  /** SMB1 string: `utf16z` when `unicode`, else `oem`. */
  text(name: string, v: string): string;
  /** `count` 16-bit values here. */
  u16s(name: string, count: number, v: number[]): number[];

  /** Fields of an offset/length pair. The first call creates the slot, others complete it, in any order. */
  offset8(name: string, slot?: Slot): Slot;
  offset16(name: string, slot?: Slot): Slot;
  offset32(name: string, slot?: Slot): Slot;
  length8(name: string, slot?: Slot): Slot;
  length16(name: string, slot?: Slot): Slot;
  length32(name: string, slot?: Slot): Slot;
  /** NTLM's MaxLen: a second copy of the length. */
  maxLength16(name: string, slot: Slot): Slot;

  /**
   * The variable-length part that a slot refers to. A slot with only a length means "here". When reading, the position
   * moves past the part if that lies ahead. When writing, the part goes to the current position aligned to `align`; the
   * offset of an empty one is 0 unless `slot.keepOffset`.
   */
  bytesAt(name: string, slot: Slot, v: Uint8Array, align?: number): Uint8Array;
  utf16At(name: string, slot: Slot, v: string, align?: number): string;
  /** As `bytesAt`, but an Encoder keeps a reference instead of copying, for bulk data at the end of a message. */
  payloadAt(name: string, slot: Slot, v: Uint8Array): Uint8Array;
  /** A structure with its own base, whose length is in the slot. */
  structAt<T extends Wire>(name: string, slot: Slot, v: T, align?: number): T;
  /** A structure at the current position with the same base and window; only groups its fields for the viewer. */
  struct<T extends Wire>(name: string, v: T): T;
  /** Runs `body` with the slot's bytes as window when reading, or sets the slot from what it wrote. Same base. */
  within(name: string, slot: Slot, body: () => void): void;
  /** `count` structures here, each aligned to `align` relative to the base. `make` creates one for reading. */
  list<T extends Wire>(name: string, count: number, v: T[], make: () => T, align?: number): T[];
  /**
   * Entries linked by a 32-bit NextEntryOffset, the first field of each, which is handled here: an entry's `layout()`
   * starts after it, with its base at the start of the entry. Extends to the end of the window or slot.
   */
  chain<T extends Wire>(name: string, v: T[], make: () => T, align: number, slot?: Slot): T[];
}
