import { filetimeText } from '../dtyp/filetime.js';
import type { Guid } from '../dtyp/guid.js';
import { Decoder, MAX_SIZE } from './decoder.js';
import type { FileId } from './file-id.js';
import type { Wire } from './layout.js';
import { Malformed } from './malformed.js';
import { flagText, type NameTable } from './names.js';
import type { Slot } from './slot.js';

/** Value of a field. Bytes are views of the dissected frame. */
export type FieldValue = number | bigint | string | Uint8Array | readonly number[] | null;

/** One field of a dissected frame: its spec name, its bytes, its meaning. */
export interface Field {
  readonly name: string;
  /** First byte, counted from the start of the dissected bytes. */
  readonly at: number;
  /** Length in bytes. */
  readonly size: number;
  readonly value: FieldValue;
  /** Readable form: names of codes and flags, times as dates. */
  readonly text: string;
  readonly children?: readonly Field[];
}

/** A Decoder that records all fields, including those read before a failure. */
export class Dissector extends Decoder {
  fields: Field[] = [];

  #add<T extends FieldValue>(name: string, size: number, value: T, text?: string): T {
    this.fields.push({ name, at: this.pos - size, size, value, text: text ?? String(value) });
    return value;
  }

  override u8(name: string, v: number, names?: NameTable): number {
    const value = super.u8(name, v);
    return this.#add(name, 1, value, names?.[value]);
  }
  override u16(name: string, v: number, names?: NameTable): number {
    const value = super.u16(name, v);
    return this.#add(name, 2, value, names?.[value]);
  }
  override u32(name: string, v: number, names?: NameTable): number {
    const value = super.u32(name, v);
    return this.#add(name, 4, value, names?.[value]);
  }
  override i16(name: string, v: number): number {
    return this.#add(name, 2, super.i16(name, v));
  }
  override i32(name: string, v: number): number {
    return this.#add(name, 4, super.i32(name, v));
  }
  override u16be(name: string, v: number, names?: NameTable): number {
    const value = super.u16be(name, v);
    return this.#add(name, 2, value, names?.[value]);
  }
  override u32be(name: string, v: number, names?: NameTable): number {
    const value = super.u32be(name, v);
    return this.#add(name, 4, value, names?.[value]);
  }
  override flags8(name: string, v: number, bits: NameTable): number {
    const value = super.flags8(name, v, bits);
    return this.#add(name, 1, value, flagText(value, bits));
  }
  override flags16(name: string, v: number, bits: NameTable): number {
    const value = super.flags16(name, v, bits);
    return this.#add(name, 2, value, flagText(value, bits));
  }
  override flags32(name: string, v: number, bits: NameTable): number {
    const value = super.flags32(name, v, bits);
    return this.#add(name, 4, value, flagText(value, bits));
  }
  override u64(name: string, v: number): number {
    const value = super.u64(name, v);
    return this.#add(name, 8, value, value === -1 ? 'all ones' : undefined);
  }
  override offset64(name: string, v: number): number {
    const value = super.offset64(name, v);
    return this.#add(name, 8, value, value === -1 ? 'negative' : undefined);
  }
  override size64(name: string, v: number): number {
    const value = super.size64(name, v);
    return this.#add(name, 8, value, value === MAX_SIZE ? 'the largest, or more' : undefined);
  }
  override x64(name: string, v: bigint): bigint {
    return this.#add(name, 8, super.x64(name, v));
  }
  override time(name: string, v: bigint): bigint {
    const value = super.time(name, v);
    return this.#add(name, 8, value, filetimeText(value));
  }
  override guid(name: string, v: Guid): Guid {
    return this.#add(name, 16, super.guid(name, v));
  }
  override fileId(name: string, v: FileId): FileId {
    const value = super.fileId(name, v);
    this.#add(name, 16, value.toString());
    return value;
  }
  override skip(name: string, n: number): void {
    super.skip(name, n);
    const bytes = this.chunk.subarray(this.pos - n, this.pos);
    if (bytes.some((byte) => byte !== 0)) this.#add(name, n, bytes, `not zero: ${hex(bytes)}`);
  }
  override bytes(name: string, n: number, v: Uint8Array): Uint8Array {
    return this.#bytes(name, super.bytes(name, n, v));
  }
  override oem(name: string, v: string): string {
    return this.#text(name, () => this.#quiet(() => super.oem(name, v)));
  }
  override utf16z(name: string, v: string): string {
    this.align(2);
    return this.#text(name, () => this.#quiet(() => super.utf16z(name, v)));
  }
  override utf16Rest(name: string, v: string): string {
    return this.#text(name, () => this.#quiet(() => super.utf16Rest(name, v)));
  }
  override u16s(name: string, count: number, v: number[]): number[] {
    const values = super.u16s(name, count, v);
    this.#add(name, count * 2, values, values.join(', '));
    return values;
  }
  override maxLength16(name: string, slot: Slot): Slot {
    return super.maxLength16(name, slot);
  }

  override bytesAt(name: string, slot: Slot, v: Uint8Array, align?: number): Uint8Array {
    const value = super.bytesAt(name, slot, v, align);
    if (value.length > 0) this.#note(name, value, value, bytesText(value));
    return value;
  }
  override utf16At(name: string, slot: Slot, v: string, align?: number): string {
    const value = this.#quiet(() => super.utf16At(name, slot, v, align));
    const from = slot.offset === -1 ? this.pos - Math.max(slot.length, 0) : this.base + slot.offset;
    this.fields.push({ name, at: from, size: Math.max(slot.length, 0), value, text: value });
    return value;
  }

  override structAt<T extends Wire>(name: string, slot: Slot, v: T, align?: number): T {
    const at = slot.offset === -1 ? this.pos : this.base + slot.offset;
    return this.#group(name, at, () => super.structAt(name, slot, v, align), slot.length);
  }
  override struct<T extends Wire>(name: string, v: T): T {
    return this.#group(name, this.pos, () => super.struct(name, v));
  }
  override within(name: string, slot: Slot, body: () => void): void {
    const at = slot.offset === -1 ? this.pos : this.base + slot.offset;
    this.#group(name, at, () => super.within(name, slot, body), slot.length);
  }
  protected override entry(name: string, index: number, item: Wire): void {
    this.#group(`${name}[${index}]`, this.pos, () => {
      this.u32('NextEntryOffset', 0);
      item.layout(this);
    });
  }

  /** Runs `body`, collecting its fields under one parent even if it fails half-way. */
  #group<T>(name: string, at: number, body: () => T, size?: number): T {
    const outer = this.fields;
    const children: Field[] = [];
    this.fields = children;
    try {
      return body();
    } finally {
      this.fields = outer;
      outer.push({ name, at, size: size ?? this.pos - at, value: null, text: '', children });
    }
  }

  /** Runs a composite verb of the Decoder without recording the verbs that it uses. */
  #quiet<T>(body: () => T): T {
    const outer = this.fields;
    this.fields = [];
    try {
      return body();
    } finally {
      this.fields = outer;
    }
  }

  #text(name: string, read: () => string): string {
    const at = this.pos;
    const value = read();
    this.fields.push({ name, at, size: this.pos - at, value, text: value });
    return value;
  }

  #bytes(name: string, value: Uint8Array): Uint8Array {
    return this.#add(name, value.length, value, bytesText(value));
  }

  #note(name: string, bytes: Uint8Array, value: FieldValue, text: string): void {
    const at = bytes.byteOffset - this.chunk.byteOffset;
    this.fields.push({ name, at, size: bytes.length, value, text });
  }
}

/** Dissects one structure; fields read before an error are kept. */
export function dissectWith(
  io: Dissector,
  message: Wire,
): { fields: readonly Field[]; malformed: Malformed | undefined } {
  try {
    message.layout(io);
    return { fields: io.fields, malformed: undefined };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { fields: io.fields, malformed: error };
  }
}

function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

function bytesText(bytes: Uint8Array): string {
  return bytes.length <= 32 ? hex(bytes) : `${bytes.length} bytes`;
}
