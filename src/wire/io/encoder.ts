import { type Guid, writeGuid } from '../dtyp/guid.js';
import { EMPTY } from './decoder.js';
import type { FileId } from './file-id.js';
import type { Layout, Wire } from './layout.js';
import type { NameTable } from './names.js';
import { Slot } from './slot.js';
import { writeUtf16 } from './utf16.js';

const SLAB = 65536;

/**
 * Layout that writes. Messages are written to a slab and handed out as views of it. A full slab is replaced rather than
 * reused, so bytes handed out never change. One encoder can serve any number of connections, because writing a message
 * is never interrupted.
 */
export class Encoder implements Layout {
  readonly reading: boolean = false;
  readonly left: number = 0;
  dialect = 0;
  unicode = true;
  out: Uint8Array = EMPTY;
  view: DataView = new DataView(EMPTY.buffer);
  /** Absolute positions in the slab. */
  start = 0;
  base = 0;
  pos = 0;
  /** Bulk data that follows the message's bytes, by reference. */
  payload: Uint8Array = EMPTY;
  readonly #slabSize: number;

  constructor(slabSize: number = SLAB) {
    this.#slabSize = slabSize;
  }

  /** Starts a message, with `reserve` bytes left free before it for a frame header. */
  begin(reserve = 0): this {
    if (this.out.length - this.pos < 1024 + reserve) this.#slab(this.#slabSize);
    this.pos = (this.pos + 7) & ~7;
    this.start = this.pos;
    this.pos += reserve;
    this.base = this.pos;
    this.payload = EMPTY;
    if (reserve > 0) this.out.fill(0, this.start, this.pos);
    return this;
  }

  /** Ends the message and returns its bytes, including the reserve. `payload` is to be sent after them. */
  end(): Uint8Array {
    return this.out.subarray(this.start, this.pos);
  }

  /** A whole message in one piece. */
  encode(message: Wire): Uint8Array {
    this.begin();
    message.layout(this);
    const head = this.end();
    if (this.payload.length === 0) return head;
    const whole = new Uint8Array(head.length + this.payload.length);
    whole.set(head);
    whole.set(this.payload, head.length);
    return whole;
  }

