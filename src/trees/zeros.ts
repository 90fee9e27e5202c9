let zeros: Uint8Array = new Uint8Array(65536);

/** Whether all bytes are zero; such data need not be written where the file is empty. */
export function isZero(bytes: Uint8Array): boolean {
  // Most other data is recognized by its first byte.
  if (bytes.length > 0 && bytes[0] !== 0) return false;
  if (zeros.length < bytes.length) zeros = new Uint8Array(bytes.length);
  return Buffer.compare(bytes, zeros.subarray(0, bytes.length)) === 0;
}
