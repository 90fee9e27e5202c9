import { createCipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { Cmac } from './cmac.js';
import { equalBytes } from './equal.js';

/** Input of AES-GMAC's nonce ([MS-SMB2] 3.1.4.1). */
export interface NonceInfo {
  readonly messageId: number;
  readonly fromServer: boolean;
  /** The message is an SMB2 CANCEL. */
  readonly cancel: boolean;
}

/** Signs SMB2 messages with one key. */
export interface Signer {
  readonly name: 'MD5' | 'HMAC-SHA256' | 'AES-CMAC' | 'AES-GMAC';
  /**
   * Writes the 16-byte signature to `out`, which may be the Signature field itself. The parts make up the message,
   * whose Signature field (bytes 48 to 63) must be zero.
   */
  sign(parts: readonly Uint8Array[], out: Uint8Array, nonceInfo: NonceInfo): void;
}

export const SIGNATURE_AT = 48;
const SIGNATURE_SIZE = 16;
const HEADER_SIZE = SIGNATURE_AT + SIGNATURE_SIZE;

/** Dialects 2.0.2 and 2.1. */
export class HmacSha256Signer implements Signer {
  readonly name = 'HMAC-SHA256';
  readonly #key: KeyObject;

  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  sign(parts: readonly Uint8Array[], out: Uint8Array, _nonceInfo: NonceInfo): void {
    const hmac = createHmac('sha256', this.#key);
    for (const part of parts) hmac.update(part);
    out.set(hmac.digest().subarray(0, SIGNATURE_SIZE));
  }
}

/** Dialects 3.0, 3.0.2, and 3.1.1 unless AES-GMAC was negotiated. */
export class CmacSigner implements Signer {
  readonly name = 'AES-CMAC';
  readonly #cmac: Cmac;

  constructor(key: Uint8Array) {
    this.#cmac = new Cmac(key);
  }

  sign(parts: readonly Uint8Array[], out: Uint8Array, _nonceInfo: NonceInfo): void {
    this.#cmac.digest(parts, out);
  }
}

/** Dialect 3.1.1 with SMB2_SIGNING_CAPABILITIES: AES-128-GCM of no plaintext, with the message as associated data. */
export class GmacSigner implements Signer {
  readonly name = 'AES-GMAC';
  readonly #key: KeyObject;

  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  sign(parts: readonly Uint8Array[], out: Uint8Array, nonceInfo: NonceInfo): void {
    const cipher = createCipheriv('aes-128-gcm', this.#key, gmacNonce(nonceInfo));
    for (const part of parts) cipher.setAAD(part);
    cipher.final();
    out.set(cipher.getAuthTag());
  }
}

/** Shared, because each cipher copies it. */
const nonce: Uint8Array = new Uint8Array(12);
const nonceView = new DataView(nonce.buffer);

/** [MS-SMB2] 3.1.4.1: MessageId, then 32 bits in which bit 0 is the role and bit 1 means CANCEL. */
function gmacNonce({ messageId, fromServer, cancel }: NonceInfo): Uint8Array {
  const low = messageId === -1 ? 0xffffffff : messageId >>> 0;
  nonceView.setUint32(0, low, true);
  nonceView.setUint32(4, messageId === -1 ? 0xffffffff : (messageId - low) / 4294967296, true);
  nonce[8] = (fromServer ? 1 : 0) | (cancel ? 2 : 0);
  return nonce;
}

/** Codes of SMB2_SIGNING_CAPABILITIES ([MS-SMB2] 2.2.3.1.7). */
export const SigningAlgorithm = { HmacSha256: 0, AesCmac: 1, AesGmac: 2 } as const;

/** The signer of a session; `algorithm` matters only in 3.1.1. */
export function signerFor(dialect: number, algorithm: number, key: Uint8Array): Signer {
  if (dialect < 0x0300) return new HmacSha256Signer(key);
  if (dialect < 0x0311) return new CmacSigner(key);
  if (algorithm === SigningAlgorithm.AesGmac) return new GmacSigner(key);
  return algorithm === SigningAlgorithm.HmacSha256 ? new HmacSha256Signer(key) : new CmacSigner(key);
}

const expected: Uint8Array = new Uint8Array(SIGNATURE_SIZE);
const found: Uint8Array = new Uint8Array(SIGNATURE_SIZE);

/** Whether a message's Signature field is valid, compared in constant time. Leaves the message unchanged. */
export function verify(signer: Signer, message: Uint8Array, nonceInfo: NonceInfo): boolean {
  if (message.length < HEADER_SIZE) return false;
  const field = message.subarray(SIGNATURE_AT, HEADER_SIZE);
  found.set(field);
  field.fill(0);
  signer.sign([message], expected, nonceInfo);
  field.set(found);
  return equalBytes(expected, found);
}
