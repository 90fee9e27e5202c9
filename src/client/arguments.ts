import { UsageError } from '#wire/erref/errors.js';

/** Data to write: text (UTF-8 unless an encoding is given) or bytes in any form. */
export type Data = string | NodeJS.ArrayBufferView | ArrayBuffer | SharedArrayBuffer;

/** The bytes of `data`, in the same memory. Throws on anything else, so that no file is truncated for invalid data. */
export function bytesOf(data: Data, encoding?: BufferEncoding): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (typeof data === 'string') return Buffer.from(data, encodingOf(encoding));
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer) return new Uint8Array(data);
  throw new UsageError(`only text and bytes can be written, not ${kindOf(data)}; streams go into createWriteStream`);
}

/** Decodes text: invalid UTF-8 becomes U+FFFD, a byte order mark is kept. */
export function textOf(bytes: Uint8Array, encoding: BufferEncoding): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encodingOf(encoding));
}

export function encodingOf(encoding: BufferEncoding = 'utf8'): BufferEncoding {
  if (Buffer.isEncoding(encoding)) return encoding;
  throw new UsageError(`no encoding '${String(encoding)}': there are those of Buffer`);
}

/** A file offset or byte count. Throws unless it is a non-negative safe integer. */
export function wholeNumber(what: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`${what} must be a whole number from 0 to 2^53-1, not ${String(value)}`);
}

/** The largest unsigned 64-bit number. */
export const MAX_64: bigint = 2n ** 64n - 1n;

/** A file offset or length of up to 64 bits, which may exceed what a number holds exactly. */
export function wholeBigint(what: string, value: number | bigint): bigint {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
  if (isWhole && value >= 0 && value <= MAX_64) return BigInt(value);
  throw new UsageError(`${what} must be a whole number from 0 to 2^64-1, a bigint above 2^53, not ${String(value)}`);
}

/** A 32-bit mask. */
export function bitsOf(what: string, value: number): number {
  if (Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32) return value >>> 0;
  throw new UsageError(`${what} must be a mask of 32 bits, not ${String(value)}`);
}

/** Looks an option's value up in a table; throws if it is not there. */
export function named<N extends string, V>(what: string, table: Readonly<Record<N, V>>, name: N): V {
  if (Object.hasOwn(table, name)) return table[name];
  throw new UsageError(`no ${what} '${String(name)}': there are ${Object.keys(table).join(', ')}`);
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? `a ${value.constructor?.name ?? 'thing'}` : `a ${typeof value}`;
}
