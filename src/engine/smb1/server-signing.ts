import { smb1Sign, smb1Verify } from '#crypto/smb1-signing.js';

/** A connection's signing key and sequence numbers, on the server ([MS-CIFS] 3.3.1.2, 3.3.5.2.3). */
export class Smb1ServerSigning {
  #key: Uint8Array | undefined;
  #next = 0;

  get active(): boolean {
    return this.#key !== undefined;
  }

  /** Starts signing. The session setup that led here counts as request 0 and its response as 1. */
  begin(key: Uint8Array): void {
    this.#key = key;
    this.#next = 2;
  }

  /** Sequence number of the next request. */
  get next(): number {
    return this.#next;
  }

  /** Verifies the next request; its number is used up only if the signature is valid. A cancel has no response. */
  accept(frame: Uint8Array, isCancel: boolean): boolean {
    if (this.#key === undefined) return true;
    if (!smb1Verify(this.#key, [frame], this.#next)) return false;
    this.#next += isCancel ? 1 : 2;
    return true;
  }

  /** Signs a response. */
  sign(parts: readonly Uint8Array[], sequence: number): void {
    if (this.#key !== undefined) smb1Sign(this.#key, parts, sequence);
  }
}
