import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Acknowledged, CachingRequest, Cachings } from '../caching.js';
import type { Claim } from '../opens.js';
import type { Patience } from '../patience.js';
import { type MemoryClaim, type StreamState, stateOf } from './claim.js';
import { type BreakTimer, HANDLE, Holder, READ, WRITE } from './holder.js';

/** An open for these rights alone touches no data, so it breaks no oplock ([MS-FSA] 2.1.4.12) and no lease. */
const OPLOCK_STAT = FileAccess.ReadAttributes | FileAccess.WriteAttributes | FileAccess.Synchronize;
const LEASE_STAT = OPLOCK_STAT | FileAccess.ReadControl;

/** A requested open, as it matters to holders of oplocks and leases on the stream. */
export interface Arrival {
  readonly claim: MemoryClaim;
  /** The open replaces the existing data. */
  readonly overwrites: boolean;
  /** Current share-mode conflicts: with the same stream, and with other streams of the file. */
  readonly conflicts: boolean;
  readonly elsewhere: ReadonlySet<StreamState>;
  /** First attempt: it has not waited yet. */
  readonly first: boolean;
}

/** Oplocks and leases within this process. */
export class MemoryCachings implements Cachings {
  readonly #timer: BreakTimer;
  /** Leases of all clients. */
  readonly #leases = new Map<string, { readonly holder: Holder; readonly state: StreamState }>();
  /** Something changed for those waiting on the file; set by `MemoryOpens`. */
  wake: (claim: MemoryClaim) => void = () => undefined;
  /** All opens by path; set by `MemoryOpens`. */
  claimsAt: (volume: string, path: string) => Iterable<MemoryClaim> = () => [];

  constructor(timer: BreakTimer) {
    this.#timer = timer;
  }

  /** InvalidParameter if the requested lease key is already in use for another file ([MS-SMB2] 3.3.5.9.8). */
  checkLease({ caching, state }: MemoryClaim): void {
    const known = caching?.lease && this.#leases.get(leaseKey(caching.lease));
    if (known && known.state !== state) throw new StatusError(NtStatus.InvalidParameter);
  }

  /** Breaks whatever conflicts with an open. True if the open has to wait for an acknowledgment. */
  makeWay(arrival: Arrival): boolean {
    if (!arrival.overwrites && isWithin(arrival.claim.access, OPLOCK_STAT)) return false;
    // A holder that cannot be notified gives way at once, so look again.
    while (true) {
      const here = this.#makeWayHere(arrival);
      const elsewhere = this.#makeWayElsewhere(arrival);
      const waits = here.waits || elsewhere.waits;
      if (!waits || !(here.told || elsewhere.told)) return waits;
    }
  }

  #makeWayHere(arrival: Arrival): { waits: boolean; told: boolean } {
    let [waits, told] = [false, false];
    for (const holder of [...arrival.claim.state.holders]) {
      if (this.#isOwn(holder, arrival.claim)) continue;
      if (holder.asked && !arrival.overwrites && isWithin(arrival.claim.access, LEASE_STAT)) continue;
      const outcome = this.#giveWay(holder, arrival);
      waits ||= outcome.waits;
      told ||= outcome.told;
    }
    return { waits, told };
  }

