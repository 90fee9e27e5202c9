import type { Stream } from 'node:stream';
import { invalidType, invalidValue } from './arguments.js';

const DATA = 'of type string or an instance of Buffer, TypedArray, or DataView';

/** What Node's `writeFile` accepts. */
export type FileData =
  | string
  | NodeJS.ArrayBufferView
  | Iterable<string | NodeJS.ArrayBufferView>
  | AsyncIterable<string | NodeJS.ArrayBufferView>
  /** A readable stream. */
  | Stream;

type Pieces = Iterable<string | NodeJS.ArrayBufferView> | AsyncIterable<string | NodeJS.ArrayBufferView>;

/** An encoding, or options that may contain one. */
export type Encoded<T = object> =
  | BufferEncoding
  | null
  | (T & { readonly encoding?: BufferEncoding | null | undefined });

/** Normalizes options the way Node does; throws for an unknown encoding. */
export function optionsOf<T extends object>(
  options: Encoded<T> | undefined,
): Partial<T> & { encoding?: BufferEncoding | undefined } {
  if (options === null || options === undefined) return {} as Partial<T>;
  if (typeof options !== 'string' && typeof options !== 'object') {
    throw invalidType('options', 'one of type string or object', options);
  }
  const given: T & { readonly encoding?: BufferEncoding | null | undefined } =
    typeof options === 'string' ? ({ encoding: options } as T & { encoding: BufferEncoding }) : options;
  return { ...given, encoding: encodingOf(given.encoding) };
}

/**
 * Checks an encoding; undefined for none. 'buffer' is no encoding to Node, but some programs use it to ask for bytes.
 */
export function encodingOf(encoding: string | null | undefined): BufferEncoding | undefined {
  if (!encoding || encoding === 'buffer') return undefined;
  if (!Buffer.isEncoding(encoding)) throw invalidValue('encoding', encoding, 'is invalid encoding');
  return encoding;
}

/** A Buffer over the same memory. */
export function bufferOf(bytes: NodeJS.ArrayBufferView): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function bytesOf(piece: string | NodeJS.ArrayBufferView, encoding: BufferEncoding | undefined): Buffer {
  if (typeof piece === 'string') return Buffer.from(piece, encoding);
  if (!ArrayBuffer.isView(piece)) throw invalidType('data', DATA, piece);
  return bufferOf(piece);
}

/** All of the data as one buffer, or a generator of pieces for streams and iterables. */
export function piecesOf(data: FileData, encoding?: BufferEncoding): Buffer | AsyncGenerator<Buffer, void, undefined> {
  if (typeof data === 'string' || ArrayBuffer.isView(data)) {
    return bytesOf(data as string | NodeJS.ArrayBufferView, encoding);
  }
  const isIterable =
    typeof data === 'object' && data !== null && (Symbol.iterator in data || Symbol.asyncIterator in data);
  if (!isIterable) throw invalidType('data', DATA, data);
  return each(data as Pieces, encoding);
}

async function* each(data: Pieces, encoding: BufferEncoding | undefined): AsyncGenerator<Buffer, void, undefined> {
  for await (const piece of data) yield bytesOf(piece, encoding);
}
