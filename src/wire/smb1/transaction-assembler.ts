import { EMPTY } from '../io/decoder.js';
import { Malformed } from '../io/malformed.js';
import type { TransactionPiece } from './command/transaction.js';

/** A piece with displacements: a secondary request, or a response. */
export type DisplacedPiece = TransactionPiece & {
  readonly parameterDisplacement: number;
  readonly dataDisplacement: number;
};

/** One of the two buffers of a transaction, filled as its pieces arrive. */
class Assembly {
  readonly #name: string;
  bytes: Uint8Array = EMPTY;
  total = 0;
  received = 0;

  constructor(name: string) {
    this.#name = name;
  }

  begin(total: number, limit: number): void {
    if (total > limit) throw new Malformed(`Total${this.#name}Count`, 0, `${total} bytes are more than ${limit}`);
    this.total = total;
    this.bytes = new Uint8Array(total);
  }

  /** A later piece may reduce the total but never increase it ([MS-CIFS] 3.3.5.2.5). */
  add(total: number, displacement: number, piece: Uint8Array): void {
    this.total = Math.min(this.total, total);
    if (displacement + piece.length > this.bytes.length || this.received + piece.length > this.bytes.length) {
      throw new Malformed(`${this.#name}Displacement`, displacement, `${piece.length} bytes run past the total`);
    }
    this.bytes.set(piece, displacement);
    this.received += piece.length;
  }

  get complete(): boolean {
    return this.received >= this.total;
  }
}

/**
 * Reassembles the pieces of a transaction ([MS-CIFS] 3.2.5.1.4, 3.3.5.2.5): a request with its secondaries, or several
 * responses. The sizes of the buffers come from the first piece, and are limited.
 */
export class TransactionAssembler {
  readonly #parameters = new Assembly('Parameter');
  readonly #data = new Assembly('Data');

  /** `limit`: maximum size of parameters and of data, in bytes each. `first` is copied. */
  constructor(first: TransactionPiece, limit: number) {
    this.#parameters.begin(first.totalParameterCount, limit);
    this.#data.begin(first.totalDataCount, limit);
    const displaced: Partial<DisplacedPiece> = first;
    this.#add(first, displaced.parameterDisplacement ?? 0, displaced.dataDisplacement ?? 0);
  }

  /** Adds a secondary request or a further response. Throws Malformed if it does not fit. */
  add(piece: DisplacedPiece): void {
    this.#add(piece, piece.parameterDisplacement, piece.dataDisplacement);
  }

  #add(piece: TransactionPiece, parameterDisplacement: number, dataDisplacement: number): void {
    this.#parameters.add(piece.totalParameterCount, parameterDisplacement, piece.parameters);
    this.#data.add(piece.totalDataCount, dataDisplacement, piece.data);
  }

  get complete(): boolean {
    return this.#parameters.complete && this.#data.complete;
  }

  get parameters(): Uint8Array {
    return this.#parameters.bytes.subarray(0, this.#parameters.total);
  }

  get data(): Uint8Array {
    return this.#data.bytes.subarray(0, this.#data.total);
  }
}
