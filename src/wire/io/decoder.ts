import { type Guid, readGuid } from '../dtyp/guid.js';
import { FileId } from './file-id.js';
import type { Layout, Wire } from './layout.js';
import { Malformed } from './malformed.js';
import type { NameTable } from './names.js';
import { Slot } from './slot.js';
import { decodeUtf16 } from './utf16.js';

export const EMPTY: Uint8Array = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY.buffer);
const LATIN1_CHUNK = 4096;
/** Stands for any offset beyond the exact range of numbers. */
const FAR = 2 ** 53;
/** The largest number below 2^63: sizes are signed on the wire. */
export const MAX_SIZE: number = 2 ** 63 - 1024;

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += LATIN1_CHUNK) {
    text += String.fromCharCode.apply(null, bytes.subarray(i, i + LATIN1_CHUNK) as unknown as number[]);
  }
  return text;
}

/**
 * Layout that reads. Every length is checked before use, offsets must lie inside the window, chains must move forward;
 * any violation throws `Malformed`. Byte fields are views of the chunk: copy them to keep them.
 */
export class Decoder implements Layout {
  readonly reading: boolean = true;
  dialect = 0;
  unicode = true;
  chunk: Uint8Array = EMPTY;
  view: DataView = EMPTY_VIEW;
  /** Absolute positions in the chunk. */
  base = 0;
  pos = 0;
  end = 0;

  /** Starts reading the bytes `[base, end)` of a chunk. The DataView is reused while the chunk is the same. */
  reset(chunk: Uint8Array, base = 0, end: number = chunk.length): this {
    if (chunk !== this.chunk) {
      this.chunk = chunk;
      this.view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    }
    this.base = base;
    this.pos = base;
    this.end = end;
    return this;
  }

  /** Drops the reference to the chunk. */
  release(): void {
    this.chunk = EMPTY;
    this.view = EMPTY_VIEW;
    this.base = this.pos = this.end = 0;
  }

  get at(): number {
    return this.pos - this.base;
  }

  get left(): number {
    return this.end - this.pos;
  }

  /** Consumes `n` bytes and returns where they start. */
  need(name: string, n: number): number {
    const from = this.pos;
    if (n > this.end - from) throw new Malformed(name, from - this.base, `needs ${n} bytes, ${this.end - from} left`);
    this.pos = from + n;
    return from;
  }

  u8(name: string, _v: number, _names?: NameTable): number {
    return this.view.getUint8(this.need(name, 1));
  }
  u16(name: string, _v: number, _names?: NameTable): number {
    return this.view.getUint16(this.need(name, 2), true);
  }
  u32(name: string, _v: number, _names?: NameTable): number {
    return this.view.getUint32(this.need(name, 4), true);
  }
  i16(name: string, _v: number): number {
    return this.view.getInt16(this.need(name, 2), true);
  }
  i32(name: string, _v: number): number {
    return this.view.getInt32(this.need(name, 4), true);
  }
  u16be(name: string, _v: number, _names?: NameTable): number {
    return this.view.getUint16(this.need(name, 2), false);
  }
  u32be(name: string, _v: number, _names?: NameTable): number {
    return this.view.getUint32(this.need(name, 4), false);
  }
  flags8(name: string, _v: number, _bits: NameTable): number {
    return this.view.getUint8(this.need(name, 1));
  }
  flags16(name: string, _v: number, _bits: NameTable): number {
    return this.view.getUint16(this.need(name, 2), true);
  }
  flags32(name: string, _v: number, _bits: NameTable): number {
    return this.view.getUint32(this.need(name, 4), true);
  }

  u64(name: string, _v: number): number {
    const from = this.need(name, 8);
    const low = this.view.getUint32(from, true);
    const high = this.view.getUint32(from + 4, true);
    if (high <= 0x1fffff) return high * 4294967296 + low;
    if (high === 0xffffffff && low === 0xffffffff) return -1;
    throw new Malformed(name, from - this.base, 'above 2^53-1');
  }