  /** On other streams, only holders of handle caching can resolve a conflict. */
  #makeWayElsewhere({ elsewhere }: Arrival): { waits: boolean; told: boolean } {
    let [waits, told] = [false, false];
    for (const holder of [...elsewhere].flatMap(({ holders }) => [...holders])) {
      if ((holder.state & HANDLE) === 0) continue;
      waits = true;
      told = this.#break(holder, holder.asked ? holder.state & ~HANDLE : READ) || told;
    }
    return { waits, told };
  }

  #giveWay(holder: Holder, { overwrites, conflicts, first }: Arrival): { waits: boolean; told: boolean } {
    const awaited = conflicts ? HANDLE : WRITE;
    // [MS-FSA] 2.1.5.1.2: a batch oplock is broken before share modes are compared.
    const isBatch = !holder.asked && (holder.state & HANDLE) !== 0;
    const empties = overwrites && (!conflicts || isBatch);
    const kept = empties ? 0 : holder.state & ~awaited;
    // An open that has already waited keeps waiting until the lease has come all the way down.
    const onItsWay = !first && holder.breaking;
    if (kept === holder.state) return { waits: holder.asked !== undefined && onItsWay, told: false };
    const waits = (holder.state & awaited) !== 0 || onItsWay;
    const told = this.#break(holder, holder.asked ? kept : kept & READ);
    return { waits, told };
  }

  /** Grants a new open as much of the requested caching as possible ([MS-FSA] 2.1.5.18, [MS-SMB2] 3.3.5.9.8). */
  grant(claim: MemoryClaim, claims: Iterable<MemoryClaim>): void {
    const { caching, state } = claim;
    if (!caching) return;
    const known = caching.lease && this.#leases.get(leaseKey(caching.lease));
    const granted = grantable(claim, caching, othersOf(claim, known?.holder, claims));
    if (known) {
      const { holder } = known;
      enter(holder, claim);
      // Upgrades only if the request includes everything already held, and only as a whole.
      const more = granted === caching.wanted && granted !== holder.state && (holder.state & ~granted) === 0;
      if (more && !holder.breaking) holder.grant(granted);
      this.#settle(holder, state);
      return;
    }
    if (granted === 0 && !caching.lease) return;
    const holder = new Holder(caching.lease, this.#timer);
    enter(holder, claim);
    holder.grant(granted);
    if (caching.lease) this.#leases.set(leaseKey(caching.lease), { holder, state });
    this.#settle(holder, state);
  }

  /** Several opens ended at once. If one deletes the file or stream, nobody else may keep handle caching on it. */
  leave(claims: readonly MemoryClaim[]): void {
    // Most opens that are closed leave nothing to do here.
    if (claims.every(({ holder, deleteOnClose }) => holder === undefined && !deleteOnClose)) return;
    const holders = claims.map((claim) => claim.holder);
    for (const claim of claims) {
      claim.holder?.claims.delete(claim);
      claim.holder = undefined;
    }
    for (const [at, claim] of claims.entries()) {
      const holder = holders[at];
      if (holder) this.#leave(holder, claim);
    }
    for (const [at, claim] of claims.entries()) {
      if (claim.deleteOnClose) this.#breakHandles(claim.state, holders[at]);
    }
  }

  #leave(holder: Holder, claim: MemoryClaim): void {
    holder.leave(claim);
    if (holder.claims.size > 0) return;
    claim.state.holders.delete(holder);
    if (holder.asked) this.#leases.delete(leaseKey(holder.asked));
  }

  acknowledge(claim: Claim, state: number): Acknowledged {
    const { holder } = claim as MemoryClaim;
    // [MS-SMB2] 3.3.5.22.1 says INVALID_DEVICE_STATE; Windows and Samba return this status.
    if (!holder?.breakingTo || holder.asked) throw new StatusError(NtStatus.InvalidOplockProtocol);
    if ((state & ~holder.breakingTo.told) === 0) return this.#acknowledged(holder, claim as MemoryClaim, state);
    this.#acknowledged(holder, claim as MemoryClaim, 0);
    throw new StatusError(NtStatus.InvalidOplockProtocol);
  }

  acknowledgeLease(client: string, key: string, state: number): Acknowledged {
    const holder = this.#leases.get(leaseKey({ client, key }))?.holder;
    const [claim] = holder?.claims ?? [];
    if (!holder || !claim) throw new StatusError(NtStatus.ObjectNameNotFound);
    if (!holder.breakingTo) throw new StatusError(NtStatus.Unsuccessful);
    if ((state & ~holder.breakingTo.told) !== 0) throw new StatusError(NtStatus.RequestNotAccepted);
    return this.#acknowledged(holder, claim, state);
  }

  #acknowledged(holder: Holder, claim: MemoryClaim, state: number): Acknowledged {
    const further = holder.acknowledged(state, () => this.#expire(holder));
    this.#settle(holder, claim.state);
    this.wake(claim);
    return { state, further };
  }

  lost(claim: Claim): void {
    const { holder } = claim as MemoryClaim;
    if (holder && !holder.tellAnother(claim as MemoryClaim)) this.#expire(holder);
  }

  tellFurther(client: string, key: string): void {
    this.#leases.get(leaseKey({ client, key }))?.holder.tellFurther();
  }

  hasLease(client: string, key: string): boolean {
    return this.#leases.has(leaseKey({ client, key }));
  }

  changed(claim: Claim): void {
    const { holders } = stateOf(claim);
    if (holders.size === 0) return;
    const own = (claim as MemoryClaim).holder;
    if (own && (own.state & WRITE) !== 0) return;
    // The writer's own level II oplock breaks, too; its own lease stays ([MS-FSA] 2.1.4.12).
    for (const holder of [...holders]) if (holder !== own || !holder.asked) this.#break(holder, 0);
  }

  changedOutside(volume: string, path: string): void {
    for (const { state } of this.claimsAt(volume, path)) {
      for (const holder of [...state.holders]) this.#break(holder, 0);
    }
  }

  /** A directory listing changed: breaks leases on the directory, except that of the client which caused the change. */
  listed(volume: string, directory: string, parentKey: string | undefined): void {
    if (this.#leases.size === 0) return;
    for (const { state, stream } of this.claimsAt(volume, directory)) {
      if (stream !== '') continue;
      for (const holder of [...state.holders])
        if (holder.asked && holder.asked.key !== parentKey) this.#break(holder, 0);
      return;
    }
  }

  /**
   * The node is about to be renamed or deleted, so nobody but `own` may keep handle caching on it. With patience, waits
   * for the acknowledgments; without, does not. `then` runs before any other waiter looks again.
   */
  yieldHandles(
    claim: MemoryClaim,
    own: Holder | undefined,
    patience?: Patience,
    then: () => void = () => undefined,
  ): void | Promise<void> {
    const { state } = claim;
    const isThrough = (): boolean => {
      // Closed in the meantime: nobody has to give way to it.
      if (!claim.entered) return true;
      this.#breakHandles(state, own);
      return [...state.holders].every((holder) => holder === own || (holder.state & HANDLE) === 0);
    };
    if (isThrough() || !patience) return then();
    const { signal, waits } = patience;
    if (signal.aborted) throw new StatusError(NtStatus.Cancelled);
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        state.yielding.delete(look);
        reject(new StatusError(NtStatus.Cancelled));
      };
      const look = (): void => {
        if (!isThrough()) return;
        state.yielding.delete(look);
        signal.removeEventListener('abort', cancel);
        try {
          resolve(then());
        } catch (error) {
          reject(error);
        }
      };
      state.yielding.add(look);
      signal.addEventListener('abort', cancel);
      waits();
    });
  }

  #breakHandles({ holders }: StreamState, own: Holder | undefined): void {
    if (holders.size === 0) return;
    for (const holder of [...holders]) {
      if (holder === own || (holder.state & HANDLE) === 0) continue;
      this.#break(holder, holder.asked ? holder.state & ~HANDLE : READ);
    }
  }

  #isOwn(holder: Holder, { caching }: MemoryClaim): boolean {
    return caching?.lease !== undefined && this.#leases.get(leaseKey(caching.lease))?.holder === holder;
  }

  #break(holder: Holder, to: number): boolean {
    const [claim] = holder.claims;
    const told = holder.break(to, () => this.#expire(holder));
    if (claim) this.#settle(holder, claim.state);
    return told;
  }

  #expire(holder: Holder): void {
    const [claim] = holder.claims;
    if (!claim) return;
    holder.stop();
    holder.state = 0;
    this.#settle(holder, claim.state);
    this.wake(claim);
  }

  /** A holder that caches nothing and has nothing to acknowledge need not be tracked. */
  #settle(holder: Holder, state: StreamState): void {
    if (holder.state !== 0 || holder.breaking) {
      state.holders.add(holder);
      return;
    }
    state.holders.delete(holder);
    // A lease may be upgraded later; an oplock is gone for good.
    if (holder.asked) return;
    for (const claim of holder.claims) claim.holder = undefined;
    holder.claims.clear();
  }
}

