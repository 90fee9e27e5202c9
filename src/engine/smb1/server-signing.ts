import { smb1Sign, smb1Verify } from '#crypto/smb1-signing.js';

/** The sequence numbers and the key of a connection, as its server keeps them ([MS-CIFS] 3.3.1.2, 3.3.5.2.3). */
export class Smb1ServerSigning {
  #key: Uint8Array | undefined;
  #next = 0;

  get active(): boolean {
    return this.#key !== undefined;
  }

  /** From now on. The session setup that led here counts as request 0; its answer has number 1. */
  begin(key: Uint8Array): void {
    this.#key = key;
    this.#next = 2;
  }

  /** The number of the request that comes next. */
  get next(): number {
    return this.#next;
  }

  /** Whether a request is signed as the next one must be; only then its number is used up. A cancel has no answer. */
  accept(frame: Uint8Array, isCancel: boolean): boolean {
    if (this.#key === undefined) return true;
    if (!smb1Verify(this.#key, [frame], this.#next)) return false;
    this.#next += isCancel ? 1 : 2;
    return true;
  }

  /** Signs an answer. */
  sign(parts: readonly Uint8Array[], sequence: number): void {
    if (this.#key !== undefined) smb1Sign(this.#key, parts, sequence);
  }
}
