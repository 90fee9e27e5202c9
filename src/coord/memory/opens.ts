import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { upcase } from '#wire/fscc/upcase.js';
import type { Claim, ClaimRequest, Opens, Removal } from '../opens.js';
import { isBelow, pathAfterMove } from '../path.js';
import type { Patience } from '../patience.js';
import { sharingConflicts, sharingKey } from '../share-mode.js';
import type { Arrival, MemoryCachings } from './cachings.js';
import type { MemoryChanges } from './changes.js';
import { MemoryClaim, type StreamState } from './claim.js';
import { HANDLE } from './holder.js';
import type { MemoryLocks } from './locks.js';
import { PathIndex } from './path-index.js';

interface Waiter {
  readonly claim: MemoryClaim;
  /** True once it no longer has to wait, whether admitted or refused. */
  readonly look: () => boolean;
  /** Ends the wait: the file or stream has been removed. */
  readonly gone: () => void;
}

/** A file that is open or is being removed. */
class OpenFile {
  readonly claims = new Set<MemoryClaim>();
  /** Opens by stream and by what share modes depend on, so that equal ones need not all be compared. */
  readonly #alike = new Map<string, Map<number, Set<MemoryClaim>>>();
  /**
   * Streams to be removed when their last open is closed, '' meaning the file with all of its streams; each with the
   * parent lease key of whoever requested the deletion.
   */
  readonly pending = new Map<string, string | undefined>();
  /** Opens waiting for others to give way, oldest first. */
  waiting: Waiter[] = [];
  /** Counts changes that may end somebody's wait. */
  changes = 0;
  looking = false;
  removing = false;

  isPending(streamKey: string): boolean {
    return this.pending.size > 0 && (this.pending.has('') || this.pending.has(streamKey));
  }

  /** Whether the last open of the file, or stream, has gone and it is being removed right now. */
  isLeaving(streamKey: string): boolean {
    if (this.pending.has('')) return this.claims.size === 0 || this.removing;
    return this.pending.has(streamKey) && !this.hasOpen(streamKey);
  }

  /** Whether the file is to be removed now that an open has left; true only once. */
  endsWith({ posixDelete }: MemoryClaim): boolean {
    if (this.removing || (this.claims.size > 0 && !posixDelete)) return false;
    this.removing = true;
    return true;
  }

  hasOpen(streamKey: string): boolean {
    return this.#alike.has(streamKey);
  }

  add(claim: MemoryClaim): void {
    this.claims.add(claim);
    let ofStream = this.#alike.get(claim.streamKey);
    if (ofStream === undefined) {
      ofStream = new Map();
      this.#alike.set(claim.streamKey, ofStream);
    }
    const key = sharingKey(claim);
    const alike = ofStream.get(key);
    if (alike) alike.add(claim);
    else ofStream.set(key, new Set([claim]));
  }

  delete(claim: MemoryClaim): boolean {
    const ofStream = this.#alike.get(claim.streamKey);
    const alike = ofStream?.get(sharingKey(claim));
    alike?.delete(claim);
    if (alike?.size === 0) ofStream?.delete(sharingKey(claim));
    if (ofStream?.size === 0) this.#alike.delete(claim.streamKey);
    return this.claims.delete(claim);
  }

  /** One open of each kind: share modes do not distinguish opens of the same kind. */
  *kinds(): Generator<MemoryClaim> {
    for (const ofStream of this.#alike.values()) for (const [claim] of ofStream.values()) if (claim) yield claim;
  }
}

/** Opens within this process. */
export class MemoryOpens implements Opens {
  readonly #files = new Map<string, OpenFile>();
  /** Opens by path, including those waiting to be admitted. */
  readonly #paths = new PathIndex<MemoryClaim>();
  readonly #waiting = new Set<MemoryClaim>();
  #upheavals = 0;
  readonly #locks: MemoryLocks;
  readonly #cachings: MemoryCachings;
  readonly #changes: MemoryChanges;

