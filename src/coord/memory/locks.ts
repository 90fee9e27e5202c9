import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { isValidRange } from '../byte-range.js';
import type { ByteRange, HeldLock, LockOutcome, LockOwner, Locks, RangeLock } from '../locks.js';
import type { Claim } from '../opens.js';
import type { Patience } from '../patience.js';
import { isEntered, type LockWaiter, type MemoryClaim, type StreamState, stateOf } from './claim.js';
import type { LockNode } from './lock-table.js';

/** Byte-range locks within this process. Files without locks cost nothing. */
export class MemoryLocks implements Locks {
  /** Streams that have locks. */
  readonly #locked = new Set<StreamState>();
  readonly #limit: number;
  /** An open has taken a lock; set by whoever tracks what others have cached. */
  taken: (claim: Claim) => void = () => undefined;

  /** `limit`: locks per file, including waiting requests. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  lock(owner: LockOwner, locks: readonly RangeLock[], patience?: Patience): LockOutcome | Promise<LockOutcome> {
    if (!locks.every(isValidRange)) throw new StatusError(NtStatus.InvalidLockRange);
    const wanted = locks.map(({ offset, length, exclusive }) => ({ ...owner, offset, length, exclusive }));
    // A lock taken by an open that has ended would never be released.
    if (!isEntered(owner.claim)) return 'closed';
    const state = stateOf(owner.claim);
    if (state.locks.size + state.asked + wanted.length > this.#limit) {
      throw new StatusError(NtStatus.InsufficientResources);
    }
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
          state.waiting.delete(waiter);
          state.asked -= locks.length;
          signal.removeEventListener('abort', cancel);
          resolve(outcome);
        },
      };
      const cancel = (): void => waiter.settle('cancelled');
      signal.addEventListener('abort', cancel);
      state.waiting.add(waiter);
      state.asked += locks.length;
      patience.waits();
    });
  }

  unlock(owner: LockOwner, range: ByteRange): boolean {
    if (!isValidRange(range)) throw new StatusError(NtStatus.InvalidLockRange);
    const state = stateOf(owner.claim);
    const node = state.locks.find(owner, range);
    if (node === undefined) return false;
    giveBack(state, node);
    this.wake(state);
    return true;
  }

  blocks(claim: Claim, process: number, offset: number, length: number, write: boolean): boolean {
    const { locks } = stateOf(claim);
    if (locks.size === 0) return false;
    return locks.blocks({ claim, process }, { offset: BigInt(offset), length: BigInt(length) }, write);
  }

  held(claim: Claim): RangeLock[] {
    return Array.from((claim as MemoryClaim).locks ?? [], ({ lock }) => lock);
  }

  list(): HeldLock[] {
    return [...this.#locked].flatMap(({ locks }) => [...locks.locks()]);
  }

  /** An open ended, and its locks with it. Waiters are not granted anything before `wake`. */
  release(claim: MemoryClaim): void {
    const { state } = claim;
    if (state.waiting.size > 0) {
      for (const waiter of [...state.waiting]) if (waiter.locks[0]?.claim === claim) waiter.settle('closed');
    }
    if (claim.locks === undefined) return;
    for (const node of claim.locks) state.locks.remove(node);
    claim.locks = undefined;
  }

  /** Locks were released: waiters look again, in order. */
  wake(state: StreamState): void {
    if (state.waiting.size > 0)
      for (const waiter of [...state.waiting]) if (this.#take(state, waiter.locks)) waiter.settle('granted');
    if (state.locks.size === 0) this.#locked.delete(state);
  }

  /** Takes all of the locks or none; each must be compatible with those before it. */
  #take(state: StreamState, wanted: readonly HeldLock[]): boolean {
    const entered: LockNode[] = [];
    for (const lock of wanted) {
      if (state.locks.refuses(lock)) {
        for (const node of entered) giveBack(state, node);
        return false;
      }
      const node = state.locks.add(lock);
      const claim = lock.claim as MemoryClaim;
      claim.locks ??= new Set();
      claim.locks.add(node);
      entered.push(node);
    }
    const [first] = wanted;
    if (first === undefined) return true;
    this.#locked.add(state);
    this.taken(first.claim);
    return true;
  }
}

function giveBack(state: StreamState, node: LockNode): void {
  state.locks.remove(node);
  (node.lock.claim as MemoryClaim).locks?.delete(node);
}
