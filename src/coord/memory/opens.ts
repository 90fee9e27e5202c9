import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { upcase } from '#wire/fscc/upcase.js';
import type { Claim, ClaimRequest, FileKey, Opens, Removal } from '../opens.js';
import { isBelow, pathAfterMove } from '../path.js';
import { sharingConflicts } from '../share-mode.js';
import { MemoryClaim } from './claim.js';
import type { MemoryLocks } from './locks.js';

/** A file that is open, or just being removed. */
class OpenFile {
  readonly claims = new Set<MemoryClaim>();
  /** Streams that are to go when nobody has them open any more; '' is the file with all of them. */
  readonly pending = new Set<string>();

  isPending(streamKey: string): boolean {
    return this.pending.size > 0 && (this.pending.has('') || this.pending.has(streamKey));
  }

  hasOpen(streamKey: string): boolean {
    for (const claim of this.claims) if (claim.streamKey === streamKey) return true;
    return false;
  }
}

/** Opens of this process. */
export class MemoryOpens implements Opens {
  readonly #files = new Map<string, OpenFile>();
  readonly #locks: MemoryLocks;

  constructor(locks: MemoryLocks) {
    this.#locks = locks;
  }

  claim(request: ClaimRequest): Claim {
    const key = keyOf(request);
    const file = this.#files.get(key) ?? new OpenFile();
    const claim = new MemoryClaim(request);
    // [MS-FSA] 2.1.5.1.2: first what is on its way out, then share modes.
    if (file.isPending(claim.streamKey)) throw new StatusError(NtStatus.DeletePending, { path: request.path });
    for (const other of file.claims) {
      if (claim.streamKey === other.streamKey) claim.state = other.state;
      if (!sharingConflicts(claim, other, claim.streamKey === other.streamKey)) continue;
      throw new StatusError(NtStatus.SharingViolation, { path: request.path });
    }
    file.claims.add(claim);
    this.#files.set(key, file);
    return claim;
  }

  withdraw(claim: Claim): void {
    const file = this.#files.get(keyOf(claim));
    if (file?.claims.delete(claim as MemoryClaim)) this.#forgetIfUnused(claim, file);
  }

  setDeletePending(claim: Claim, pending: boolean): void {
    const file = this.#files.get(keyOf(claim));
    const { streamKey } = claim as MemoryClaim;
    if (pending) file?.pending.add(streamKey);
    else file?.pending.delete(streamKey);
  }

  isDeletePending(claim: Claim): boolean {
    return this.#files.get(keyOf(claim))?.isPending((claim as MemoryClaim).streamKey) ?? false;
  }

  release(claim: Claim): Removal {
    const file = this.#files.get(keyOf(claim));
    const own = claim as MemoryClaim;
    if (!file?.claims.delete(own)) return 'nothing';
    this.#locks.release(claim);
    // [MS-FSA] 2.1.5.5: from now on the file, or the stream, opens for nobody.
    if (own.deleteOnClose) file.pending.add(own.streamKey);
    if (file.pending.has('')) return file.claims.size === 0 ? 'file' : 'nothing';
    if (file.pending.has(own.streamKey) && !file.hasOpen(own.streamKey)) return 'stream';
    this.#forgetIfUnused(claim, file);
    return 'nothing';
  }

  removed(claim: Claim, removal: Removal): void {
    const file = this.#files.get(keyOf(claim));
    if (file === undefined || removal === 'nothing') return;
    if (removal === 'file') file.pending.clear();
    else file.pending.delete((claim as MemoryClaim).streamKey);
    this.#forgetIfUnused(claim, file);
  }

  moved(claim: Claim, to: string): void {
    const { volume, path: from } = claim;
    for (const file of this.#files.values()) {
      for (const other of file.claims) {
        const same = other.file === claim.file && other.path === from;
        if (other.volume === volume && (same || isBelow(other.path, from))) {
          other.path = pathAfterMove(other.path, from, to);
        }
      }
    }
  }

  streamMoved(claim: Claim, to: string): void {
    const { streamKey } = claim as MemoryClaim;
    for (const other of this.#files.get(keyOf(claim))?.claims ?? []) {
      if (other.streamKey !== streamKey) continue;
      other.stream = to;
      other.streamKey = upcase(to);
    }
  }

  hasOpensBelow(volume: string, path: string): boolean {
    for (const file of this.#files.values()) {
      for (const claim of file.claims) if (claim.volume === volume && isBelow(claim.path, path)) return true;
    }
    return false;
  }

  hasOthers(claim: Claim): boolean {
    return (this.#files.get(keyOf(claim))?.claims.size ?? 0) > 1;
  }

  list(): Claim[] {
    return [...this.#files.values()].flatMap((file) => [...file.claims]);
  }

  #forgetIfUnused(key: FileKey, file: OpenFile): void {
    if (file.claims.size === 0 && file.pending.size === 0) this.#files.delete(keyOf(key));
  }
}

function keyOf({ volume, file }: FileKey): string {
  return `${volume}:${file}`;
}
