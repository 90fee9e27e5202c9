import type { Guid } from '../dtyp/guid.js';
import { Sid } from '../dtyp/sid.js';
import type { Layout, Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import type { NameTable } from '../io/names.js';
import { Slot } from '../io/slot.js';

/** First referent id, as in Windows and Samba; each further one is 4 higher. */
const FIRST_REFERENT = 0x00020000;
const REFERENT_STEP = 4;

/**
 * [C706] 14 NDR transfer syntax, on top of a Layout whose base is the start of the stub. The referents of embedded
 * pointers follow the construct that contains them; `param` takes care of that. Counts are checked against the
 * remaining bytes, and the nesting depth is that of the types: nothing here recurses on data.
 */
export class Ndr {
  readonly io: Layout;
  #referent = FIRST_REFERENT;
  #deferred: (() => void)[] = [];

  constructor(io: Layout) {
    this.io = io;
  }

  u8(name: string, v: number, names?: NameTable): number {
    return this.io.u8(name, v, names);
  }

  u16(name: string, v: number, names?: NameTable): number {
    this.io.align(2);
    return this.io.u16(name, v, names);
  }

  /** A `hyper`. */
  x64(name: string, v: bigint): bigint {
    this.io.align(8);
    return this.io.x64(name, v);
  }

  /** A `hyper` as in old structures of [MS-SAMR]: two 32-bit halves, aligned to 4. */
  halves64(name: string, v: bigint): bigint {
    this.io.align(4);
    return this.io.x64(name, v);
  }

  guid(name: string, v: Guid): Guid {
    this.io.align(4);
    return this.io.guid(name, v);
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

  /** A parameter of the operation: its own part, then the referents of its pointers, depth first. */
  param(body: () => void): void {
    const outer = this.#deferred;
    const inner: (() => void)[] = [];
    this.#deferred = inner;
    body();
    for (const pointee of inner) this.param(pointee);
    this.#deferred = outer;
  }

  /**
   * [C706] 14.3.10 A unique pointer. Returns whether it is non-null, in which case `pointee` runs later.
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

  /** A parameter that is a unique pointer, immediately followed by its referent; may be null. */
  optional<T>(name: string, v: T | null, value: () => T): T | null {
    let result: T | null = null;
    this.param(() => {
      this.pointer(name, v !== null, () => {
        result = value();
      });
    });
    return result;
  }

  /** A parameter that is a unique pointer to a string. */
  optionalString(name: string, v: string | null): string | null {
    return this.optional(name, v, () => this.string(name, v ?? ''));
  }

  /** A parameter that is a unique pointer to a 32-bit number. */
  optionalU32(name: string, v: number | null): number | null {
    return this.optional(name, v, () => this.u32(name, v ?? 0));
  }

  /** [C706] 14.3.4.2 A conformant and varying [string] of wchar_t; its terminating NUL is not part of the value. */
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

  /** [C706] 14.3.3.1 The conformant array of a [size_is(count)] pointer, with elements laid out by `element`. */
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

  /** [C706] 14.3.3.1 The conformant byte array of a [size_is(count)] pointer. */
  bytes(name: string, count: number, v: Uint8Array): Uint8Array {
    this.#count(name, count, 1);
    return this.io.bytes(name, count, v);
  }

  /**
   * [MS-DTYP] 2.3.10 RPC_UNICODE_STRING: two lengths in bytes, and a pointer to characters without a NUL. `spare`:
   * extra room that peers expect after the text. Null is a null pointer.
   */
  unicode(name: string, v: string | null, set: (v: string | null) => void, spare = 0): void {
    const bytes = (v?.length ?? 0) * 2;
    this.io.align(4);
    this.group(name, () => {
      const length = this.u16('Length', bytes);
      this.u16('MaximumLength', v === null ? 0 : bytes + spare);
      const present = this.pointer('Buffer', v !== null, () => {
        set(this.#characters(name, v ?? '', (v?.length ?? 0) + spare / 2, length));
      });
      if (!present) set(null);
    });
  }

  /** Counted characters including their NUL, inline as in [MS-SRVS] 2.2.4.91. */
  wideChars(name: string, v: string): string {
    const count = this.u32('ActualCount', v.length + 1);
    const text = new Slot();
    text.length = count * 2;
    const read = this.io.utf16At(name, text, `${v}\0`);
    return read.endsWith('\0') ? read.slice(0, -1) : read;
  }

  #characters(name: string, v: string, room: number, bytes: number): string {
    const maximum = this.u32('MaximumCount', room);
    const offset = this.u32('Offset', 0);
    const actual = this.u32('ActualCount', v.length);
    if (offset !== 0 || actual > maximum || (this.io.reading && actual * 2 !== bytes - (bytes % 2))) {
      throw new Malformed(name, this.io.at, `${actual} characters from ${offset} in a string of ${maximum}`);
    }
    const text = new Slot();
    text.length = actual * 2;
    return this.io.utf16At(name, text, v);
  }

  /** [MS-DTYP] 2.4.2.3 RPC_SID: the number of subauthorities, then the SID. */
  sid(name: string, v: Sid): Sid {
    const count = this.u32('MaximumCount', v.subAuthority.length);
    const sid = this.io.struct(name, this.io.reading ? new Sid() : v);
    if (sid.subAuthority.length !== count) throw new Malformed(name, this.io.at, `${count} parts announced`);
    return sid;
  }

  /** A unique pointer to a SID. */
  sidPointer(name: string, v: Sid | null, set: (v: Sid | null) => void): void {
    const present = this.pointer(name, v !== null, () => set(this.sid(name, v ?? new Sid())));
    if (!present) set(null);
  }

  /** Groups fields for the viewer. */
  group(name: string, body: () => void): void {
    const fields: Wire = { layout: body };
    this.io.struct(name, fields);
  }

  /** MaximumCount, which must match size_is and cannot exceed the remaining bytes. */
  #count(name: string, count: number, size: number): void {
    const { io } = this;
    const maximum = this.u32('MaximumCount', count);
    if (maximum !== count) throw new Malformed(name, io.at, `${maximum} elements, ${count} announced`);
    if (io.reading && count > io.left / size) throw new Malformed(name, io.at, `${count} elements in ${io.left} bytes`);
  }
}
