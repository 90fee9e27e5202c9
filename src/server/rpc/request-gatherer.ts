import type { Pdu } from '#wire/rpc/pdu.js';
import type { RpcRequest } from '#wire/rpc/pdu-call.js';
import { PduFlags } from '#wire/rpc/pdu-type.js';

/** Limit for all fragments of a request together, in bytes. */
const MAX_STUB = 256 * 1024;

const NONE: Uint8Array = new Uint8Array(0);

export interface WholeRequest {
  readonly contId: number;
  readonly opnum: number;
  readonly stub: Uint8Array;
}

/** Reassembles fragmented requests ([C706] 12.6.4.9); one request at a time per association. */
export class RequestGatherer {
  #callId = -1;
  #contId = 0;
  #opnum = 0;
  /** The stub received so far: the first `#gathered` bytes. */
  #stub: Uint8Array = NONE;
  #gathered = 0;

  /**
   * Adds a fragment. Returns the request after its last fragment; `wrong` if the fragment is unexpected or too large.
   */
  add({ callId, pfcFlags }: Pdu, { contId, opnum }: RpcRequest, stub: Uint8Array): WholeRequest | 'more' | 'wrong' {
    const first = (pfcFlags & PduFlags.FirstFrag) !== 0;
    const last = (pfcFlags & PduFlags.LastFrag) !== 0;
    // Calls must not interleave.
    if (first !== (this.#callId === -1)) return this.#wrong();
    if (first && last) return stub.length > MAX_STUB ? 'wrong' : { contId, opnum, stub };
    if (first) {
      this.#callId = callId;
      this.#contId = contId;
      this.#opnum = opnum;
    } else if (callId !== this.#callId || contId !== this.#contId || opnum !== this.#opnum) {
      return this.#wrong();
    }
    if (this.#gathered + stub.length > MAX_STUB) return this.#wrong();
    this.#append(stub);
    if (!last) return 'more';
    const whole = this.#stub.subarray(0, this.#gathered);
    this.#reset();
    return { contId, opnum, stub: whole };
  }

  /** Drops an incomplete request. */
  drop(callId: number): void {
    if (callId === this.#callId) this.#reset();
  }

  #wrong(): 'wrong' {
    this.#reset();
    return 'wrong';
  }

  #reset(): void {
    this.#callId = -1;
    this.#stub = NONE;
    this.#gathered = 0;
  }

  // Copies into one buffer: the peer chooses the fragment size, and a list of tiny fragments would cost more memory.
  #append(fragment: Uint8Array): void {
    const needed = this.#gathered + fragment.length;
    if (needed > this.#stub.length) {
      const roomier = new Uint8Array(Math.min(MAX_STUB, needed * 2));
      roomier.set(this.#stub.subarray(0, this.#gathered));
      this.#stub = roomier;
    }
    this.#stub.set(fragment, this.#gathered);
    this.#gathered = needed;
  }
}
