import type { Field, FieldValue } from '../io/dissector.js';
import { Malformed } from '../io/malformed.js';
import type { NameTable } from '../io/names.js';
import { type Der, oidFromBytes, Tag } from './der.js';
import { oidText } from './oids.js';

interface Element {
  readonly tag: number;
  /** Positions in the chunk: start of the element (`at`), start of its content (`from`), and end (`to`). */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Reads DER, slightly leniently: lengths need not be in their shortest form, but must be definite and lie inside the
 * enclosing element. The nesting depth is that of the structures, whatever the bytes.
 */
export class DerReader implements Der {
  readonly reading = true;
  /** The fields read so far, for the viewer; positions count from the start of the chunk. */
  fields: Field[] = [];
  readonly #chunk: Uint8Array;
  readonly #start: number;
  #pos: number;
  #end: number;

  constructor(chunk: Uint8Array, from = 0, to: number = chunk.length) {
    this.#chunk = chunk;
    this.#start = from;
    this.#pos = from;
    this.#end = to;
  }

  get more(): boolean {
    return this.#pos < this.#end;
  }
  get next(): number {
    return this.more ? (this.#chunk[this.#pos] as number) : -1;
  }
  /** Position in the chunk. */
  get position(): number {
    return this.#pos;
  }

  constructed(name: string, tag: number, body: () => void): void {
    const element = this.#element(name, tag);
    const outer = { end: this.#end, fields: this.fields };
    this.#pos = element.from;
    this.#end = element.to;
    this.fields = [];
    try {
      body();
      // Additions by later versions of the structure.
      while (this.more) this.#unknown();
    } finally {
      const children = this.fields;
      this.fields = outer.fields;
      this.#end = outer.end;
      this.#note(name, element, null, '', children);
    }
    this.#pos = element.to;
  }

  optional(name: string, number: number, _present: boolean, body: () => void): boolean {
    if (this.next !== Tag.Context + number) return false;
    this.constructed(name, Tag.Context + number, body);
    return true;
  }

  oid(name: string, _v: string): string {
    const element = this.#element(name, Tag.Oid);
    const oid = oidFromBytes(this.#content(element));
    if (oid === undefined) throw this.#malformed(name, element.at, 'is no object identifier');
    this.#note(name, element, oid, oidText(oid));
    return oid;
  }
  octets(name: string, _v: Uint8Array): Uint8Array {
    return this.#bytes(name, Tag.OctetString);
  }
  bits(name: string, _v: Uint8Array): Uint8Array {
    return this.#bytes(name, Tag.BitString);
  }
  text(name: string, _v: string): string {
    const element = this.#element(name, Tag.GeneralString);
    const text = Array.from(this.#content(element), (byte) => String.fromCharCode(byte)).join('');
    this.#note(name, element, text, text);
    return text;
  }
  enumerated(name: string, _v: number, names: NameTable): number {
    const element = this.#element(name, Tag.Enumerated);
    if (element.to - element.from !== 1) throw this.#malformed(name, element.at, 'is not one byte');
    const value = this.#chunk[element.from] as number;
    this.#note(name, element, value, names[value] ?? String(value));
    return value;
  }

  #bytes(name: string, tag: number): Uint8Array {
    const element = this.#element(name, tag);
    const content = this.#content(element);
    this.#note(name, element, content, `${content.length} bytes`);
    return content;
  }

  #unknown(): void {
    const element = this.#element('element', this.next);
    const content = this.#content(element);
    this.#note(`tag 0x${element.tag.toString(16)}`, element, content, `${content.length} bytes`);
  }

  /** Reads the next element and moves the position past it. */
  #element(name: string, tag: number): Element {
    const at = this.#pos;
    const found = this.#byte(name, at);
    if (found !== tag) throw this.#malformed(name, at, `has tag ${found}, must have ${tag}`);
    let from = at + 2;
    let length = this.#byte(name, at + 1);
    if (length >= 0x80) {
      const digits = length & 0x7f;
      if (digits === 0 || digits > 4) throw this.#malformed(name, at, 'has a length that is indefinite or too long');
      length = 0;
      for (let i = 0; i < digits; i++) length = length * 256 + this.#byte(name, from++);
    }
    if (length > this.#end - from) throw this.#malformed(name, at, `${length} bytes run past the end`);
    this.#pos = from + length;
    return { tag, at, from, to: from + length };
  }

  #byte(name: string, at: number): number {
    if (at >= this.#end) throw this.#malformed(name, at, 'is cut off');
    return this.#chunk[at] as number;
  }
  #content(element: Element): Uint8Array {
    return this.#chunk.subarray(element.from, element.to);
  }
  #malformed(name: string, at: number, why: string): Malformed {
    return new Malformed(name, at - this.#start, why);
  }
  #note(name: string, element: Element, value: FieldValue, text: string, children?: readonly Field[]): void {
    const size = element.to - element.at;
    this.fields.push({ name, at: element.at, size, value, text, ...(children ? { children } : {}) });
  }
}
