import type { Acknowledged, BreakNotice, CachingRequest, LeaseRequest } from '#coord/caching.js';
import type { Claim, Eventually } from '#coord/opens.js';
import { LeaseState } from '#wire/smb2/create-context/lease.js';
import type { ServerCore } from '../core.js';
import type { DiskOpen } from '../state/open.js';
import { parentPath } from '../volume.js';
import { endDurable } from './durable.js';
import { cachingChanged } from './persistent.js';

/** The oplock or lease that a CREATE asks for. */
export interface CachingFacts {
  /** Bits of a lease; an oplock is said in them, too. */
  readonly wanted: number;
  readonly lease: LeaseRequest | undefined;
  /** It is meant for a directory, too. */
  readonly directories: boolean;
  /** Tells the client; false when it cannot be reached. */
  tell(open: DiskOpen, notice: BreakNotice): boolean;
}

/** The request to the coordinator; breaks that come before the client knows the open are told once it does. */
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
    // [MS-FSA] 2.1.5.18 would refuse it; Windows leaves the bit out.
    this.wanted = isDirectory ? facts.wanted & ~LeaseState.WriteCaching : facts.wanted;
    this.lease = facts.lease;
  }

  answered(open: DiskOpen): void {
    open.answered = undefined;
    this.#open = open;
    // What needs no acknowledgment the answer has said already.
    for (const notice of this.#early.splice(0)) if (notice.acknowledge) this.broken(open.claim, notice);
  }

  broken(claim: Claim, notice: BreakNotice): void {
    cachingChanged(this.#core, claim);
    if (this.#open === undefined) this.#early.push(notice);
    else if (this.#core.durables.has(this.#open)) this.#away(this.#open, notice);
    else if (!this.#facts.tell(this.#open, notice)) void this.#core.coordinator.cachings.lost(claim);
  }

  /** The client is gone: an open that stays whatever happens has cached in vain, any other one is at its end. */
  #away(open: DiskOpen, { acknowledge }: BreakNotice): void {
    if (open.durable?.tenacity === 'durable') void endDurable(this.#core, open);
    else if (acknowledge) void this.#core.coordinator.cachings.lost(open.claim);
  }
}

/** Looks out for others who change on the medium what an open caches, where it is by now. */
export function lookOut({ notifier }: ServerCore, open: DiskOpen): void {
  const { holder, path } = open.claim;
  const before = open.guard;
  if (holder !== undefined && holder.state !== 0) {
    open.guard = notifier.guard(open.backend, open.isDirectory ? path : parentPath(path));
  }
  before?.end();
}

/** The client says what it keeps of an oplock after a break ([MS-FSA] 2.1.5.19). */
export async function acknowledge(core: ServerCore, open: DiskOpen, state: number): Promise<Acknowledged> {
  const acknowledged = await core.coordinator.cachings.acknowledge(open.claim, state);
  await core.persistents.saveAll(open.claim);
  return acknowledged;
}

/** The same of a lease, which belongs to all opens of the client with that key. */
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

/** After the answer to an acknowledgment that does not go far enough. */
export function tellFurther(core: ServerCore, client: string, key: string): Eventually<void> {
  return core.coordinator.cachings.tellFurther(client, key);
}

/**
 * Said when data have been changed: what others have read before is void. Waits for nobody but the records of
 * persistent opens that say what they cache.
 */
export function dataChanged(core: ServerCore, open: DiskOpen): Eventually<void> {
  const told = core.coordinator.cachings.changed(open.claim);
  const { settled } = core.persistents;
  return settled === undefined ? told : settled.then(() => told);
}
