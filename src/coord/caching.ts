import { LeaseState } from '#wire/smb2/create-context/lease.js';
import type { Claim, Eventually } from './opens.js';

/**
 * What a client may cache of a file, as lease state bits ([MS-SMB2] 2.2.13.2.8). An oplock is treated as a lease of a
 * single open: level II is R, exclusive is RW, batch is RWH.
 */
export const Caching: Readonly<Record<'None' | 'R' | 'RH' | 'RW' | 'RWH', number>> = {
  None: LeaseState.None,
  R: LeaseState.ReadCaching,
  RH: LeaseState.ReadCaching | LeaseState.HandleCaching,
  RW: LeaseState.ReadCaching | LeaseState.WriteCaching,
  RWH: LeaseState.ReadCaching | LeaseState.WriteCaching | LeaseState.HandleCaching,
};

/** The lease that an open asks for. All opens of a client with the same key share one lease. */
export interface LeaseRequest {
  /** ClientGuid. */
  readonly client: string;
  readonly key: string;
  readonly version: 1 | 2;
  /** Epoch that the client starts counting from; lease version 2 only. */
  readonly epoch: number;
}

/** Current state of a lease. */
export interface Lease {
  readonly client: string;
  readonly key: string;
  /** Version of the request that created the lease. */
  readonly version: 1 | 2;
  readonly epoch: number;
}

/** A break notification to the client ([MS-SMB2] 2.2.23). */
export interface BreakNotice {
  readonly from: number;
  readonly to: number;
  /** The client must acknowledge the break; others may be waiting for it. */
  readonly acknowledge: boolean;
  readonly lease: Lease | undefined;
}

export interface CachingRequest {
  readonly wanted: number;
  /** Undefined for an oplock. */
  readonly lease: LeaseRequest | undefined;
  /**
   * Tells the client of a break. Must not throw; calls `Cachings.lost` if the client cannot be reached. A durable open
   * whose client is disconnected (`Durables`) is closed instead.
   */
  broken(claim: Claim, notice: BreakNotice): void;
}

/** What a claim currently caches. */
export interface CachingState {
  readonly state: number;
  /** What remains once the pending break has been acknowledged. */
  readonly kept: number;
  /** A break has been sent but not acknowledged yet. */
  readonly breaking: boolean;
  /** Undefined for an oplock. */
  readonly lease: Lease | undefined;
}

/** Result of an acknowledgment. */
export interface Acknowledged {
  readonly state: number;
  /** The client has to give up more: call `tellFurther` after sending the response. */
  readonly further: boolean;
}

/**
 * Oplocks and leases, across all servers of a medium. `Opens.claim` grants and breaks them, and they end with their
 * opens; this interface covers what happens in between. Rename, delete and lock also break them (`Opens`, `Locks`), and
 * published changes break leases on the directories concerned (`Changes`). A break that is not acknowledged in time
 * counts as acknowledged with no caching left.
 */
export interface Cachings {
  /**
   * InvalidOplockProtocol if no break is pending, or if the client keeps more than allowed: then it loses everything.
   */
  acknowledge(claim: Claim, state: number): Eventually<Acknowledged>;
  /**
   * ObjectNameNotFound; Unsuccessful if no break is pending; RequestNotAccepted if the client keeps more than allowed.
   */
  acknowledgeLease(client: string, key: string, state: number): Eventually<Acknowledged>;
  /** Breaks go down in steps: notifies the client of the next one. */
  tellFurther(client: string, key: string): Eventually<void>;
  /**
   * The client could not be notified of a break through this open. Another open of the lease is tried; if none can be
   * reached, whatever the client cached is void.
   */
  lost(claim: Claim): Eventually<void>;
  /** Whether a client holds a lease with that key, on any file. */
  hasLease(client: string, key: string): Eventually<boolean>;
  /** The data has changed, so nobody else may cache it. Called for each WRITE; does not wait for anybody. */
  changed(claim: Claim): Eventually<void>;
  /** As `changed`, for a file whose data was changed by something other than our clients. */
  changedOutside(volume: string, path: string): Eventually<void>;
}