  offset64(name: string, _v: number): number {
    const from = this.need(name, 8);
    const low = this.view.getUint32(from, true);
    const high = this.view.getUint32(from + 4, true);
    if (high <= 0x1fffff) return high * 4294967296 + low;
    if (high > 0x7fffffff) return -1;
    return high === 0x7fffffff && low === 0xffffffff ? Number.POSITIVE_INFINITY : FAR;
  }

  size64(name: string, _v: number): number {
    const from = this.need(name, 8);
    const low = this.view.getUint32(from, true);
    return Math.min(this.view.getUint32(from + 4, true) * 4294967296 + low, MAX_SIZE);
  }

  x64(name: string, _v: bigint): bigint {
    return this.view.getBigUint64(this.need(name, 8), true);
  }
  time(name: string, _v: bigint): bigint {
    return this.view.getBigUint64(this.need(name, 8), true);
  }
  guid(name: string, _v: Guid): Guid {
    return readGuid(this.chunk, this.need(name, 16));
  }

  fileId(name: string, _v: FileId): FileId {
    const from = this.need(name, 16);
    const view = this.view;
    return new FileId(
      view.getUint32(from, true),
      view.getUint32(from + 4, true),
      view.getUint32(from + 8, true),
      view.getUint32(from + 12, true),
    );
  }

