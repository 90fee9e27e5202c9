import { createCipheriv, createSecretKey, type KeyObject, type Cipher as NodeCipher } from 'node:crypto';
import { discard, PIECE } from './pieces.js';

const BLOCK = 16;
const ZERO = new Uint8Array(BLOCK);

/**
 * AES-CMAC with a 128-bit key (RFC 4493). The blocks are chained by AES-128-CBC with a zero IV, of which only the last
 * block is used.
 */
export class Cmac {
  readonly #key: KeyObject;
  readonly #k1: Uint8Array;
  readonly #k2: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
    const cipher = createCipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    this.#k1 = doubled(cipher.update(ZERO));
    this.#k2 = doubled(this.#k1);
  }

  /** Writes the MAC of the concatenated parts to `out`. */
  digest(parts: readonly Uint8Array[], out: Uint8Array): void {
    let total = 0;
    for (const part of parts) total += part.length;
    const tailLength = total === 0 ? 0 : ((total - 1) % BLOCK) + 1;
    const cipher = createCipheriv('aes-128-cbc', this.#key, ZERO).setAutoPadding(false);
    const last = new Uint8Array(BLOCK);
    let ahead = total - tailLength;
    let filled = 0;
    for (const part of parts) {
      const chained = Math.min(part.length, ahead);
      feed(cipher, part, chained);
      ahead -= chained;
      last.set(part.subarray(chained), filled);
      filled += part.length - chained;
    }
    const whole = tailLength === BLOCK;
    if (!whole) last[tailLength] = 0x80;
    const mask = whole ? this.#k1 : this.#k2;
    for (let i = 0; i < BLOCK; i++) last[i] = (last[i] as number) ^ (mask[i] as number);
    out.set(cipher.update(last));
  }
}

function feed(cipher: NodeCipher, part: Uint8Array, length: number): void {
  for (let at = 0; at < length; at += PIECE) discard(cipher.update(part.subarray(at, Math.min(length, at + PIECE))));
}

/** Multiplication by x in GF(2^128). */
function doubled(block: Uint8Array): Uint8Array {
  const out = new Uint8Array(BLOCK);
  for (let i = 0; i < BLOCK; i++) out[i] = ((block[i] as number) << 1) | ((block[i + 1] ?? 0) >> 7);
  if (((block[0] as number) & 0x80) !== 0) out[BLOCK - 1] = (out[BLOCK - 1] as number) ^ 0x87;
  return out;
}
