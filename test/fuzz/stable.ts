import { isDeepStrictEqual } from 'node:util';
import { Decoder } from '#wire/io/decoder.js';
import { Dissector, dissectWith } from '#wire/io/dissector.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import { Unstable } from './oracle.js';

export interface Settings {
  readonly dialect?: number;
  readonly unicode?: boolean;
  /** Properties that describe how a peer arranged its bytes, not what it said. */
  readonly ignore?: readonly string[];
}

function configure<I extends { dialect: number; unicode: boolean }>(io: I, settings: Settings): I {
  io.dialect = settings.dialect ?? 0;
  io.unicode = settings.unicode ?? true;
  return io;
}

/**
 * Decodes, encodes, decodes again and compares. Throws Malformed if the bytes are malformed, Unstable if the second
 * result differs. The dissector must read the bytes the same way.
 */
export function stable(make: () => Wire, bytes: Uint8Array, settings: Settings = {}): Uint8Array {
  const dissection = dissectWith(configure(new Dissector(), settings).reset(bytes), make());
  const first = make();
  try {
    first.layout(configure(new Decoder(), settings).reset(bytes));
  } catch (error) {
    if (error instanceof Malformed && dissection.malformed?.message !== error.message) {
      throw new Unstable(`the dissector sees ${dissection.malformed?.field ?? 'no fault'}, the decoder ${error.field}`);
    }
    throw error;
  }
  if (dissection.malformed) throw new Unstable(`only the dissector sees a fault in ${dissection.malformed.field}`);
  const encoded = configure(new Encoder(), settings).encode(first);
  const second = make();
  try {
    second.layout(configure(new Decoder(), settings).reset(encoded));
  } catch (error) {
    if (error instanceof Malformed)
      throw new Unstable(`${first.constructor.name}.${error.field} is malformed once encoded`);
    throw error;
  }
  for (const name of settings.ignore ?? []) Reflect.set(second, name, Reflect.get(first, name));
  if (!isDeepStrictEqual(first, second)) throw new Unstable(`${first.constructor.name} ${difference(first, second)}`);
  return encoded;
}

/** The first difference between two messages of the same kind. */
export function difference(first: object, second: object): string {
  for (const [key, value] of Object.entries(first)) {
    const other = (second as Record<string, unknown>)[key];
    if (isDeepStrictEqual(value, other)) continue;
    const deeper = typeof value === 'object' && value !== null && typeof other === 'object' && other !== null;
    if (!deeper || value instanceof Uint8Array) return key;
    return `${key}.${value.constructor.name} ${difference(value, other)}`.trimEnd();
  }
  return '';
}
