import type { Coordinator } from '../coordinator.js';
import { MemoryChanges } from './changes.js';
import { MemoryOpens } from './opens.js';

/** The coordinator of one process: answers at once. */
export class MemoryCoordinator implements Coordinator {
  readonly opens: MemoryOpens = new MemoryOpens();
  readonly changes: MemoryChanges = new MemoryChanges();
}
