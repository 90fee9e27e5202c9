import type { Durables, Tenacity } from '../durables.js';
import type { Claim } from '../opens.js';
import type { MemoryClaim } from './claim.js';
import { HANDLE } from './holder.js';
import type { MemoryOpens } from './opens.js';

/** Opens of this process whose clients are disconnected. */
export class MemoryDurables implements Durables {
  readonly #opens: MemoryOpens;

  constructor(opens: MemoryOpens) {
    this.#opens = opens;
  }

  disconnect(claim: Claim, tenacity: Tenacity = 'durable'): boolean {
    const own = claim as MemoryClaim;
    if (!own.entered || own.disconnected || (tenacity === 'durable' && !outlasts(own))) return false;
    own.disconnected = tenacity;
    if (tenacity === 'persistent') own.state.awaited++;
    return true;
  }

  reconnect(claim: Claim): boolean {
    const own = claim as MemoryClaim;
    if (!own.disconnected || (own.disconnected === 'durable' && !outlasts(own))) return false;
    own.comeBack();
    return true;
  }

  list(): Claim[] {
    return this.#opens.list().filter((claim) => (claim as MemoryClaim).disconnected !== undefined);
  }
}

/** [MS-SMB2] 3.3.7.1: requires a batch oplock, or a lease with handle caching, that is not being broken. */
function outlasts({ holder }: MemoryClaim): boolean {
  return holder !== undefined && !holder.breaking && (holder.state & HANDLE) !== 0;
}
