import { invalidType, invalidValue } from './arguments.js';
import type { FsBuffer } from './node-types.js';

/** The encodings in which `node:fs` returns names. */
export type NameEncoding = BufferEncoding | null | { readonly encoding?: BufferEncoding | null | undefined };
/** Names as Buffers with their UTF-8 bytes. */
export type AsBuffer = 'buffer' | { readonly encoding: 'buffer' };

/** Any way to ask for an encoding. */
export type NameWish =
  | NameEncoding
  | AsBuffer
  | { readonly encoding?: BufferEncoding | 'buffer' | null | undefined }
  | string
  | undefined;

/** The function that encodes names as requested; undefined if they stay as they are. */
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

/** Encodes one name as requested. */
export function encoded(name: string, wish: NameWish): string | FsBuffer {
  return encoder(wish)?.(name) ?? name;
}
