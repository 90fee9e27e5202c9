import { timingSafeEqual } from 'node:crypto';

/** Compares secrets in time that depends only on their length. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
