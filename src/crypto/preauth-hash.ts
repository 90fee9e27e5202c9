import { createHash } from 'node:crypto';

const SIZE = 64;

/** PreauthIntegrityHashValue of a connection or session: SHA-512 chained over messages ([MS-SMB2] 3.2.5.2). */
export class PreauthHash {
  #value: Uint8Array;

  constructor(value: Uint8Array = new Uint8Array(SIZE)) {
    this.#value = value;
  }

  /** Adds one whole message, given in parts. */
  update(...parts: readonly Uint8Array[]): this {
    const hash = createHash('sha512').update(this.#value);
    for (const part of parts) hash.update(part);
    this.#value = new Uint8Array(hash.digest());
    return this;
  }

  /** 64 bytes; a later `update` does not change the returned array. */
  get value(): Uint8Array {
    return this.#value;
  }

  /** Copies the connection's value as the start of a session's own. */
  fork(): PreauthHash {
    return new PreauthHash(this.#value);
  }
}
