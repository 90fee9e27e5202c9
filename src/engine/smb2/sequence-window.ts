/**
 * The message ids that a client may use ([MS-SMB2] 3.3.1.1): granted and not used yet. A ring of fixed size, so a
 * client that leaves holes costs no memory; it just cannot get further ahead than the length of the ring.
 */
export class SequenceWindow {
  /** Lowest id that may still be unused; `#high` is the id after the highest one granted. */
  #low = 0;
  #high = 1;
  #unused = 1;
  readonly #used: Uint8Array;
  readonly #maxCredits: number;

  /** `maxCredits`: how many credits a client may hold. */
  constructor(maxCredits: number) {
    this.#maxCredits = maxCredits;
    // Positions are found by masking, so the length is a power of two.
    this.#used = new Uint8Array(2 ** Math.ceil(Math.log2(Math.max(2, maxCredits))));
  }

  /** Credits that the client holds. */
  get credits(): number {
    return this.#unused;
  }

  /** Uses up `charge` ids from `messageId` on; false if the client may not use one of them ([MS-SMB2] 3.3.5.2.3). */
  consume(messageId: number, charge: number): boolean {
    const end = messageId + charge;
    if (messageId < this.#low || end > this.#high) return false;
    const mask = this.#used.length - 1;
    for (let id = messageId; id < end; id++) if (this.#used[id & mask] === 1) return false;
    for (let id = messageId; id < end; id++) this.#used[id & mask] = 1;
    this.#unused -= charge;
    while (this.#low < this.#high && this.#used[this.#low & mask] === 1) {
      this.#used[this.#low & mask] = 0;
      this.#low++;
    }
    return true;
  }

  /** Grants up to `wanted` more, never leaving the client with none. Returns the number for CreditResponse. */
  grant(wanted: number): number {
    const room = Math.min(this.#maxCredits - this.#unused, this.#used.length - (this.#high - this.#low));
    const granted = Math.max(Math.min(wanted, room), this.#unused === 0 ? 1 : 0);
    this.#high += granted;
    this.#unused += granted;
    return granted;
  }
}
