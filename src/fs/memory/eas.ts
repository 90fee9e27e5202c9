import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { eaListGrows } from '#wire/fscc/file-info/full-ea.js';
import type { Ea, ExtendedAttributes } from '../capabilities.js';
import type { Clock } from '../clock.js';
import type { Budget } from './chunks.js';
import { type MemoryHandle, opened } from './handle.js';
import type { MemoryNode } from './node.js';

/** Approximate overhead of one attribute in bytes, besides its name and value. */
const EA_COST = 64;
/** Largest total size of a node's extended attributes in bytes, as on NTFS. */
const LARGEST = 65_536;

/** Extended attributes of an in-memory back end. */
export class MemoryEas implements ExtendedAttributes<MemoryHandle> {
  readonly #clock: Clock;
  readonly #budget: Budget;

  constructor(clock: Clock, budget: Budget) {
    this.#clock = clock;
    this.#budget = budget;
  }

  list(handle: MemoryHandle): Ea[] {
    return [...opened(handle).eas.values()];
  }

  set(handle: MemoryHandle, changes: readonly Ea[]): void {
    const node = opened(handle);
    const after = new Map(node.eas);
    for (const { name, flags, value } of changes) {
      const key = name.toUpperCase();
      if (value.length === 0) after.delete(key);
      // An attribute keeps the spelling that it was created with.
      else after.set(key, { name: after.get(key)?.name ?? name, flags, value: value.slice() });
    }
    const [before, cost] = [costOf(node.eas), costOf(after)];
    if (cost > before && cost > LARGEST) throw new StatusError(NtStatus.EaTooLarge);
    if (cost > before) this.#budget.take(cost - before);
    else this.#budget.giveBack(before - cost);
    node.eas = after;
    node.eaSize = 0;
    for (const { name, value } of after.values()) node.eaSize = eaListGrows(node.eaSize, name.length, value.length);
    node.changeTime = this.#clock();
  }

  /** Called when a node is gone, with all its attributes. */
  clear(node: MemoryNode): void {
    this.#budget.giveBack(costOf(node.eas));
    node.eas = new Map();
  }
}

function costOf(eas: ReadonlyMap<string, Ea>): number {
  let cost = 0;
  for (const { name, value } of eas.values()) cost += EA_COST + name.length + value.length;
  return cost;
}
