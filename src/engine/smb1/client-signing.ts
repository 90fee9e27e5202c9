import { smb1Sign, smb1Verify } from '#crypto/smb1-signing.js';

/** The sequence numbers and the key of a connection ([MS-CIFS] 3.1.1.1, 3.2.4.1.1). */
export class Smb1ClientSigning {
  #key: Uint8Array | undefined;
  #next = 0;

  get active(): boolean {
    return this.#key !== undefined;
  }

  /** From now on. The session setup that led here counts as the first request, 0, with its answer 1. */
  begin(key: Uint8Array): void {
    this.#key = key;
    this.#next = 2;
  }

  /** Signs a request. Returns the number of its answer, -1 while nothing is signed. */
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
