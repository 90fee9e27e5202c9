import { UsageError } from '#wire/erref/errors.js';

/** What can be written: text as UTF-8 unless an encoding is named, bytes in any of their forms. */
export type Data = string | NodeJS.ArrayBufferView | ArrayBuffer | SharedArrayBuffer;

/** The bytes that are meant, in the same memory. Whatever else is given is refused before anything is emptied for it. */
export function bytesOf(data: Data, encoding?: BufferEncoding): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (typeof data === 'string') return Buffer.from(data, encodingOf(encoding));
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer) return new Uint8Array(data);
  throw new UsageError(`only text and bytes can be written, not ${kindOf(data)}; streams go into createWriteStream`);
}

/** Text of bytes: broken UTF-8 becomes U+FFFD, a byte order mark stays. */
export function textOf(bytes: Uint8Array, encoding: BufferEncoding): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encodingOf(encoding));
}

export function encodingOf(encoding: BufferEncoding = 'utf8'): BufferEncoding {
  if (Buffer.isEncoding(encoding)) return encoding;
  throw new UsageError(`no encoding '${String(encoding)}': there are those of Buffer`);
}

/** A place in a file, or a number of bytes; throws where it is none that a number can tell exactly. */
export function wholeNumber(what: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`${what} must be a whole number from 0 to 2^53-1, not ${String(value)}`);
}

/** The largest number of 64 bits. */
export const MAX_64: bigint = 2n ** 64n - 1n;

/** A place in a file that need not be one of its bytes: as far as 64 bits reach. */
export function wholeBigint(what: string, value: number | bigint): bigint {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
  if (isWhole && value >= 0 && value <= MAX_64) return BigInt(value);
  throw new UsageError(`${what} must be a whole number from 0 to 2^64-1, a bigint above 2^53, not ${String(value)}`);
}

/** Bits of a mask. */
export function bitsOf(what: string, value: number): number {
  if (Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32) return value >>> 0;
  throw new UsageError(`${what} must be a mask of 32 bits, not ${String(value)}`);
}

/** What an option means, by its name. */
export function named<N extends string, V>(what: string, table: Readonly<Record<N, V>>, name: N): V {
  if (Object.hasOwn(table, name)) return table[name];
  throw new UsageError(`no ${what} '${String(name)}': there are ${Object.keys(table).join(', ')}`);
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? `a ${value.constructor?.name ?? 'thing'}` : `a ${typeof value}`;
}
