import { type CipherGCMTypes, createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { cipherInto, PIECE } from './pieces.js';

/** Codes of SMB2_ENCRYPTION_CAPABILITIES ([MS-SMB2] 2.2.3.1.2). */
export const Cipher = { Aes128Ccm: 1, Aes128Gcm: 2, Aes256Ccm: 3, Aes256Gcm: 4 } as const;

/** Length of the SMB2 TRANSFORM_HEADER ([MS-SMB2] 2.2.41). */
export const TRANSFORM_HEADER_SIZE = 52;
const SIGNATURE_AT = 4;
const NONCE_AT = 20;
const SIZE_AT = 36;
const FLAGS_AT = 42;
const SESSION_ID_AT = 44;
const TAG_SIZE = 16;
const PROTOCOL_ID = 0x424d53fd;

/** An encrypted frame is truncated, altered or encrypted with another key. */
export class SealBroken extends Error {
  readonly code = 'SMB_SEAL_BROKEN';
  constructor(why: string, options?: ErrorOptions) {
    super(`sealed message: ${why}`, options);
    this.name = 'SealBroken';
  }
}

interface Suite {
  readonly algorithm: string;
  readonly ccm: boolean;
  readonly nonceSize: number;
  readonly keySize: number;
}

const SUITES: readonly (Suite | undefined)[] = [
  undefined,
  { algorithm: 'aes-128-ccm', ccm: true, nonceSize: 11, keySize: 16 },
  { algorithm: 'aes-128-gcm', ccm: false, nonceSize: 12, keySize: 16 },
  { algorithm: 'aes-256-ccm', ccm: true, nonceSize: 11, keySize: 32 },
  { algorithm: 'aes-256-gcm', ccm: false, nonceSize: 12, keySize: 32 },
];

function suiteFor(cipher: number, key: Uint8Array): Suite {
  const suite = SUITES[cipher];
  if (suite === undefined) throw new RangeError(`no cipher ${cipher}`);
  if (key.length !== suite.keySize) throw new RangeError(`${suite.algorithm} takes a key of ${suite.keySize} bytes`);
  return suite;
}

// Node's types distinguish CCM and GCM; the calls made here differ only in the length that CCM needs in advance.
const gcm = (suite: Suite): CipherGCMTypes => suite.algorithm as CipherGCMTypes;
const OPTIONS = { authTagLength: TAG_SIZE };

/**
 * Encrypts the messages of one session in one direction ([MS-SMB2] 3.1.4.3). The channels of a session share its keys
 * and so must share the sealer, whose counter prevents nonces from repeating.
 */
export class Sealer {
  readonly #suite: Suite;
  readonly #key: KeyObject;
  /** Random bytes, then a 64-bit counter. */
  readonly #nonce: Uint8Array;
  #low = 0;
  #high = 0;

  constructor(cipher: number, key: Uint8Array, random: (n: number) => Uint8Array) {
    this.#suite = suiteFor(cipher, key);
    this.#key = createSecretKey(key);
    this.#nonce = new Uint8Array(this.#suite.nonceSize);
    this.#nonce.set(random(this.#suite.nonceSize - 8));
  }

  /** Writes the TRANSFORM_HEADER and the ciphertext of the parts to `out`, which must fit both exactly. */
  seal(parts: readonly Uint8Array[], sessionId: bigint, out: Uint8Array): void {
    this.sealWith(this.#next(), parts, sessionId, out);
  }

  /** As `seal`, with a nonce chosen by the caller, who must ensure that it is never reused. */
  sealWith(nonce: Uint8Array, parts: readonly Uint8Array[], sessionId: bigint, out: Uint8Array): void {
    const header = out.subarray(0, TRANSFORM_HEADER_SIZE).fill(0);
    const body = out.subarray(TRANSFORM_HEADER_SIZE);
    const view = new DataView(out.buffer, out.byteOffset, TRANSFORM_HEADER_SIZE);
    view.setUint32(0, PROTOCOL_ID, true);
    header.set(nonce, NONCE_AT);
    view.setUint32(SIZE_AT, body.length, true);
    view.setUint16(FLAGS_AT, 1, true);
    view.setBigUint64(SESSION_ID_AT, sessionId, true);
    const iv = header.subarray(NONCE_AT, NONCE_AT + this.#suite.nonceSize);
    const cipher = createCipheriv(gcm(this.#suite), this.#key, iv, OPTIONS);
    cipher.setAAD(header.subarray(NONCE_AT), { plaintextLength: body.length });
    let at = 0;
    for (const part of parts) {
      if (this.#suite.ccm) body.set(part, at);
      else cipherInto(cipher, part, body.subarray(at), PIECE);
      at += part.length;
    }
    if (at !== body.length) throw new RangeError('no exact room for what is sealed');
    // CCM needs its plaintext in one piece.
    if (this.#suite.ccm) cipherInto(cipher, body, body, body.length);
    cipher.final();
    header.set(cipher.getAuthTag(), SIGNATURE_AT);
  }

  #next(): Uint8Array {
    const view = new DataView(this.#nonce.buffer);
    const at = this.#nonce.length - 8;
    view.setUint32(at, this.#low, true);
    view.setUint32(at + 4, this.#high, true);
    this.#low = (this.#low + 1) >>> 0;
    if (this.#low === 0) this.#high++;
    if (this.#high > 0xffffffff) throw new RangeError('all nonces are used up');
    return this.#nonce;
  }
}

/** Decrypts what the peer's sealer encrypted. */
export class Opener {
  readonly #suite: Suite;
  readonly #key: KeyObject;

  constructor(cipher: number, key: Uint8Array) {
    this.#suite = suiteFor(cipher, key);
    this.#key = createSecretKey(key);
  }

  /**
   * Decrypts the message of a frame in place, overwriting the ciphertext. Throws `SealBroken`, after which the frame's
   * content must not be used.
   */
  open(frame: Uint8Array): Uint8Array {
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    if (frame.length <= TRANSFORM_HEADER_SIZE) throw new SealBroken('cut off');
    if (view.getUint32(0, true) !== PROTOCOL_ID) throw new SealBroken('not a transform header');
    if (view.getUint16(FLAGS_AT, true) !== 1) throw new SealBroken('not encrypted');
    const size = frame.length - TRANSFORM_HEADER_SIZE;
    if (view.getUint32(SIZE_AT, true) !== size) throw new SealBroken('OriginalMessageSize is wrong');
    const iv = frame.subarray(NONCE_AT, NONCE_AT + this.#suite.nonceSize);
    const decipher = createDecipheriv(gcm(this.#suite), this.#key, iv, OPTIONS);
    decipher.setAuthTag(frame.subarray(SIGNATURE_AT, NONCE_AT));
    decipher.setAAD(frame.subarray(NONCE_AT, TRANSFORM_HEADER_SIZE), { plaintextLength: size });
    try {
      const message = frame.subarray(TRANSFORM_HEADER_SIZE);
      cipherInto(decipher, message, message, this.#suite.ccm ? size : PIECE);
      decipher.final();
      return message;
    } catch (cause) {
      throw new SealBroken('authentication failed', { cause });
    }
  }
}

/** The SessionId of an encrypted frame, which identifies its key; 0 if the frame is too short to have one. */
export function sealedSessionId(frame: Uint8Array): bigint {
  if (frame.length < TRANSFORM_HEADER_SIZE) return 0n;
  return new DataView(frame.buffer, frame.byteOffset).getBigUint64(SESSION_ID_AT, true);
}
