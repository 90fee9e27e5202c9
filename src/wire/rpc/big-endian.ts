import { type Guid, readGuid } from '../dtyp/guid.js';
import { Decoder } from '../io/decoder.js';
import type { NameTable } from '../io/names.js';
import type { Slot } from '../io/slot.js';

/** Reads data from a big-endian peer: in RPC the receiver converts ([C706] 14.2.5). */
export class BigEndianDecoder extends Decoder {
  override u16(name: string, v: number, _names?: NameTable): number {
    return super.u16be(name, v);
  }
  override u32(name: string, v: number, _names?: NameTable): number {
    return super.u32be(name, v);
  }
  override i16(name: string, _v: number): number {
    return this.view.getInt16(this.need(name, 2), false);
  }
  override i32(name: string, _v: number): number {
    return this.view.getInt32(this.need(name, 4), false);
  }
  override flags16(name: string, v: number, _bits: NameTable): number {
    return super.u16be(name, v);
  }
  override flags32(name: string, v: number, _bits: NameTable): number {
    return super.u32be(name, v);
  }
  override x64(name: string, _v: bigint): bigint {
    return this.view.getBigUint64(this.need(name, 8), false);
  }

  override guid(name: string, _v: Guid): Guid {
    const from = this.need(name, 16);
    const bytes = this.chunk.slice(from, from + 16);
    bytes.subarray(0, 4).reverse();
    bytes.subarray(4, 6).reverse();
    bytes.subarray(6, 8).reverse();
    return readGuid(bytes);
  }

  override utf16At(name: string, slot: Slot, _v: string, _align?: number): string {
    const bytes = this.bytesAt(name, slot, new Uint8Array(0));
    let text = '';
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      text += String.fromCharCode(((bytes[at] as number) << 8) | (bytes[at + 1] as number));
    }
    return text;
  }
}
