import type { Coordinator } from '../coordinator.js';
import { MemoryCachings } from './cachings.js';
import { MemoryChanges } from './changes.js';
import { MemoryDurables } from './durables.js';
import type { BreakTimer } from './holder.js';
import { MemoryLocks } from './locks.js';
import { MemoryOpens } from './opens.js';

export interface MemoryCoordinatorOptions {
  /** Byte-range locks per file. */
  readonly locksPerFile?: number;
  /** Time limit for acknowledging a break; unlimited when absent. */
  readonly breakTimer?: BreakTimer;
}

/** The coordinator of a single process; answers synchronously. */
export class MemoryCoordinator implements Coordinator {
  readonly opens: MemoryOpens;
  readonly locks: MemoryLocks;
  readonly cachings: MemoryCachings;
  readonly durables: MemoryDurables;
  readonly changes: MemoryChanges = new MemoryChanges();

  constructor(options: MemoryCoordinatorOptions = {}) {
    this.locks = new MemoryLocks(options.locksPerFile ?? 4096);
    this.cachings = new MemoryCachings(options.breakTimer ?? (() => () => undefined));
    this.changes.listed = (volume, directory, key) => this.cachings.listed(volume, directory, key);
    this.locks.taken = (claim) => this.cachings.changed(claim);
    this.opens = new MemoryOpens(this.locks, this.cachings, this.changes);
    this.durables = new MemoryDurables(this.opens);
  }
}
