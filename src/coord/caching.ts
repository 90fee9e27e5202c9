import { LeaseState } from '#wire/smb2/create-context/lease.js';
import type { Claim, Eventually } from './opens.js';

/**
 * What a client may keep of a file: bits of a lease ([MS-SMB2] 2.2.13.2.8). An oplock is a lease that one open has for
 * itself: level II is R, exclusive RW, batch RWH.
 */
export const Caching: Readonly<Record<'None' | 'R' | 'RH' | 'RW' | 'RWH', number>> = {
  None: LeaseState.None,
  R: LeaseState.ReadCaching,
  RH: LeaseState.ReadCaching | LeaseState.HandleCaching,
  RW: LeaseState.ReadCaching | LeaseState.WriteCaching,
  RWH: LeaseState.ReadCaching | LeaseState.WriteCaching | LeaseState.HandleCaching,
};

/** The lease that an open comes under: all opens of a client with the same key share it. */
export interface LeaseRequest {
  /** ClientGuid. */
  readonly client: string;
  readonly key: string;
  readonly version: 1 | 2;
  /** What the client counts from; version 2 only. */
  readonly epoch: number;
}

/** A lease as it is now. */
export interface Lease {
  readonly client: string;
  readonly key: string;
  /** That of the request that began it. */
  readonly version: 1 | 2;
  readonly epoch: number;
}

/** What a client is told of a break ([MS-SMB2] 2.2.23). */
export interface BreakNotice {
  readonly from: number;
  readonly to: number;
  /** The client has to acknowledge; others may be waiting for it. */
  readonly acknowledge: boolean;
  readonly lease: Lease | undefined;
}

export interface CachingRequest {
  readonly wanted: number;
  /** Undefined: an oplock. */
  readonly lease: LeaseRequest | undefined;
  /**
   * Tells the client of a break. Must not throw; says `Cachings.lost` where nobody is there to be told. For an open whose
   * client is gone (`Durables`) it is the end.
   */
  broken(claim: Claim, notice: BreakNotice): void;
}

/** What a claim caches now. */
export interface CachingState {
  readonly state: number;
  /** What is left of it when the break under way has been acknowledged. */
  readonly kept: number;
  /** A break has been told and is not acknowledged yet. */
  readonly breaking: boolean;
  /** Undefined for an oplock. */
  readonly lease: Lease | undefined;
}

/** What an acknowledgment led to. */
export interface Acknowledged {
  readonly state: number;
  /** Meanwhile the client has to give up more: `tellFurther` is to be said after the answer. */
  readonly further: boolean;
}

/**
 * Oplocks and leases, over all servers of a medium. They are granted, and broken, by `Opens.claim`, and end with their
 * opens; here is what happens in between. Renaming, deleting and locking breaks them (`Opens`, `Locks`), and so does, for
 * leases on directories, what is published of what they hold (`Changes`). A break that is not acknowledged in time counts
 * as acknowledged to none.
 */
export interface Cachings {
  /** InvalidOplockProtocol if no break is under way, or if it keeps what it may not: then it loses all. */
  acknowledge(claim: Claim, state: number): Eventually<Acknowledged>;
  /** ObjectNameNotFound; Unsuccessful if no break is under way; RequestNotAccepted if it keeps what it may not. */
  acknowledgeLease(client: string, key: string, state: number): Eventually<Acknowledged>;
  /** Breaks go down in steps: tells the client of the next one. */
  tellFurther(client: string, key: string): Eventually<void>;
  /**
   * The client could not be told of a break by this open: it is told by another one of the lease, and if it cannot be told
   * at all, what it has cached is void.
   */
  lost(claim: Claim): Eventually<void>;
  /** Whether a client has a lease of that key, on whatever file. */
  hasLease(client: string, key: string): Eventually<boolean>;
  /** Data have been changed: nobody else may cache them. Said for each WRITE; waits for nobody. */
  changed(claim: Claim): Eventually<void>;
  /** The same, said of a name whose data others than clients have changed. */
  changedOutside(volume: string, path: string): Eventually<void>;
}