function enter(holder: Holder, claim: MemoryClaim): void {
  holder.claims.add(claim);
  claim.holder = holder;
}

/** What others hold on a stream, as far as it limits what may be granted. */
interface Others {
  /** Somebody has it open for more than attribute access, or caches it. */
  readonly present: boolean;
  /** Union of everything cached. */
  readonly state: number;
  /** At least one of them is an oplock. */
  readonly oplock: boolean;
}

function othersOf(claim: MemoryClaim, own: Holder | undefined, claims: Iterable<MemoryClaim>): Others {
  let [present, state, oplock] = [false, 0, false];
  for (const other of claims) {
    const { holder, access } = other;
    if (other === claim || other.state !== claim.state || (own !== undefined && holder === own)) continue;
    present ||= holder !== undefined || !isWithin(access, OPLOCK_STAT);
    state |= holder?.state ?? 0;
    oplock ||= holder !== undefined && !holder.asked && holder.state !== 0;
  }
  return { present, state, oplock };
}

function grantable(claim: MemoryClaim, { wanted, lease }: CachingRequest, others: Others): number {
  // Nothing can be granted without read caching, and nothing at all while another client may have cached writes.
  if ((wanted & READ) === 0 || (others.state & WRITE) !== 0) return 0;
  if (!lease && (others.state & HANDLE) !== 0) return 0;
  const granted = wanted & ~(others.present ? WRITE : 0) & ~(lease && others.oplock ? HANDLE : 0);
  if ((granted & WRITE) !== 0) return granted;
  // [MS-FSA] 2.1.5.18.2: locked data is not cached; and an oplock for reading includes no handle caching.
  if (claim.state.locks.size > 0) return 0;
  return lease ? granted : granted & READ;
}

function isWithin(access: number, mask: number): boolean {
  return (access & ~mask) === 0;
}

function leaseKey({ client, key }: { readonly client: string; readonly key: string }): string {
  return `${client} ${key}`;
}
