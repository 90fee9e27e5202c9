import { createCipheriv } from 'node:crypto';

/**
 * One block under single DES with a 7-byte key, as LM and NTLMv1 use it ([MS-NLMP] 6, DES(K, D)).
 * OpenSSL 3 refuses single DES; triple DES with the same key three times is the same function.
 */
export function des56(key: Uint8Array, block: Uint8Array): Uint8Array {
  const wide = spread(key);
  const thrice = new Uint8Array(24);
  for (let i = 0; i < 3; i++) thrice.set(wide, i * 8);
  const cipher = createCipheriv('des-ede3', thrice, null).setAutoPadding(false);
  return new Uint8Array(cipher.update(block));
}

/** Spreads 56 key bits over 8 bytes; the lowest bit of each is parity, which DES ignores. */
function spread(key: Uint8Array): Uint8Array {
  const wide = new Uint8Array(8);
  for (let i = 0; i < 8; i++) {
    const left = i === 0 ? 0 : (key[i - 1] as number) << (8 - i);
    const right = i === 7 ? 0 : (key[i] as number) >> i;
    wide[i] = (left | right) & 0xfe;
  }
  return wide;
}
