import type { NameTable } from '../io/names.js';
import { type Der, oidToBytes, Tag } from './der.js';

/** Writes DER, with definite lengths in their shortest form. */
export class DerWriter implements Der {
  readonly reading = false;
  readonly next = -1;
  readonly more = false;
  #pieces: Uint8Array[] = [];

  constructed(_name: string, tag: number, body: () => void): void {
    const outer = this.#pieces;
    this.#pieces = [];
    body();
    const content = this.bytes();
    this.#pieces = outer;
    this.#element(tag, content);
  }

  optional(name: string, number: number, present: boolean, body: () => void): boolean {
    if (present) this.constructed(name, Tag.Context + number, body);
    return present;
  }

  oid(_name: string, v: string): string {
    this.#element(Tag.Oid, oidToBytes(v));
    return v;
  }
  octets(_name: string, v: Uint8Array): Uint8Array {
    this.#element(Tag.OctetString, v);
    return v;
  }
  bits(_name: string, v: Uint8Array): Uint8Array {
    this.#element(Tag.BitString, v);
    return v;
  }
  text(_name: string, v: string): string {
    this.#element(
      Tag.GeneralString,
      Uint8Array.from(v, (char) => char.charCodeAt(0)),
    );
    return v;
  }
  enumerated(_name: string, v: number, _names: NameTable): number {
    this.#element(Tag.Enumerated, Uint8Array.of(v));
    return v;
  }

  /** The bytes written. */
  bytes(): Uint8Array {
    const whole = new Uint8Array(this.#pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  #element(tag: number, content: Uint8Array): void {
    this.#pieces.push(Uint8Array.of(tag, ...lengthBytes(content.length)), content);
  }
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return [0x80 | digits.length, ...digits];
}
