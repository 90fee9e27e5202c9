import type { Guid } from '../dtyp/guid.js';
import type { FileId } from './file-id.js';
import type { NameTable } from './names.js';
import type { Slot } from './slot.js';

/** Anything that declares its bytes once. */
export interface Wire {
  /** Names every field once, in wire order. What `io` is decides whether that reads, writes or describes. */
  layout(io: Layout): unknown;
}

/**
 * What a message's `layout()` talks to. Each verb takes the current value and returns the value that now holds:
 * a Decoder ignores the argument and returns what it read, an Encoder writes the argument and returns it,
 * a Dissector reads and remembers where.
 *
 * All numbers are little-endian but those of the `be` verbs. Offsets count from the `base`: the first byte of
 * the protocol header, or of the innermost `structAt`, `chain` or `rebase`.
 */
export interface Layout {
  /** True when values come from the wire (Decoder, Dissector). */
  readonly reading: boolean;
  /** SMB2 dialect revision that was agreed (0 before), for fields that depend on it. */
  readonly dialect: number;
  /** SMB_FLAGS2_UNICODE of the SMB1 message: decides what `text` is. */
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
  /** 64 bits as a safe integer; all ones is -1; anything else above 2^53-1 is malformed. */
  u64(name: string, v: number): number;
  /**
   * A place in a file. What lies beyond 2^53 is told apart no further: 2^53 stands for it, Infinity for 2^63-1, and -1 for
   * what is negative as a signed number.
   */
  offset64(name: string, v: number): number;
  /** A size in bytes or units; above 2^53 rounded to what a number can tell, at most `MAX_SIZE`. */
  size64(name: string, v: number): number;
  /** 64 opaque bits: exact, therefore bigint, therefore never in a hot message. */
  x64(name: string, v: bigint): bigint;
  /** [MS-DTYP] 2.3.3 FILETIME, in 100 ns since 1601. */
  time(name: string, v: bigint): bigint;
  guid(name: string, v: Guid): Guid;
  fileId(name: string, v: FileId): FileId;
  /** A constant that the peer must send (StructureSize, protocol ids); anything else is malformed. */
  same8(name: string, expected: number): void;
  same16(name: string, expected: number): void;
  same32(name: string, expected: number): void;
  /** Reserved bytes: zero when written, ignored when read, shown when not zero. */
  skip(name: string, n: number): void;
  /** Pads with zeros until `at` is a multiple of `n`. Reading, missing padding at the end of the window is fine. */
  align(n: number): void;

  /** Exactly `n` bytes here. Writing, `v` must have that length. */
  bytes(name: string, n: number, v: Uint8Array): Uint8Array;
  /** All bytes up to the end of the window. */
  rest(name: string, v: Uint8Array): Uint8Array;
  /** Like `rest`, as UTF-16LE. */
  utf16Rest(name: string, v: string): string;
  /** NUL-terminated OEM (read as Latin-1) string; a missing NUL at the end of the window is fine. */
  oem(name: string, v: string): string;
  /** NUL-terminated UTF-16LE string, aligned to 2; a missing NUL at the end of the window is fine. */
  utf16z(name: string, v: string): string;
  /** SMB1 string: `utf16z` when `unicode`, else `oem`. */
  text(name: string, v: string): string;
  /** `count` 16-bit values here. */
  u16s(name: string, count: number, v: number[]): number[];

  /** Parts of an offset/length pair. The first call makes the slot, further ones complete it, in any order. */
  offset8(name: string, slot?: Slot): Slot;
  offset16(name: string, slot?: Slot): Slot;
  offset32(name: string, slot?: Slot): Slot;
  length8(name: string, slot?: Slot): Slot;
  length16(name: string, slot?: Slot): Slot;
  length32(name: string, slot?: Slot): Slot;
  /** NTLM's MaxLen: a second copy of the length. */
  maxLength16(name: string, slot: Slot): Slot;

  /**
   * The variable part that a slot speaks of. A slot with a length only means "here". Reading, the position moves
   * behind it if it lies ahead. Writing, it goes to the current position aligned to `align`; an empty one leaves
   * offset 0 unless `slot.keepOffset`.
   */
  bytesAt(name: string, slot: Slot, v: Uint8Array, align?: number): Uint8Array;
  utf16At(name: string, slot: Slot, v: string, align?: number): string;
  /** As `bytesAt`, but an Encoder keeps a reference instead of copying: bulk data, last in its message. */
  payloadAt(name: string, slot: Slot, v: Uint8Array): Uint8Array;
  /** A structure with its own base, as long as the slot says. */
  structAt<T extends Wire>(name: string, slot: Slot, v: T, align?: number): T;
  /** A structure right here, same base and window: only groups its fields for the viewer. */
  struct<T extends Wire>(name: string, v: T): T;
  /** Runs `body` with the slot's bytes as the window (reading) or sets the slot from what it wrote. Same base. */
  within(name: string, slot: Slot, body: () => void): void;
  /** `count` structures here, each aligned to `align` (relative to the base). `make` builds one for reading. */
  list<T extends Wire>(name: string, count: number, v: T[], make: () => T, align?: number): T[];
  /**
   * Entries linked by a 32-bit NextEntryOffset, which is the first field of each and handled here: `layout()` of
   * an entry begins behind it, with its base at the entry's start. Up to the end of the window or slot.
   */
  chain<T extends Wire>(name: string, v: T[], make: () => T, align: number, slot?: Slot): T[];
}
