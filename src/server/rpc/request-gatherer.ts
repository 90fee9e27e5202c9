import type { Pdu } from '#wire/rpc/pdu.js';
import type { RpcRequest } from '#wire/rpc/pdu-call.js';
import { PduFlags } from '#wire/rpc/pdu-type.js';

/** All fragments of a request together. */
const MAX_STUB = 256 * 1024;

const NONE: Uint8Array = new Uint8Array(0);

export interface WholeRequest {
  readonly contId: number;
  readonly opnum: number;
  readonly stub: Uint8Array;
}

/** Puts the fragments of a request together ([C706] 12.6.4.9): one request after the other on an association. */
export class RequestGatherer {
  #callId = -1;
  #contId = 0;
  #opnum = 0;
  /** As far as it has come: the first `#gathered` bytes. */
  #stub: Uint8Array = NONE;
  #gathered = 0;

  /** Takes a fragment: the request when it was the last one; `wrong` when it does not belong, or is too much. */
  add({ callId, pfcFlags }: Pdu, { contId, opnum }: RpcRequest, stub: Uint8Array): WholeRequest | 'more' | 'wrong' {
    const first = (pfcFlags & PduFlags.FirstFrag) !== 0;
    const last = (pfcFlags & PduFlags.LastFrag) !== 0;
    // Another call may not come in between.
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

  /** Forgets a request that will not come to its end. */
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

  // Into one piece of memory: a list of fragments would cost more than the fragments, of which a peer chooses the size.
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
