import type { Guid } from '#wire/dtyp/guid.js';
import { MAX_SIZE } from '#wire/io/decoder.js';
import { FileId } from '#wire/io/file-id.js';
import type { Layout, Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import type { NameTable } from '#wire/io/names.js';
import { Slot } from '#wire/io/slot.js';

const MAX_BYTES = 24;
const MAX_TEXT = 12;
const MAX_ITEMS = 4;
const MAX_DEPTH = 6;
const LETTERS = 'abcXYZ019 ._-$é\u0436\u4e2d';

/**
 * Walks a `layout()` like a Decoder, but invents the values: mostly from the name tables, and arbitrary sizes. The
 * result is a message that can be encoded; its lengths and offsets follow from its parts. The same seed gives the same
 * message.
 */
export class Sampler implements Layout {
  readonly reading: boolean = true;
  dialect = 0;
  unicode = true;
  /** Counts as if the bytes existed, so that alignment and `if (io.left > …)` have an effect. */
  at = 0;
  left = 4096;
  #state: number;
  #depth = 0;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 ≤ x < 2^32, by mulberry32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  #below(n: number): number {
    return this.#next() % n;
  }

  #take(bytes: number): void {
    this.at += bytes;
    this.left -= bytes;
  }

  /** Mostly a code from the table, sometimes any number; without a table, small, large or all ones. */
  #number(bits: number, v: number, names?: NameTable, name = ''): number {
    this.#take(bits / 8);
    // Counts and sizes of what follows must be small, or nothing would fit.
    if (/[a-z]Count$/.test(name) && name !== 'WordCount') return this.#below(MAX_ITEMS + 1);
    if (/^A\w+Size$/.test(name)) return 8 + this.#below(64);
    const max = 2 ** bits;
    const codes = names ? Object.keys(names).map(Number) : [];
    if (codes.length > 0 && this.#below(8) !== 0) return (codes[this.#below(codes.length)] as number) % max;
    const choice = this.#below(8);
    // The default is often the only value that the other parts of the message allow.
    if (choice < 4) return Math.max(v, 0);
    if (choice === 4) return this.#below(4);
    return choice === 5 ? max - 1 : this.#next() % max;
  }

  #flags(bits: number, names: NameTable): number {
    this.#take(bits / 8);
    let value = 0;
    for (const key of Object.keys(names)) if (this.#below(2) === 0) value |= Number(key);
    return (value >>> 0) % 2 ** bits;
  }

  u8(name: string, v: number, names?: NameTable): number {
    return this.#number(8, v, names, name);
  }
  u16(name: string, v: number, names?: NameTable): number {
    return this.#number(16, v, names, name);
  }
  u32(name: string, v: number, names?: NameTable): number {
    return this.#number(32, v, names, name);
  }
  i16(_name: string, _v: number): number {
    return (this.#number(16, 0) << 16) >> 16;
  }
  i32(_name: string, _v: number): number {
    return this.#number(32, 0) | 0;
  }
  u16be(name: string, v: number, names?: NameTable): number {
    return this.u16(name, v, names);
  }
  u32be(name: string, v: number, names?: NameTable): number {
    return this.u32(name, v, names);
  }
  flags8(_name: string, _v: number, bits: NameTable): number {
    return this.#flags(8, bits);
  }
  flags16(_name: string, _v: number, bits: NameTable): number {
    return this.#flags(16, bits);
  }
  flags32(_name: string, _v: number, bits: NameTable): number {
    return this.#flags(32, bits);
  }

  u64(_name: string, _v: number): number {
    this.#take(8);
    const choice = this.#below(4);
    if (choice === 0) return -1;
    return choice === 1 ? Number.MAX_SAFE_INTEGER : this.#below(0x200000) * 4294967296 + this.#next();
  }
  offset64(name: string, v: number): number {
    const value = this.u64(name, v);
    return value === Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : value;
  }
  size64(name: string, v: number): number {
    const value = this.u64(name, v);
    return value === -1 ? MAX_SIZE : value;
  }
  x64(_name: string, _v: bigint): bigint {
    this.#take(8);
    return (BigInt(this.#next()) << 32n) | BigInt(this.#next());
  }
  time(name: string, v: bigint): bigint {
    return this.x64(name, v);
  }
  guid(_name: string, _v: Guid): Guid {
    this.#take(16);
    const hex = Array.from({ length: 4 }, () => this.#next().toString(16).padStart(8, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
  fileId(_name: string, _v: FileId): FileId {
    this.#take(16);
    return this.#below(8) === 0 ? FileId.related : new FileId(this.#next(), this.#next(), this.#next(), this.#next());
  }

  same8(): void {
    this.#take(1);
  }
  same16(): void {
    this.#take(2);
  }
  same32(): void {
    this.#take(4);
  }
  skip(_name: string, n: number): void {
    this.#take(n);
  }
  align(n: number): void {
    const over = this.at % n;
    if (over !== 0) this.#take(n - over);
  }

  bytes(_name: string, n: number, _v: Uint8Array): Uint8Array {
    if (n > 4096) throw new Malformed('bytes', this.at, 'too many for a sample');
    this.#take(n);
    return Uint8Array.from({ length: n }, () => this.#below(256));
  }
  rest(name: string, v: Uint8Array): Uint8Array {
    return this.bytes(name, this.#below(MAX_BYTES), v);
  }

  /** Contains no NUL, which would end it. */
  #text(width: number): string {
    const length = this.#below(MAX_TEXT);
    const letters = width === 2 ? LETTERS.length : LETTERS.length - 2;
    let text = '';
    for (let i = 0; i < length; i++) text += LETTERS[this.#below(letters)];
    this.#take(length * width);
    return text;
  }
  utf16Rest(_name: string, _v: string): string {
    return this.#text(2);
  }
  oem(_name: string, _v: string): string {
    this.#take(1);
    return this.#text(1);
  }
  utf16z(_name: string, _v: string): string {
    this.align(2);
    this.#take(2);
    return this.#text(2);
  }
  text(name: string, v: string): string {
    return this.unicode ? this.utf16z(name, v) : this.oem(name, v);
  }
  u16s(_name: string, count: number, _v: number[]): number[] {
    return Array.from({ length: Math.min(count, MAX_BYTES) }, () => this.#number(16, 0));
  }

  // The content of a slot is decided when its part is invented; until then it has some length, as on the wire.
  #slot(size: number, slot: Slot = new Slot()): Slot {
    this.#take(size);
    slot.length = this.#below(MAX_BYTES);
    return slot;
  }
  #place(size: number, slot: Slot = new Slot()): Slot {
    this.#take(size);
    slot.offset = this.at;
    return slot;
  }
  offset8(_name: string, slot?: Slot): Slot {
    return this.#place(1, slot);
  }
  offset16(_name: string, slot?: Slot): Slot {
    return this.#place(2, slot);
  }
  offset32(_name: string, slot?: Slot): Slot {
    return this.#place(4, slot);
  }
  length8(_name: string, slot?: Slot): Slot {
    return this.#slot(1, slot);
  }
  length16(_name: string, slot?: Slot): Slot {
    return this.#slot(2, slot);
  }
  length32(_name: string, slot?: Slot): Slot {
    return this.#slot(4, slot);
  }
  maxLength16(_name: string, slot: Slot): Slot {
    this.#take(2);
    return slot;
  }

  bytesAt(name: string, slot: Slot, v: Uint8Array, _align?: number): Uint8Array {
    return this.bytes(name, Math.max(slot.length, 0), v);
  }
  utf16At(_name: string, slot: Slot, _v: string, _align?: number): string {
    return slot.length === 0 ? '' : this.#text(2);
  }
  payloadAt(name: string, slot: Slot, v: Uint8Array): Uint8Array {
    return this.bytesAt(name, slot, v);
  }

  structAt<T extends Wire>(_name: string, slot: Slot, v: T, _align?: number): T {
    this.#inside(true, slot.length, () => v.layout(this));
    return v;
  }
  struct<T extends Wire>(_name: string, v: T): T {
    this.#inside(false, -1, () => v.layout(this));
    return v;
  }
  within(_name: string, slot: Slot, body: () => void): void {
    this.#inside(false, slot.length, body);
  }
  #inside(rebase: boolean, length: number, body: () => void): void {
    if (this.#depth === MAX_DEPTH) throw new Malformed('depth', this.at, 'too deep for a sample');
    const { at, left } = this;
    this.#depth++;
    if (rebase) this.at = 0;
    if (length >= 0) this.left = length;
    body();
    if (rebase) this.at += at;
    this.left = left;
    this.#depth--;
  }

  list<T extends Wire>(name: string, count: number, _v: T[], make: () => T, align = 1): T[] {
    return Array.from({ length: Math.min(count, MAX_ITEMS) }, () => {
      if (align > 1) this.align(align);
      return this.struct(name, make());
    });
  }
  chain<T extends Wire>(name: string, _v: T[], make: () => T, _align: number, slot?: Slot): T[] {
    if (slot && slot.length === 0) return [];
    return Array.from({ length: 1 + this.#below(MAX_ITEMS) }, () => {
      this.#take(4);
      return this.structAt(name, new Slot(), make());
    });
  }
}
