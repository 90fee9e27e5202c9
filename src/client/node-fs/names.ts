import { invalidType, invalidValue } from './arguments.js';
import type { FsBuffer } from './node-types.js';

/** How names are given back, as `node:fs` takes it. */
export type NameEncoding = BufferEncoding | null | { readonly encoding?: BufferEncoding | null | undefined };
/** As their bytes in UTF-8. */
export type AsBuffer = 'buffer' | { readonly encoding: 'buffer' };

/** Either of them. */
export type NameWish =
  | NameEncoding
  | AsBuffer
  | { readonly encoding?: BufferEncoding | 'buffer' | null | undefined }
  | string
  | undefined;

/** Makes of names what was asked for. */
export function encoder(wish: NameWish): ((name: string) => string | FsBuffer) | undefined {
  if (wish !== null && wish !== undefined && typeof wish !== 'string' && typeof wish !== 'object') {
    throw invalidType('options', 'one of type string or object', wish);
  }
  const encoding = typeof wish === 'object' ? wish?.encoding : wish;
  if (!encoding || encoding === 'utf8' || encoding === 'utf-8') return undefined;
  if (encoding !== 'buffer' && !Buffer.isEncoding(encoding)) {
    throw invalidValue('encoding', encoding, 'is invalid encoding');
  }
  return (name) => (encoding === 'buffer' ? (Buffer.from(name) as FsBuffer) : Buffer.from(name).toString(encoding));
}

/** One name as it was asked for. */
export function encoded(name: string, wish: NameWish): string | FsBuffer {
  return encoder(wish)?.(name) ?? name;
}
