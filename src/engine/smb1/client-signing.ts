import { smb1Sign, smb1Verify } from '#crypto/smb1-signing.js';

/** A connection's signing key and sequence numbers, on the client ([MS-CIFS] 3.1.1.1, 3.2.4.1.1). */
export class Smb1ClientSigning {
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

  /** Signs a request. Returns the sequence number of its response, or -1 while signing is inactive. */
  sign(parts: readonly Uint8Array[], answered: boolean): number {
    if (!this.#key) return -1;
    const sequence = this.#next;
    this.#next += answered ? 2 : 1;
    smb1Sign(this.#key, parts, sequence);
    return sequence + 1;
  }

  verify(frame: Uint8Array, sequence: number): boolean {
    return this.#key !== undefined && smb1Verify(this.#key, [frame], sequence);
  }
}
