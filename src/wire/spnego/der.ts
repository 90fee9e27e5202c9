import type { NameTable } from '../io/names.js';

/** DER tags used here. */
export const Tag = {
  BitString: 0x03,
  OctetString: 0x04,
  Oid: 0x06,
  Enumerated: 0x0a,
  GeneralString: 0x1b,
  Sequence: 0x30,
  Application: 0x60,
  Context: 0xa0,
} as const;

/**
 * The interface that a DER structure's `layout()` calls, as `Layout` for fixed structures: a reader ignores the values
 * it is given, a writer returns them.
 */
export interface Der {
  readonly reading: boolean;
  /** Tag of the next element when reading; -1 at the end. */
  readonly next: number;
  /** When reading: whether more elements follow. */
  readonly more: boolean;
  /** An element that contains others. */
  constructed(name: string, tag: number, body: () => void): void;
  /** `[number] EXPLICIT` OPTIONAL. Written if `present`; returns whether it is present. */
  optional(name: string, number: number, present: boolean, body: () => void): boolean;
  oid(name: string, v: string): string;
  octets(name: string, v: Uint8Array): Uint8Array;
  bits(name: string, v: Uint8Array): Uint8Array;
  text(name: string, v: string): string;
  enumerated(name: string, v: number, names: NameTable): number;
}

/** Content octets of an object identifier to text; undefined if they are invalid. */
export function oidFromBytes(bytes: Uint8Array): string | undefined {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of bytes) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) return undefined;
    if (byte >= 0x80) continue;
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(arc / 40));
      arcs.push(first, arc - first * 40);
    } else arcs.push(arc);
    arc = 0;
  }
  const ended = bytes.length > 0 && (bytes[bytes.length - 1] as number) < 0x80;
  return ended ? arcs.join('.') : undefined;
}

/** Text of an object identifier to its content octets. */
export function oidToBytes(oid: string): Uint8Array {
  const [first = 0, second = 0, ...others] = oid.split('.').map(Number);
  const out: number[] = [];
  for (const arc of [first * 40 + second, ...others]) {
    const digits = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest % 128) | 0x80);
    out.push(...digits);
  }
  return Uint8Array.from(out);
}
