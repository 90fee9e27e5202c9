import type { Cachings } from './caching.js';
import type { Changes } from './changes.js';
import type { Durables } from './durables.js';
import type { Locks } from './locks.js';
import type { Opens } from './opens.js';

/**
 * The state that all connections, and all servers of a cluster, share; one interface per concern. Methods answer at
 * once or with a promise: in one process nothing waits, a remote coordinator takes its time.
 *
 * Paths are as back ends spell them, `/` between components, '' for the root; that names in different case are the same
 * has been settled before.
 */
export interface Coordinator {
  readonly opens: Opens;
  readonly locks: Locks;
  readonly cachings: Cachings;
  readonly durables: Durables;
  readonly changes: Changes;
}
