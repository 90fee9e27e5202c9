import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Descriptors } from '../capabilities.js';
import type { Clock } from '../clock.js';
import type { Budget } from './chunks.js';
import { type MemoryHandle, opened } from './handle.js';
import type { MemoryNode } from './node.js';

/** [MS-DTYP] 2.4.6 The fixed part of a self-relative descriptor. */
const SMALLEST = 20;

/** Security descriptors of an in-memory back end. */
export class MemoryDescriptors implements Descriptors<MemoryHandle> {
  readonly #clock: Clock;
  readonly #budget: Budget;

  constructor(clock: Clock, budget: Budget) {
    this.#clock = clock;
    this.#budget = budget;
  }

  get(handle: MemoryHandle): Uint8Array | undefined {
    return opened(handle).descriptor?.slice();
  }

  set(handle: MemoryHandle, descriptor: Uint8Array): void {
    const node = opened(handle);
    if (descriptor.length < SMALLEST) throw new StatusError(NtStatus.InvalidSecurityDescr);
    this.#budget.take(descriptor.length - (node.descriptor?.length ?? 0));
    node.descriptor = descriptor.slice();
    node.changeTime = this.#clock();
  }

  /** Called when a node is gone. */
  clear(node: MemoryNode): void {
    this.#budget.giveBack(node.descriptor?.length ?? 0);
    node.descriptor = undefined;
  }
}
