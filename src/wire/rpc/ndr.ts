import type { Layout, Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import type { NameTable } from '../io/names.js';
import { Slot } from '../io/slot.js';

/** First referent id, as Windows and Samba choose it; further ones step by 4. */
const FIRST_REFERENT = 0x00020000;
const REFERENT_STEP = 4;

/**
 * [C706] 14 NDR transfer syntax, on top of a Layout whose base is the start of the stub. What embedded pointers point
 * to follows the construct that holds them; `param` is where that is made good. Counts are checked against the bytes
 * that are left, and the depth is that of the types: nothing here recurses on data.
 */
export class Ndr {
  readonly io: Layout;
  #referent = FIRST_REFERENT;
  #deferred: (() => void)[] = [];

  constructor(io: Layout) {
    this.io = io;
  }

  u32(name: string, v: number, names?: NameTable): number {
    this.io.align(4);
    return this.io.u32(name, v, names);
  }

  flags32(name: string, v: number, bits: NameTable): number {
    this.io.align(4);
    return this.io.flags32(name, v, bits);
  }

  i32(name: string, v: number): number {
    this.io.align(4);
    return this.io.i32(name, v);
  }

  /** A parameter of the operation: its own part, then what its pointers point to, depth first. */
  param(body: () => void): void {
    const outer = this.#deferred;
    const inner: (() => void)[] = [];
    this.#deferred = inner;
    body();
    for (const pointee of inner) this.param(pointee);
    this.#deferred = outer;
  }

  /**
   * [C706] 14.3.10 A unique pointer. `pointee` runs later, unless the pointer is null. Returns whether it points
   * anywhere.
   */
  pointer(name: string, present: boolean, pointee: () => void): boolean {
    const id = this.u32(name, present ? this.#referent : 0);
    if (id === 0) return false;
    this.#referent += REFERENT_STEP;
    this.#deferred.push(pointee);
    return true;
  }

  /** A unique pointer to a string. */
  stringPointer(name: string, v: string | null, set: (v: string | null) => void): void {
    const present = this.pointer(name, v !== null, () => set(this.string(name, v ?? '')));
    if (!present) set(null);
  }

  /** A unique pointer to a 32-bit number. */
  u32Pointer(name: string, v: number | null, set: (v: number | null) => void): void {
    const present = this.pointer(name, v !== null, () => set(this.u32(name, v ?? 0)));
    if (!present) set(null);
  }

  /** [C706] 14.3.4.2 A [string] of wchar_t, conformant and varying; its terminating NUL is not part of the value. */
  string(name: string, v: string): string {
    const units = v.length + 1;
    const maximum = this.u32('MaximumCount', units);
    const offset = this.u32('Offset', 0);
    const actual = this.u32('ActualCount', units);
    if (offset !== 0 || actual > maximum) {
      throw new Malformed(name, this.io.at, `${actual} characters from ${offset} in a string of ${maximum}`);
    }
    const text = new Slot();
    text.length = actual * 2;
    const read = this.io.utf16At(name, text, `${v}\0`);
    return read.endsWith('\0') ? read.slice(0, -1) : read;
  }

  /** [C706] 14.3.3.1 The conformant array behind a [size_is(count)] pointer, its elements laid out by `element`. */
  array<T>(name: string, count: number, v: T[], make: () => T, element: (item: T) => void): T[] {
    const { io } = this;
    this.#count(name, count, 4);
    const items: T[] = [];
    for (let i = 0; i < count; i++) {
      const item = io.reading ? make() : (v[i] as T);
      io.align(4);
      this.group(`${name}[${i}]`, () => element(item));
      items.push(item);
    }
    return items;
  }

  /** [C706] 14.3.3.1 The conformant array of bytes behind a [size_is(count)] pointer. */
  bytes(name: string, count: number, v: Uint8Array): Uint8Array {
    this.#count(name, count, 1);
    return this.io.bytes(name, count, v);
  }

  /** Groups fields for the viewer. */
  group(name: string, body: () => void): void {
    const fields: Wire = { layout: body };
    this.io.struct(name, fields);
  }

  /** MaximumCount, which must be what size_is says and cannot exceed what is left. */
  #count(name: string, count: number, size: number): void {
    const { io } = this;
    const maximum = this.u32('MaximumCount', count);
    if (maximum !== count) throw new Malformed(name, io.at, `${maximum} elements, ${count} announced`);
    if (io.reading && count > io.left / size) throw new Malformed(name, io.at, `${count} elements in ${io.left} bytes`);
  }
}
