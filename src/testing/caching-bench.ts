import assert from 'node:assert/strict';
import { type BreakNotice, Caching } from '#coord/caching.js';
import { MemoryCoordinator } from '#coord/memory/memory-coordinator.js';
import type { Claim, ClaimRequest } from '#coord/opens.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';

const NAMES: Readonly<Record<number, string>> = { 0: '', 1: 'R', 2: 'H', 3: 'RH', 4: 'W', 5: 'RW', 6: 'HW', 7: 'RWH' };

/** The usual notation of a caching state. */
export function stateName(state: number): string {
  return NAMES[state] ?? String(state);
}

export interface Asked extends Partial<ClaimRequest> {
  readonly wants?: number;
  /** Lease key; without one, an oplock is requested. */
  readonly key?: string;
  readonly epoch?: number;
  readonly impatient?: boolean;
  readonly signal?: AbortSignal;
  /** The client cannot be notified. */
  readonly gone?: boolean;
}

/** A coordinator, the notifications sent to clients, and the timers of breaks. */
export class CachingBench {
  readonly timers: Set<() => void> = new Set();
  readonly coordinator: MemoryCoordinator = new MemoryCoordinator({
    breakTimer: (expired) => {
      this.timers.add(expired);
      return () => this.timers.delete(expired);
    },
  });
  readonly told: string[] = [];

  open(asked: Asked = {}): Claim | Promise<Claim | undefined> {
    const { wants = Caching.None, key, epoch, gone, impatient, signal, ...changes } = asked;
    const lease = key === undefined ? undefined : this.#lease(key, epoch);
    const broken = (claim: Claim, notice: BreakNotice): void => {
      this.told.push(noticeText(key ?? 'oplock', notice));
      if (gone) this.coordinator.cachings.lost(claim);
    };
    const request: ClaimRequest = {
      volume: 'v',
      file: 1n,
      path: 'f',
      stream: '',
      access: FileAccess.ReadData | FileAccess.WriteData,
      share: 7,
      deleteOnClose: false,
      overwrites: false,
      ...(wants === Caching.None && !lease ? {} : { caching: { wanted: wants, lease, broken } }),
      ...changes,
    };
    const patience = { signal: signal ?? new AbortController().signal, waits: () => void this.told.push('waits') };
    return this.coordinator.opens.claim(request, impatient ? undefined : patience);
  }

  #lease(key: string, epoch: number | undefined): { client: string; key: string; version: 1 | 2; epoch: number } {
    return { client: 'c', key, version: epoch === undefined ? 1 : 2, epoch: epoch ?? 0 };
  }

  /** Opens; the open must not have to wait. */
  now(asked: Asked = {}): Claim {
    const claim = this.open(asked);
    assert.ok(!(claim instanceof Promise), 'should not wait');
    return claim;
  }

  close(claim: Claim): void {
    this.coordinator.opens.release([claim]);
  }

  expire(): void {
    for (const expired of [...this.timers]) expired();
  }

  heard(): string[] {
    return this.told.splice(0);
  }

  state(claim: Claim): string {
    return claim.holder ? stateName(claim.holder.state) : 'none';
  }
}

export function noticeText(who: string, { from, to, acknowledge, lease }: BreakNotice): string {
  const epoch = lease?.version === 2 ? ` ${lease.epoch}` : '';
  return `${who} ${stateName(from)}>${stateName(to)}${acknowledge ? '!' : ''}${epoch}`;
}
