import type { Acknowledged, BreakNotice, CachingRequest, LeaseRequest } from '#coord/caching.js';
import type { Claim, Eventually } from '#coord/opens.js';
import { LeaseState } from '#wire/smb2/create-context/lease.js';
import type { ServerCore } from '../core.js';
import type { DiskOpen } from '../state/open.js';
import { parentPath } from '../volume.js';
import { endDurable } from './durable.js';
import { cachingChanged } from './persistent.js';

/** The oplock or lease requested by a CREATE. */
export interface CachingFacts {
  /** Lease state bits; oplocks are expressed in them, too. */
  readonly wanted: number;
  readonly lease: LeaseRequest | undefined;
  /** Applies to directories as well. */
  readonly directories: boolean;
  /** Notifies the client of a break; false if it cannot be reached. */
  tell(open: DiskOpen, notice: BreakNotice): boolean;
}

/** The caching request for the coordinator. Breaks that precede the CREATE response are sent after it. */
export class CachingOfOpen implements CachingRequest {
  readonly wanted: number;
  readonly lease: LeaseRequest | undefined;
  readonly #core: ServerCore;
  readonly #facts: CachingFacts;
  readonly #early: BreakNotice[] = [];
  #open: DiskOpen | undefined;

  constructor(core: ServerCore, facts: CachingFacts, isDirectory: boolean) {
    this.#core = core;
    this.#facts = facts;
    // [MS-FSA] 2.1.5.18 would refuse the request; Windows ignores the bit.
    this.wanted = isDirectory ? facts.wanted & ~LeaseState.WriteCaching : facts.wanted;
    this.lease = facts.lease;
  }

  answered(open: DiskOpen): void {
    open.answered = undefined;
    this.#open = open;
    // Breaks that need no acknowledgment are already reflected in the response.
    for (const notice of this.#early.splice(0)) if (notice.acknowledge) this.broken(open.claim, notice);
  }

  broken(claim: Claim, notice: BreakNotice): void {
    cachingChanged(this.#core, claim);
    if (this.#open === undefined) this.#early.push(notice);
    else if (this.#core.durables.has(this.#open)) this.#away(this.#open, notice);
    else if (!this.#facts.tell(this.#open, notice)) void this.#core.coordinator.cachings.lost(claim);
  }

  /** The client is disconnected: a durable open is closed, any other only loses its cached state. */
  #away(open: DiskOpen, { acknowledge }: BreakNotice): void {
    if (open.durable?.tenacity === 'durable') void endDurable(this.#core, open);
    else if (acknowledge) void this.#core.coordinator.cachings.lost(open.claim);
  }
}

/** Watches the medium for changes by others to what an open caches, at its current path. */
export function lookOut({ notifier }: ServerCore, open: DiskOpen): void {
  const { holder, path } = open.claim;
  const before = open.guard;
  if (holder !== undefined && holder.state !== 0) {
    open.guard = notifier.guard(open.backend, open.isDirectory ? path : parentPath(path));
  }
  before?.end();
}

/** The client acknowledges an oplock break ([MS-FSA] 2.1.5.19). */
export async function acknowledge(core: ServerCore, open: DiskOpen, state: number): Promise<Acknowledged> {
  const acknowledged = await core.coordinator.cachings.acknowledge(open.claim, state);
  await core.persistents.saveAll(open.claim);
  return acknowledged;
}

/** As `acknowledge`, for a lease, which all opens of the client with that key share. */
export async function acknowledgeLease(
  core: ServerCore,
  client: string,
  key: string,
  state: number,
): Promise<Acknowledged> {
  const acknowledged = await core.coordinator.cachings.acknowledgeLease(client, key, state);
  await core.persistents.saveLease(client, key);
  return acknowledged;
}

/** Sends the next break in a series, after the response to an acknowledgment. */
export function tellFurther(core: ServerCore, client: string, key: string): Eventually<void> {
  return core.coordinator.cachings.tellFurther(client, key);
}

/**
 * Called when data has changed: what others have cached is void. Waits for nothing but pending records of persistent
 * opens, which include what those cache.
 */
export function dataChanged(core: ServerCore, open: DiskOpen): Eventually<void> {
  const told = core.coordinator.cachings.changed(open.claim);
  const { settled } = core.persistents;
  return settled === undefined ? told : settled.then(() => told);
}
