import { timingSafeEqual } from 'node:crypto';

/** Compares secrets in a time that depends on their length only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
