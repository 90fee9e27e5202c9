import { des56 } from '#crypto/des.js';
import { hmacMd5, md5 } from '#crypto/digest.js';
import { md4 } from '#crypto/md4.js';
import { encodeUtf16 } from '#wire/io/utf16.js';

/** Upper case as NTLM does it: per UTF-16 unit, so that the length stays the same. */
export function upcase(text: string): string {
  return Array.from(text, (char) => {
    const upper = char.toUpperCase();
    return upper.length === 1 ? upper : char;
  }).join('');
}

/** NTOWFv1 ([MS-NLMP] 3.3.1), the form in which accounts are stored. Password-equivalent: keep it secret. */
export function ntHash(password: string): Uint8Array {
  return md4(encodeUtf16(password));
}

const LM_MAGIC: Uint8Array = Uint8Array.from('KGS!@#$%', (char) => char.charCodeAt(0));

/** LMOWFv1 ([MS-NLMP] 3.3.1); undefined for passwords that LM cannot express. */
export function lmHash(password: string): Uint8Array | undefined {
  const upper = upcase(password);
  if (upper.length > 14 || /[^\0-\xff]/.test(upper)) return undefined;
  const key = new Uint8Array(14);
  key.set(Uint8Array.from(upper, (char) => char.charCodeAt(0)));
  const hash = new Uint8Array(16);
  hash.set(des56(key.subarray(0, 7), LM_MAGIC));
  hash.set(des56(key.subarray(7), LM_MAGIC), 8);
  return hash;
}

/** NTOWFv2 = LMOWFv2 ([MS-NLMP] 3.3.2). */
export function ntowfv2(hash: Uint8Array, account: string, domain: string): Uint8Array {
  return hmacMd5(hash, encodeUtf16(upcase(account) + domain));
}

/** DESL ([MS-NLMP] 6): the 24-byte response of LM and NTLMv1. */
export function desl(hash: Uint8Array, challenge: Uint8Array): Uint8Array {
  const key = new Uint8Array(21);
  key.set(hash);
  const out = new Uint8Array(24);
  for (let i = 0; i < 3; i++) out.set(des56(key.subarray(i * 7, i * 7 + 7), challenge), i * 8);
  return out;
}

/** The challenge of an NTLM2 session response, which combines both sides' challenges. */
export function ntlm2Challenge(challenge: Uint8Array, clientChallenge: Uint8Array): Uint8Array {
  return md5(challenge, clientChallenge).subarray(0, 8);
}
