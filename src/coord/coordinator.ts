import type { Cachings } from './caching.js';
import type { Changes } from './changes.js';
import type { Durables } from './durables.js';
import type { Locks } from './locks.js';
import type { Opens } from './opens.js';

/**
 * State shared by all connections, and by all servers of a cluster; one interface per concern. Methods answer
 * synchronously or with a promise: an in-process coordinator need not wait, a remote one takes time. Paths are spelled
 * as in the back end, with `/` between components and '' for the root; case-insensitive matching has been done before.
 */
export interface Coordinator {
  readonly opens: Opens;
  readonly locks: Locks;
  readonly cachings: Cachings;
  readonly durables: Durables;
  readonly changes: Changes;
}
