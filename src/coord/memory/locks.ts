import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { accessConflicts, isSameOwner, isSameRange, isValidRange, lockConflicts } from '../byte-range.js';
import type { ByteRange, HeldLock, LockOutcome, LockOwner, Locks, RangeLock } from '../locks.js';
import type { Claim } from '../opens.js';
import type { Patience } from '../patience.js';
import { isEntered, type LockWaiter, type StreamState, stateOf } from './claim.js';

/** Byte-range locks of this process. Files without any cost nothing. */
export class MemoryLocks implements Locks {
  /** Where there are locks. */
  readonly #locked = new Set<StreamState>();
  readonly #limit: number;

  /** `limit`: locks of one file, those that wait included; each READ and WRITE may have to look at all of them. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  lock(owner: LockOwner, locks: readonly RangeLock[], patience?: Patience): LockOutcome | Promise<LockOutcome> {
    if (!locks.every(isValidRange)) throw new StatusError(NtStatus.InvalidLockRange);
    const wanted = locks.map(({ offset, length, exclusive }) => ({ ...owner, offset, length, exclusive }));
    // A lock of an open that has ended would never end itself.
    if (!isEntered(owner.claim)) return 'closed';
    const state = stateOf(owner.claim);
    const asked = state.waiting.reduce((sum, waiter) => sum + waiter.locks.length, state.held.length) + wanted.length;
    if (asked > this.#limit) throw new StatusError(NtStatus.InsufficientResources);
    if (this.#take(state, wanted)) return 'granted';
    return patience ? this.#wait(state, wanted, patience) : 'refused';
  }

  #wait(state: StreamState, locks: readonly HeldLock[], patience: Patience): Promise<LockOutcome> {
    const { signal } = patience;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve('cancelled');
      const waiter: LockWaiter = {
        locks,
        settle: (outcome) => {
          signal.removeEventListener('abort', cancel);
          resolve(outcome);
        },
      };
      const cancel = (): void => {
        state.waiting = state.waiting.filter((other) => other !== waiter);
        waiter.settle('cancelled');
      };
      signal.addEventListener('abort', cancel);
      state.waiting.push(waiter);
      patience.waits();
    });
  }

  unlock(owner: LockOwner, range: ByteRange): boolean {
    if (!isValidRange(range)) throw new StatusError(NtStatus.InvalidLockRange);
    const state = stateOf(owner.claim);
    const own = state.held.filter((held) => isSameOwner(held, owner) && isSameRange(held, range));
    const lock = own.find(({ exclusive }) => exclusive) ?? own[0];
    if (lock === undefined) return false;
    state.held.splice(state.held.indexOf(lock), 1);
    this.#wake(state, [lock]);
    return true;
  }

  blocks(claim: Claim, process: number, offset: number, length: number, write: boolean): boolean {
    const { held } = stateOf(claim);
    if (held.length === 0) return false;
    const owner = { claim, process };
    const range = { offset: BigInt(offset), length: BigInt(length) };
    return held.some((lock) => accessConflicts(lock, owner, range, write));
  }

  list(): HeldLock[] {
    return [...this.#locked].flatMap(({ held }) => held);
  }

  /** An open came to its end, and its locks with it. */
  release(claim: Claim): void {
    const state = stateOf(claim);
    if (state.held.length === 0 && state.waiting.length === 0) return;
    const freed = state.held.filter((held) => held.claim === claim);
    state.held = state.held.filter((held) => held.claim !== claim);
    const gone = state.waiting.filter(({ locks }) => locks[0]?.claim === claim);
    state.waiting = state.waiting.filter((waiter) => !gone.includes(waiter));
    for (const waiter of gone) waiter.settle('closed');
    this.#wake(state, freed);
  }

  /** Whoever one of the locks that were given back stood in the way of looks again; for others nothing has changed. */
  #wake(state: StreamState, freed: readonly HeldLock[]): void {
    state.waiting = state.waiting.filter((waiter) => {
      const hopes = waiter.locks.some((wanted) => freed.some((lock) => lockConflicts(lock, wanted)));
      if (!hopes || !this.#take(state, waiter.locks)) return true;
      waiter.settle('granted');
      return false;
    });
    if (state.held.length === 0) this.#locked.delete(state);
  }

  /** Enters all of the locks, each of which the ones before must let pass, or none. */
  #take(state: StreamState, wanted: readonly HeldLock[]): boolean {
    const { held } = state;
    for (const [index, lock] of wanted.entries()) {
      if (held.some((other) => lockConflicts(other, lock))) return false;
      for (let before = 0; before < index; before++) {
        if (lockConflicts(wanted[before] as HeldLock, lock)) return false;
      }
    }
    held.push(...wanted);
    if (held.length > 0) this.#locked.add(state);
    return true;
  }
}