  constructor(locks: MemoryLocks, cachings: MemoryCachings, changes: MemoryChanges) {
    this.#locks = locks;
    this.#cachings = cachings;
    this.#changes = changes;
    cachings.wake = (claim) => this.#wake(claim);
    cachings.claimsAt = (volume, path) => [...this.#paths.at(volume, path)];
  }

  claim(request: ClaimRequest): Claim;
  claim(request: ClaimRequest, patience: Patience | undefined): Claim | Promise<Claim | undefined>;
  claim(request: ClaimRequest, patience?: Patience): Claim | Promise<Claim | undefined> {
    const claim = new MemoryClaim(request);
    if (this.#enter(claim, { ...request, first: true, waits: patience !== undefined })) return claim;
    return this.#wait(claim, request, patience as Patience);
  }

  /** False if it has to wait for others; only if `waits` allows that. */
  #enter(
    claim: MemoryClaim,
    how: Pick<ClaimRequest, 'overwrites' | 'opensBy'> & { first: boolean; waits: boolean },
  ): boolean {
    const { key } = claim;
    const file = this.#files.get(key) ?? new OpenFile();
    // [MS-FSA] 2.1.5.1.2: delete-pending is checked before share modes.
    if (file.isPending(claim.streamKey)) throw new StatusError(NtStatus.DeletePending, { path: claim.path });
    const { conflicts, elsewhere } = this.#inTheWay(file, claim, claim.access | (how.opensBy ?? 0));
    // [MS-SMB2] 3.3.5.9
    if (claim.state.awaited > 0) throw new StatusError(NtStatus.FileNotAvailable, { path: claim.path });
    this.#cachings.checkLease(claim);
    // A holder of handle caching may close the file in response to the break, so share modes decide after it.
    if (this.#cachings.makeWay({ ...how, claim, conflicts, elsewhere }) && how.waits) return false;
    if (conflicts || elsewhere.size > 0) throw new StatusError(NtStatus.SharingViolation, { path: claim.path });
    file.add(claim);
    claim.entered = true;
    this.#paths.add(claim.volume, claim.path, claim);
    this.#files.set(key, file);
    this.#cachings.grant(claim, file.claims);
    return true;
  }

  /**
   * Whether share modes conflict with an open: on its own stream, and on which others. Sets the claim's stream state.
   */
  #inTheWay(file: OpenFile, claim: MemoryClaim, access: number): Pick<Arrival, 'conflicts' | 'elsewhere'> {
    const { share, stream } = claim;
    const elsewhere = new Set<StreamState>();
    let conflicts = false;
    for (const other of file.kinds()) {
      const same = claim.streamKey === other.streamKey;
      if (same) claim.state = other.state;
      if (!sharingConflicts({ share, stream, access }, other, same)) continue;
      if (same) conflicts = true;
      else elsewhere.add(other.state);
    }
    return { conflicts, elsewhere };
  }

  #wait(claim: MemoryClaim, request: ClaimRequest, { signal, waits }: Patience): Promise<Claim | undefined> {
    // The open waits for existing opens, so the file is there.
    const file = this.#files.get((claim as MemoryClaim).key) as OpenFile;
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        file.waiting = file.waiting.filter((waiter) => waiter.claim !== claim);
        this.#waiting.delete(claim);
        reject(new StatusError(NtStatus.Cancelled));
      };
      if (signal.aborted) return cancel();
      const look = (): boolean => {
        if (file.isLeaving(claim.streamKey)) return false;
        try {
          if (!this.#enter(claim, { ...request, first: false, waits: true })) return false;
          resolve(claim);
        } catch (error) {
          reject(error);
        }
        signal.removeEventListener('abort', cancel);
        this.#waiting.delete(claim);
        return true;
      };
      const gone = (): void => {
        signal.removeEventListener('abort', cancel);
        this.#waiting.delete(claim);
        resolve(undefined);
      };
      signal.addEventListener('abort', cancel);
      file.waiting.push({ claim, look, gone });
      this.#waiting.add(claim);
      waits();
    });
  }

  /** Something about the file changed: waiters look again, in order. */
  #wake(claim: MemoryClaim): void {
    for (const look of [...claim.state.yielding]) look();
    const file = this.#files.get((claim as MemoryClaim).key);
    if (!file) return;
    file.changes++;
    if (file.looking) return;
    file.looking = true;
    // Looking may itself change something; then earlier waiters look again.
    for (let seen = 0; seen !== file.changes; ) {
      seen = file.changes;
      for (const waiter of [...file.waiting]) {
        if (waiter.look()) file.waiting = file.waiting.filter((other) => other !== waiter);
      }
    }
    file.looking = false;
  }

  withdraw(claim: Claim): Removal {
    (claim as MemoryClaim).deleteOnClose = false;
    return this.release([claim])[0] ?? 'nothing';
  }

  /** Opens have left: ends their locks and caching, and only when nothing of them remains lets others proceed. */
  #left(claims: readonly MemoryClaim[]): void {
    for (const claim of claims) {
      claim.entered = false;
      claim.comeBack();
      this.#paths.remove(claim.volume, claim.path, claim);
      this.#locks.release(claim);
    }
    this.#cachings.leave(claims);
    // Order matters: whoever gets a lock now must not depend on what these opens have cached.
    for (const claim of claims) this.#locks.wake(claim.state);
    for (const claim of claims) {
      this.#wake(claim);
      const file = this.#files.get(claim.key);
      if (file) this.#forgetIfUnused(claim.key, file);
    }
  }

  setDeletePending(claim: Claim, pending: boolean, how?: { posix?: boolean }): void;
  setDeletePending(
    claim: Claim,
    pending: boolean,
    how: { readonly posix?: boolean; readonly patience?: Patience | undefined },
  ): void | Promise<void>;
  setDeletePending(
    claim: Claim,
    pending: boolean,
    { posix = false, patience }: { readonly posix?: boolean; readonly patience?: Patience | undefined } = {},
  ): void | Promise<void> {
    const own = claim as MemoryClaim;
    const settle = (): void => {
      // Closed while waiting for others.
      if (!own.entered) throw new StatusError(NtStatus.FileClosed);
      const file = this.#files.get((claim as MemoryClaim).key);
      own.posixDelete = pending && posix;
      if (file === undefined) return;
      if (pending) this.#mark(own, file);
      else file.pending.delete(own.streamKey);
    };
    return pending ? this.#cachings.yieldHandles(own, own.holder, patience, settle) : settle();
  }

  prepareMove(claim: Claim, patience?: Patience): void | Promise<void> {
    const own = claim as MemoryClaim;
    const yielding = this.#cachings.yieldHandles(own, own.holder, patience);
    const clear = (): void | Promise<void> => this.#clearBelow(own, patience);
    return yielding instanceof Promise ? yielding.then(clear) : clear();
  }

  /** Breaks handle caching on everything open below a directory, one open after the other. */
  #clearBelow(claim: MemoryClaim, patience: Patience | undefined): void | Promise<void> {
    let kept: MemoryClaim | undefined;
    for (const other of this.#paths.below(claim.volume, claim.path)) {
      if (((other.holder?.state ?? 0) & HANDLE) === 0) throw new StatusError(NtStatus.AccessDenied);
      kept ??= other;
    }
    if (kept === undefined) return undefined;
    const yielding = this.#cachings.yieldHandles(kept, undefined, patience);
    if (yielding instanceof Promise) return yielding.then(() => this.#clearBelow(claim, patience));
    // A holder that gave way at once may have closed it; without patience, do not wait for the others.
    if (patience === undefined && kept.entered) throw new StatusError(NtStatus.AccessDenied);
    return this.#clearBelow(claim, patience);
  }

  /** Marks the file or stream for deletion: it cannot be opened from now on. */
  #mark(claim: MemoryClaim, file: OpenFile): void {
    file.pending.set(claim.streamKey, claim.parentKey);
    if (claim.streamKey === '') this.#changes.gone(claim.volume, claim.path);
  }

  setDeleteOnClose(claim: Claim, deletes: boolean): void {
    (claim as MemoryClaim).deleteOnClose = deletes;
  }

  isDeletePending(claim: Claim): boolean {
    return this.#files.get((claim as MemoryClaim).key)?.isPending((claim as MemoryClaim).streamKey) ?? false;
  }

  release(claims: readonly Claim[]): Removal[] {
    const left: MemoryClaim[] = [];
    const removals = claims.map((claim) => {
      const own = claim as MemoryClaim;
      const file = this.#files.get(own.key);
      if (!file?.delete(own)) return 'nothing';
      left.push(own);
      return this.#removalAfter(own, file);
    });
    this.#left(left);
    return removals;
  }

  #removalAfter(claim: MemoryClaim, file: OpenFile): Removal {
    // [MS-FSA] 2.1.5.5
    if (claim.deleteOnClose) this.#mark(claim, file);
    if (file.pending.size === 0) return 'nothing';
    const marked = file.pending.has('') ? '' : claim.streamKey;
    if (!file.pending.has(marked)) return 'nothing';
    if (file.pending.get(marked) !== claim.parentKey) claim.parentKey = undefined;
    if (marked === '') return file.endsWith(claim) ? 'file' : 'nothing';
    return file.hasOpen(marked) ? 'nothing' : 'stream';
  }

  removed(claim: Claim, removal: Removal): void {
    const file = this.#files.get((claim as MemoryClaim).key);
    if (file === undefined || removal === 'nothing') return;
    const left = file.waiting.filter((waiter) => file.isLeaving(waiter.claim.streamKey));
    file.waiting = file.waiting.filter((waiter) => !left.includes(waiter));
    for (const { gone } of left) gone();
    file.removing = false;
    this.#upheavals++;
    if (removal === 'file') file.pending.clear();
    else file.pending.delete((claim as MemoryClaim).streamKey);
    this.#forgetIfUnused((claim as MemoryClaim).key, file);
  }

  upheavals(): number {
    return this.#upheavals;
  }

  moved(claim: Claim, to: string): void {
    const { volume, path: from } = claim;
    this.#upheavals++;
    this.#changes.moved(volume, from, to);
    const here = [...this.#paths.at(volume, from)].filter(({ file }) => file === claim.file);
    for (const other of [...here, ...this.#paths.below(volume, from)]) {
      this.#paths.remove(volume, other.path, other);
      other.path = pathAfterMove(other.path, from, to);
      this.#paths.add(volume, other.path, other);
    }
    for (const other of this.#waiting) {
      const same = other.file === claim.file && other.path === from;
      if (other.volume === volume && (same || isBelow(other.path, from))) {
        other.path = pathAfterMove(other.path, from, to);
      }
    }
  }

  streamMoved(claim: Claim, to: string): void {
    const { streamKey } = claim as MemoryClaim;
    const file = this.#files.get((claim as MemoryClaim).key);
    if (file === undefined) return;
    for (const other of [...file.claims].filter((one) => one.streamKey === streamKey)) {
      file.delete(other);
      other.stream = to;
      other.streamKey = upcase(to);
      file.add(other);
    }
  }

  hasOthers(claim: Claim): boolean {
    return (this.#files.get((claim as MemoryClaim).key)?.claims.size ?? 0) > 1;
  }

  hasStreamOpen(claim: Claim, stream: string): boolean {
    return this.#files.get((claim as MemoryClaim).key)?.hasOpen(upcase(stream)) ?? false;
  }

  list(): Claim[] {
    return [...this.#files.values()].flatMap((file) => [...file.claims]);
  }

  #forgetIfUnused(key: string, file: OpenFile): void {
    if (file.claims.size === 0 && file.pending.size === 0) this.#files.delete(key);
  }
}
