import { hmacMd5, md5 } from '#crypto/digest.js';
import { equalBytes } from '#crypto/equal.js';
import { Rc4 } from '#crypto/rc4.js';
import { Encoder } from '#wire/io/encoder.js';
import { NegotiateFlag } from '#wire/ntlm/negotiate-flags.js';
import { MessageSignature } from '#wire/ntlm/responses.js';

const terminated = (text: string): Uint8Array => Uint8Array.from(`${text}\0`, (char) => char.charCodeAt(0));

/** One direction's keys and counter ([MS-NLMP] 3.4.5.2, 3.4.5.3). */
class Direction {
  readonly #signingKey: Uint8Array;
  readonly #stream: Rc4;
  readonly #sealsChecksum: boolean;
  #sequence = 0;

  constructor(key: Uint8Array, flags: number, direction: string) {
    this.#signingKey = md5(key, terminated(`session key to ${direction} signing key magic constant`));
    const sealingKey = md5(weakened(key, flags), terminated(`session key to ${direction} sealing key magic constant`));
    this.#stream = new Rc4(sealingKey);
    this.#sealsChecksum = (flags & NegotiateFlag.KeyExchange) !== 0;
  }

  /** Encrypts or decrypts the next bytes. */
  cipher(bytes: Uint8Array): Uint8Array {
    return this.#stream.update(bytes);
  }

  /** MAC of the next message ([MS-NLMP] 3.4.4.2). */
  signature(message: Uint8Array, stream: Rc4 = this.#stream): Uint8Array {
    const seqNum = this.#sequence++;
    const number = new Uint8Array(4);
    new DataView(number.buffer).setUint32(0, seqNum, true);
    const code = hmacMd5(this.#signingKey, number, message).subarray(0, 8);
    const checksum = this.#sealsChecksum ? stream.update(code) : code;
    return new Encoder(64).encode(Object.assign(new MessageSignature(), { checksum, seqNum }));
  }

  /**
   * As `signature`, but without advancing the key stream: the first message after the logon starts from the same state
   * ([MS-SPNG] 3.3.5.1).
   */
  mic(message: Uint8Array): Uint8Array {
    return this.signature(message, this.#stream.fork());
  }
}

function weakened(key: Uint8Array, flags: number): Uint8Array {
  if ((flags & NegotiateFlag.Key128) !== 0) return key;
  return key.subarray(0, (flags & NegotiateFlag.Key56) !== 0 ? 7 : 5);
}

/** Length of a signature in bytes. */
export const NTLM_SIGNATURE = 16;

/** Signs and seals messages in NTLM with extended session security ([MS-NLMP] 3.4.4.2). */
export class NtlmSigner {
  readonly #mine: Direction;
  readonly #theirs: Direction;

  constructor(sessionKey: Uint8Array, flags: number, role: 'client' | 'server') {
    const up = new Direction(sessionKey, flags, 'client-to-server');
    const down = new Direction(sessionKey, flags, 'server-to-client');
    this.#mine = role === 'client' ? up : down;
    this.#theirs = role === 'client' ? down : up;
  }

  /** SPNEGO's mechListMIC. */
  sign(message: Uint8Array): Uint8Array {
    return this.#mine.mic(message);
  }

  verify(message: Uint8Array, signature: Uint8Array): boolean {
    return equalBytes(this.#theirs.mic(message), signature);
  }

  /** GSS_GetMICEx of a message or, with `seal`, GSS_WrapEx: that part of it is encrypted in place. */
  protect(message: Uint8Array, seal?: Uint8Array): Uint8Array {
    if (seal === undefined) return this.#mine.signature(message);
    const plain = message.slice();
    seal.set(this.#mine.cipher(seal));
    return this.#mine.signature(plain);
  }

  /** The reverse: decrypts `sealed`, which is a part of the message, and checks the signature. */
  open(message: Uint8Array, signature: Uint8Array, sealed?: Uint8Array): boolean {
    sealed?.set(this.#theirs.cipher(sealed));
    return equalBytes(this.#theirs.signature(message), signature);
  }
}
