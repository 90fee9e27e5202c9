import { ConnectionLost } from '#wire/erref/errors.js';
import type { Smb2Header } from '#wire/smb2/header.js';
import type { Transport } from '../transport.js';
import type { Batch } from './batch.js';

/** Queue of frames waiting to begin. While they hold too much memory, nothing more is read from the peer. */
export class Deferred {
  readonly #transport: Transport;
  readonly #maxBytes: number;
  readonly #batches: Batch[] = [];
  #charge = 0;
  #bytes = 0;
  #holding = false;

  constructor(transport: Transport, maxBytes: number) {
    this.#transport = transport;
    this.#maxBytes = maxBytes;
  }

  /** The frame whose turn it is. */
  get next(): Batch | undefined {
    return this.#batches[0];
  }

  /** Throws ConnectionLost if the peer sent more than it had credits for. */
  add(batch: Batch, maxCredits: number): void {
    this.#charge += batch.weight;
    this.#bytes += batch.size;
    if (this.#charge > maxCredits) {
      throw new ConnectionLost('more requests than there were credits for', { retryable: false });
    }
    this.#batches.push(batch);
    if (this.#bytes <= this.#maxBytes || this.#holding) return;
    this.#holding = true;
    this.#transport.pause?.();
  }

  /** Removes the next frame. */
  shift(): void {
    const batch = this.#batches.shift();
    if (batch === undefined) return;
    this.#charge -= batch.weight;
    this.#bytes -= batch.size;
    if (!this.#holding || this.#bytes > this.#maxBytes / 2) return;
    this.#holding = false;
    this.#transport.resume?.();
  }

  /** Cancels a request that waits here. */
  cancel(header: Smb2Header): void {
    for (const batch of this.#batches) batch.cancel(header);
  }

  clear(): void {
    this.#batches.length = 0;
  }
}