  #slab(size: number): void {
    this.out = new Uint8Array(size);
    this.view = new DataView(this.out.buffer);
    this.start = this.base = this.pos = 0;
  }

  /** Claims `n` bytes (not zeroed) and returns where they start. */
  room(n: number): number {
    if (this.pos + n > this.out.length) this.#grow(n);
    const from = this.pos;
    this.pos = from + n;
    return from;
  }

  // Moves the current message to a new slab; the old one lives on while there are views of it.
  #grow(n: number): void {
    const used = this.out.subarray(this.start, this.pos);
    const moved = this.start;
    const out = new Uint8Array(Math.max(this.#slabSize, (used.length + n) * 2));
    out.set(used);
    this.out = out;
    this.view = new DataView(out.buffer);
    this.start = 0;
    this.base -= moved;
    this.pos -= moved;
  }

  get at(): number {
    return this.pos - this.base;
  }

  u8(_name: string, v: number, _names?: NameTable): number {
    const at = this.room(1);
    this.view.setUint8(at, v);
    return v;
  }
  u16(_name: string, v: number, _names?: NameTable): number {
    const at = this.room(2);
    this.view.setUint16(at, v, true);
    return v;
  }
  u32(_name: string, v: number, _names?: NameTable): number {
    const at = this.room(4);
    this.view.setUint32(at, v, true);
    return v;
  }
  i16(name: string, v: number): number {
    return this.u16(name, v);
  }
  i32(name: string, v: number): number {
    return this.u32(name, v);
  }
  u16be(_name: string, v: number, _names?: NameTable): number {
    const at = this.room(2);
    this.view.setUint16(at, v, false);
    return v;
  }
  u32be(_name: string, v: number, _names?: NameTable): number {
    const at = this.room(4);
    this.view.setUint32(at, v, false);
    return v;
  }
  flags8(name: string, v: number, _bits: NameTable): number {
    return this.u8(name, v);
  }
  flags16(name: string, v: number, _bits: NameTable): number {
    return this.u16(name, v);
  }
  flags32(name: string, v: number, _bits: NameTable): number {
    return this.u32(name, v);
  }

  u64(_name: string, v: number): number {
    const at = this.room(8);
    const low = v === -1 ? 0xffffffff : v >>> 0;
    this.view.setUint32(at, low, true);
    this.view.setUint32(at + 4, v === -1 ? 0xffffffff : (v - low) / 4294967296, true);
    return v;
  }

  offset64(name: string, v: number): number {
    if (v !== Number.POSITIVE_INFINITY) return this.u64(name, v);
    const at = this.room(8);
    this.view.setUint32(at, 0xffffffff, true);
    this.view.setUint32(at + 4, 0x7fffffff, true);
    return v;
  }

  size64(name: string, v: number): number {
    return this.u64(name, v);
  }

  x64(_name: string, v: bigint): bigint {
    const at = this.room(8);
    this.view.setBigUint64(at, v, true);
    return v;
  }
  time(name: string, v: bigint): bigint {
    return this.x64(name, v);
  }
  guid(_name: string, v: Guid): Guid {
    const at = this.room(16);
    writeGuid(v, this.out, at);
    return v;
  }

  fileId(_name: string, v: FileId): FileId {
    const at = this.room(16);
    const view = this.view;
    view.setUint32(at, v.p0, true);
    view.setUint32(at + 4, v.p1, true);
    view.setUint32(at + 8, v.v0, true);
    view.setUint32(at + 12, v.v1, true);
    return v;
  }

  same8(name: string, expected: number): void {
    this.u8(name, expected);
  }
  same16(name: string, expected: number): void {
    this.u16(name, expected);
  }
  same32(name: string, expected: number): void {
    this.u32(name, expected);
  }

  skip(_name: string, n: number): void {
    const at = this.room(n);
    this.out.fill(0, at, at + n);
  }

  align(n: number): void {
    const over = (this.pos - this.base) % n;
    if (over !== 0) this.skip('', n - over);
  }

  bytes(name: string, n: number, v: Uint8Array): Uint8Array {
    if (v.length !== n) throw new RangeError(`${name} has ${v.length} bytes, must have ${n}`);
    return this.rest(name, v);
  }
  rest(_name: string, v: Uint8Array): Uint8Array {
    const at = this.room(v.length);
    this.out.set(v, at);
    return v;
  }
  utf16Rest(_name: string, v: string): string {
    const at = this.room(v.length * 2);
    writeUtf16(v, this.out, at);
    return v;
  }

  oem(name: string, v: string): string {
    const at = this.room(v.length + 1);
    for (let i = 0; i < v.length; i++) {
      const unit = v.charCodeAt(i);
      this.out[at + i] = unit < 256 ? unit : 0x3f;
    }
    this.out[at + v.length] = 0;
    void name;
    return v;
  }

  utf16z(_name: string, v: string): string {
    this.align(2);
    const at = this.room(v.length * 2 + 2);
    const end = writeUtf16(v, this.out, at);
    this.out[end] = this.out[end + 1] = 0;
    return v;
  }

  text(name: string, v: string): string {
    return this.unicode ? this.utf16z(name, v) : this.oem(name, v);
  }

  u16s(name: string, _count: number, v: number[]): number[] {
    for (const value of v) this.u16(name, value);
    return v;
  }

  offset8(_name: string, slot: Slot = new Slot()): Slot {
    return this.#offset(slot, 1);
  }
  offset16(_name: string, slot: Slot = new Slot()): Slot {
    return this.#offset(slot, 2);
  }
  offset32(_name: string, slot: Slot = new Slot()): Slot {
    return this.#offset(slot, 4);
  }
  length8(_name: string, slot: Slot = new Slot()): Slot {
    return this.#length(slot, 1);
  }
  length16(_name: string, slot: Slot = new Slot()): Slot {
    return this.#length(slot, 2);
  }
  length32(_name: string, slot: Slot = new Slot()): Slot {
    return this.#length(slot, 4);
  }
  maxLength16(_name: string, slot: Slot): Slot {
    slot.maxLengthAt = this.at;
    this.u16('', 0);
    return slot;
  }

  // Positions are kept relative to the base: the slab may move before they are filled in.
  #offset(slot: Slot, size: number): Slot {
    slot.offsetAt = this.at;
    slot.offsetSize = size;
    this.skip('', size);
    return slot;
  }
  #length(slot: Slot, size: number): Slot {
    slot.lengthAt = this.at;
    slot.lengthSize = size;
    this.skip('', size);
    return slot;
  }

  /** Fills in the fields of a slot for a payload of `length` bytes at `offset`. */
  #fill(slot: Slot, offset: number, length: number): void {
    slot.offset = offset;
    slot.length = length;
    if (slot.offsetAt !== -1 && (length > 0 || slot.keepOffset)) this.#patch(slot.offsetAt, slot.offsetSize, offset);
    if (slot.lengthAt !== -1) this.#patch(slot.lengthAt, slot.lengthSize, length);
    if (slot.maxLengthAt !== -1) this.#patch(slot.maxLengthAt, slot.lengthSize, length);
  }

  #patch(at: number, size: number, value: number): void {
    const where = this.base + at;
    if (size === 1) this.view.setUint8(where, value);
    else if (size === 2) this.view.setUint16(where, value, true);
    else this.view.setUint32(where, value, true);
  }

  bytesAt(name: string, slot: Slot, v: Uint8Array, align = 1): Uint8Array {
    if (v.length > 0) this.align(align);
    this.#fill(slot, this.at, v.length);
    return this.rest(name, v);
  }
  utf16At(name: string, slot: Slot, v: string, align = 2): string {
    if (v.length > 0 && slot.offsetAt !== -1) this.align(align);
    this.#fill(slot, this.at, v.length * 2);
    return this.utf16Rest(name, v);
  }
  payloadAt(_name: string, slot: Slot, v: Uint8Array): Uint8Array {
    this.#fill(slot, this.at, v.length);
    this.payload = v;
    return v;
  }

  structAt<T extends Wire>(_name: string, slot: Slot, v: T, align = 1): T {
    this.align(align);
    const at = this.at;
    this.#rebased(() => v.layout(this));
    this.#fill(slot, at, this.at - at);
    return v;
  }

  struct<T extends Wire>(_name: string, v: T): T {
    v.layout(this);
    return v;
  }

  within(_name: string, slot: Slot, body: () => void): void {
    const at = this.at;
    body();
    this.#fill(slot, at, this.at - at);
  }

  list<T extends Wire>(_name: string, _count: number, v: T[], _make: () => T, align = 1): T[] {
    for (const item of v) {
      if (align > 1) this.align(align);
      item.layout(this);
    }
    return v;
  }

  chain<T extends Wire>(_name: string, v: T[], _make: () => T, align: number, slot?: Slot): T[] {
    if (slot && v.length > 0) this.align(align);
    const start = this.at;
    v.forEach((item, index) => {
      const from = this.at;
      this.u32('', 0);
      this.#rebased(() => item.layout(this), 4);
      if (index === v.length - 1) return;
      const over = (this.at - from) % align;
      if (over !== 0) this.skip('', align - over);
      this.#patch(from, 4, this.at - from);
    });
    if (slot) this.#fill(slot, start, this.at - start);
    return v;
  }

  // The slab may move while the body runs, so the old base is restored by its distance.
  #rebased(body: () => void, back = 0): void {
    const distance = this.at - back;
    this.base += distance;
    body();
    this.base -= distance;
  }
}
