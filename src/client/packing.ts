import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';

const encoder = new Encoder();
const decoder = new Decoder();

/** Encodes a structure that is embedded in a message. The bytes are not reused. */
export function packed(structure: Wire): Uint8Array {
  return encoder.encode(structure);
}

/** Decodes a structure that is embedded in a message. */
export function unpacked<T extends Wire>(structure: T, bytes: Uint8Array): T {
  structure.layout(decoder.reset(bytes));
  decoder.release();
  return structure;
}
