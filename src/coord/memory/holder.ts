import { LeaseState } from '#wire/smb2/create-context/lease.js';
import type { BreakNotice, CachingState, Lease, LeaseRequest } from '../caching.js';
import type { MemoryClaim } from './claim.js';

export const READ: number = LeaseState.ReadCaching;
export const HANDLE: number = LeaseState.HandleCaching;
export const WRITE: number = LeaseState.WriteCaching;

/** Starts the acknowledgment timer: calls back once, unless the returned function is called first. */
export type BreakTimer = (expired: () => void) => () => void;

/** A holder of caching rights on a stream: an oplock, or a lease with all opens under it ([MS-SMB2] 3.3.1.12). */
export class Holder implements CachingState {
  /** Undefined for an oplock. */
  readonly asked: LeaseRequest | undefined;
  /** Oldest first. */
  readonly claims: Set<MemoryClaim> = new Set();
  state = 0;
  /** While a break is pending: the most the client was told it may keep, and the state it must finally come down to. */
  breakingTo: { readonly told: number; readonly due: number } | undefined;
  readonly #timer: BreakTimer;
  #stopTimer: (() => void) | undefined;
  #told: MemoryClaim | undefined;
  #notice: BreakNotice | undefined;
  /** Opens through which the client could not be notified. */
  readonly #deaf = new Set<MemoryClaim>();
  #next: BreakNotice | undefined;
  #epoch: number;

  constructor(asked: LeaseRequest | undefined, timer: BreakTimer) {
    this.asked = asked;
    this.#timer = timer;
    this.#epoch = asked?.epoch ?? 0;
  }

  get lease(): Lease | undefined {
    return this.asked && { ...this.asked, epoch: this.asked.version === 2 ? this.#epoch : 0 };
  }

  get kept(): number {
    return this.state & (this.breakingTo?.told ?? this.state);
  }

  get breaking(): boolean {
    return this.breakingTo !== undefined;
  }

  /** Grants the state, for the first time or as an upgrade. */
  grant(state: number): void {
    this.state = state;
    if (state !== 0) this.#count();
  }

  /** Begins a break, or lowers the target of a pending one. True if the client was notified. */
  break(to: number, expired: () => void): boolean {
    const from = this.state;
    const kept = from & to;
    if (this.breakingTo) {
      // An oplock is notified once; waiters look again when it is acknowledged.
      if (this.asked) this.breakingTo = { told: this.breakingTo.told, due: this.breakingTo.due & kept };
      return false;
    }
    if (kept === from) return false;
    this.#count();
    if (from === READ) this.state = 0;
    else this.#await(kept, kept, expired);
    this.#tell({ from, to: kept, acknowledge: from !== READ, lease: this.lease });
    return true;
  }

  /** The client keeps `state`. True if that is still too much: breaks go down in steps, and the next one is due. */
  acknowledged(state: number, expired: () => void): boolean {
    const due = this.breakingTo?.due ?? state;
    this.stop();
    this.state = state;
    if ((state & ~due) === 0 || !this.asked) return false;
    const told = state === READ ? 0 : due | (state & READ);
    this.#next = { from: state, to: told, acknowledge: state !== READ, lease: this.lease };
    if (state === READ) this.state = 0;
    else this.#await(told, due, expired);
    return true;
  }

  /** Notifies the client of the next step down. */
  tellFurther(): void {
    const next = this.#next;
    this.#next = undefined;
    if (next) this.#tell(next);
  }

  /** Removes an open. If the client was notified of a break through it, it is notified again through another one. */
  leave(claim: MemoryClaim): void {
    this.claims.delete(claim);
    if (this.claims.size === 0) this.stop();
    else if (this.#told === claim && this.breakingTo) {
      this.#tell({ from: this.state, to: this.breakingTo.told, acknowledge: true, lease: this.lease });
    }
  }

  /** Ends a pending break. */
  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.breakingTo = undefined;
    this.#told = undefined;
    this.#notice = undefined;
    this.#next = undefined;
    this.#deaf.clear();
  }

  #await(told: number, due: number, expired: () => void): void {
    this.breakingTo = { told, due };
    this.#stopTimer = this.#timer(expired);
  }

  #count(): void {
    this.#epoch = (this.#epoch + 1) & 0xffff;
  }

  /** The client could not be notified through this open. True if it was through another one. */
  tellAnother(claim: MemoryClaim): boolean {
    this.#deaf.add(claim);
    const other = [...this.claims].find((one) => !one.disconnected && !this.#deaf.has(one));
    if (other === undefined || this.#notice === undefined) return false;
    this.#told = other;
    other.caching?.broken(other, this.#notice);
    return true;
  }

  #tell(notice: BreakNotice): void {
    this.#notice = notice;
    this.#deaf.clear();
    this.#told = undefined;
    let last: MemoryClaim | undefined;
    // Disconnected clients cannot be notified: each such open ends, or stays without its cached state.
    for (const claim of [...this.claims]) {
      if (claim.disconnected === 'durable') claim.caching?.broken(claim, notice);
      else if (claim.disconnected) last = claim;
      else this.#told ??= claim;
    }
    const told = this.#told ?? last;
    told?.caching?.broken(told, notice);
  }
}
