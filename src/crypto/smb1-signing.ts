import { createHash } from 'node:crypto';
import { equalBytes } from './equal.js';

/** Offset of SecurityFeatures in the SMB1 header ([MS-CIFS] 2.2.3.1). */
const SECURITY_FEATURES_AT = 14;
const SIZE = 8;

/**
 * [MS-CIFS] 3.1.4.1: the first 8 bytes of MD5(key, message), with the sequence number in SecurityFeatures. The key is
 * the session key, followed by the client's challenge response unless extended security was used.
 */
export function smb1Signature(key: Uint8Array, parts: readonly Uint8Array[], sequence: number): Uint8Array {
  const first = parts[0];
  if (first === undefined || first.length < SECURITY_FEATURES_AT + SIZE) {
    throw new RangeError('the first part must hold the header');
  }
  const number = new Uint8Array(SIZE);
  new DataView(number.buffer).setUint32(0, sequence >>> 0, true);
  const hash = createHash('md5').update(key);
  hash.update(first.subarray(0, SECURITY_FEATURES_AT)).update(number);
  hash.update(first.subarray(SECURITY_FEATURES_AT + SIZE));
  for (let i = 1; i < parts.length; i++) hash.update(parts[i] as Uint8Array);
  return new Uint8Array(hash.digest().subarray(0, SIZE));
}

/** Writes the signature into the header. */
export function smb1Sign(key: Uint8Array, parts: readonly Uint8Array[], sequence: number): void {
  const signature = smb1Signature(key, parts, sequence);
  (parts[0] as Uint8Array).set(signature, SECURITY_FEATURES_AT);
}

/** Whether the signature in SecurityFeatures is valid, compared in constant time. */
export function smb1Verify(key: Uint8Array, parts: readonly Uint8Array[], sequence: number): boolean {
  const found = (parts[0] as Uint8Array).subarray(SECURITY_FEATURES_AT, SECURITY_FEATURES_AT + SIZE);
  return equalBytes(smb1Signature(key, parts, sequence), found);
}
