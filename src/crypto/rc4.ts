/** The RC4 stream cipher. OpenSSL 3 refuses it, but NTLM's key exchange and message signatures need it. */
export class Rc4 {
  readonly #state = new Uint8Array(256);
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    const s = this.#state;
    for (let i = 0; i < 256; i++) s[i] = i;
    for (let i = 0, j = 0; i < 256; i++) {
      const si = s[i] as number;
      j = (j + si + (key[i % key.length] as number)) & 255;
      s[i] = s[j] as number;
      s[j] = si;
    }
  }

  /** A copy of the stream in its current state. */
  fork(): Rc4 {
    const twin = new Rc4(Uint8Array.of(0));
    twin.#state.set(this.#state);
    twin.#i = this.#i;
    twin.#j = this.#j;
    return twin;
  }

  /** `data` XORed with the next bytes of the stream. */
  update(data: Uint8Array): Uint8Array {
    const s = this.#state;
    const out = new Uint8Array(data.length);
    for (let n = 0; n < data.length; n++) {
      this.#i = (this.#i + 1) & 255;
      const si = s[this.#i] as number;
      this.#j = (this.#j + si) & 255;
      const sj = s[this.#j] as number;
      s[this.#i] = sj;
      s[this.#j] = si;
      out[n] = (data[n] as number) ^ (s[(si + sj) & 255] as number);
    }
    return out;
  }
}

/** Encrypts or decrypts a single message. */
export function rc4(key: Uint8Array, data: Uint8Array): Uint8Array {
  return new Rc4(key).update(data);
}
