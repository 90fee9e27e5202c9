import type { Coordinator } from '../coordinator.js';
import { MemoryChanges } from './changes.js';
import { MemoryLocks } from './locks.js';
import { MemoryOpens } from './opens.js';

export interface MemoryCoordinatorOptions {
  /** Byte-range locks of one file. */
  readonly locksPerFile?: number;
}

/** The coordinator of one process: answers at once. */
export class MemoryCoordinator implements Coordinator {
  readonly opens: MemoryOpens;
  readonly locks: MemoryLocks;
  readonly changes: MemoryChanges = new MemoryChanges();

  constructor(options: MemoryCoordinatorOptions = {}) {
    this.locks = new MemoryLocks(options.locksPerFile ?? 4096);
    this.opens = new MemoryOpens(this.locks);
  }
}
