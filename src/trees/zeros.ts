let zeros: Uint8Array = new Uint8Array(65536);

/** Whether bytes are zero, all of them: what need not be written where nothing was before. */
export function isZero(bytes: Uint8Array): boolean {
  // Most that is not zero says so at once.
  if (bytes.length > 0 && bytes[0] !== 0) return false;
  if (zeros.length < bytes.length) zeros = new Uint8Array(bytes.length);
  return Buffer.compare(bytes, zeros.subarray(0, bytes.length)) === 0;
}
