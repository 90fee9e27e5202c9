import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';

const encoder = new Encoder();
const decoder = new Decoder();

/** Bytes of a structure that travels inside a message. They stay what they are. */
export function packed(structure: Wire): Uint8Array {
  return encoder.encode(structure);
}

/** Reads a structure that came inside a message. */
export function unpacked<T extends Wire>(structure: T, bytes: Uint8Array): T {
  structure.layout(decoder.reset(bytes));
  decoder.release();
  return structure;
}