  same8(name: string, expected: number): void {
    this.#same(name, expected, this.u8(name, 0), 1);
  }
  same16(name: string, expected: number): void {
    this.#same(name, expected, this.u16(name, 0), 2);
  }
  same32(name: string, expected: number): void {
    this.#same(name, expected, this.u32(name, 0), 4);
  }
  #same(name: string, expected: number, found: number, size: number): void {
    if (found !== expected) throw new Malformed(name, this.at - size, `is ${found}, must be ${expected}`);
  }

  skip(name: string, n: number): void {
    this.need(name, n);
  }

  align(n: number): void {
    const over = (this.pos - this.base) % n;
    if (over !== 0) this.pos = Math.min(this.end, this.pos + n - over);
  }

  bytes(name: string, n: number, _v: Uint8Array): Uint8Array {
    const from = this.need(name, n);
    return this.chunk.subarray(from, from + n);
  }
  rest(name: string, v: Uint8Array): Uint8Array {
    return this.bytes(name, this.left, v);
  }
  utf16Rest(name: string, _v: string): string {
    return decodeUtf16(this.rest(name, EMPTY));
  }

  oem(name: string, _v: string): string {
    const nul = this.chunk.indexOf(0, this.pos);
    const found = nul !== -1 && nul < this.end;
    const text = this.bytes(name, (found ? nul : this.end) - this.pos, EMPTY);
    if (found) this.pos++;
    return latin1(text);
  }

  utf16z(name: string, _v: string): string {
    this.align(2);
    let to = this.pos;
    while (to + 1 < this.end && (this.chunk[to] !== 0 || this.chunk[to + 1] !== 0)) to += 2;
    const text = decodeUtf16(this.bytes(name, to - this.pos, EMPTY));
    this.pos = Math.min(this.end, to + 2);
    return text;
  }

  text(name: string, v: string): string {
    return this.unicode ? this.utf16z(name, v) : this.oem(name, v);
  }

  u16s(name: string, count: number, _v: number[]): number[] {
    let from = this.need(name, count * 2);
    const values: number[] = [];
    for (let i = 0; i < count; i++, from += 2) values.push(this.view.getUint16(from, true));
    return values;
  }

  offset8(name: string, slot: Slot = new Slot()): Slot {
    slot.offset = this.u8(name, 0);
    return slot;
  }
  offset16(name: string, slot: Slot = new Slot()): Slot {
    slot.offset = this.u16(name, 0);
    return slot;
  }
  offset32(name: string, slot: Slot = new Slot()): Slot {
    slot.offset = this.u32(name, 0);
    return slot;
  }
  length8(name: string, slot: Slot = new Slot()): Slot {
    slot.length = this.u8(name, 0);
    return slot;
  }
  length16(name: string, slot: Slot = new Slot()): Slot {
    slot.length = this.u16(name, 0);
    return slot;
  }
  length32(name: string, slot: Slot = new Slot()): Slot {
    slot.length = this.u32(name, 0);
    return slot;
  }
  maxLength16(name: string, slot: Slot): Slot {
    this.u16(name, 0);
    return slot;
  }

  /** Checks that a slot's bytes lie in the window and returns where they start, or -1 if there are none. */
  locate(name: string, slot: Slot): number {
    if (slot.length === 0) return -1;
    const from = slot.offset === -1 ? this.pos : this.base + slot.offset;
    if (slot.length < 0 || slot.length > this.end - from) {
      throw new Malformed(name, from - this.base, `${slot.length} bytes run past the end`);
    }
    return from;
  }

  bytesAt(name: string, slot: Slot, _v: Uint8Array, _align?: number): Uint8Array {
    const from = this.locate(name, slot);
    if (from === -1) return EMPTY;
    const to = from + slot.length;
    if (to > this.pos) this.pos = to;
    return this.chunk.subarray(from, to);
  }
  utf16At(name: string, slot: Slot, _v: string, _align?: number): string {
    return decodeUtf16(this.bytesAt(name, slot, EMPTY));
  }
  payloadAt(name: string, slot: Slot, v: Uint8Array): Uint8Array {
    return this.bytesAt(name, slot, v);
  }

  structAt<T extends Wire>(name: string, slot: Slot, v: T, _align?: number): T {
    const from = this.locate(name, slot);
    this.window(from === -1 ? this.pos : from, Math.max(slot.length, 0), true, () => v.layout(this));
    return v;
  }

  struct<T extends Wire>(_name: string, v: T): T {
    v.layout(this);
    return v;
  }

  within(name: string, slot: Slot, body: () => void): void {
    const from = this.locate(name, slot);
    this.window(from === -1 ? this.pos : from, Math.max(slot.length, 0), false, body);
  }

  list<T extends Wire>(name: string, count: number, _v: T[], make: () => T, align = 1): T[] {
    if (count > this.left) throw new Malformed(name, this.at, `${count} entries in ${this.left} bytes`);
    const items: T[] = [];
    for (let i = 0; i < count; i++) {
      if (align > 1) this.align(align);
      items.push(this.struct(`${name}[${i}]`, make()));
    }
    return items;
  }

  chain<T extends Wire>(name: string, _v: T[], make: () => T, _align: number, slot?: Slot): T[] {
    const items: T[] = [];
    let from = slot ? this.locate(name, slot) : this.pos;
    const end = slot && from !== -1 ? from + slot.length : this.end;
    while (from !== -1 && from < end) {
      const next = this.#next(name, from, end);
      const item = make();
      this.window(from, (next || end) - from, true, () => this.entry(name, items.length, item));
      items.push(item);
      from = next || end;
    }
    return items;
  }

  /** Where the next entry of a chain starts; 0 for none. */
  #next(name: string, from: number, end: number): number {
    if (end - from < 4) throw new Malformed(name, from - this.base, 'entry is cut off');
    const next = this.view.getUint32(from, true);
    if (next === 0) return 0;
    if (next < 4 || next > end - from) throw new Malformed(name, from - this.base, `next entry at ${next}`);
    return from + next;
  }

  /** Reads one entry of a chain, with the window already set. */
  protected entry(_name: string, _index: number, item: Wire): void {
    this.need('NextEntryOffset', 4);
    item.layout(this);
  }

  /** Runs `body` in the window `[from, from + length)`, then continues after it, or where it was if that is further. */
  protected window(from: number, length: number, rebase: boolean, body: () => void): void {
    const { base, end, pos } = this;
    if (rebase) this.base = from;
    this.pos = from;
    this.end = from + length;
    body();
    this.base = base;
    this.end = end;
    this.pos = Math.max(pos, from + length);
  }
}
