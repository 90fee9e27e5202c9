import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Claim, ClaimRequest, FileKey, Opens } from '../opens.js';
import { isBelow, pathAfterMove } from '../path.js';
import { sharingConflicts } from '../share-mode.js';

class MemoryClaim implements Claim {
  readonly volume: string;
  readonly file: bigint;
  path: string;
  readonly access: number;
  readonly share: number;
  readonly deleteOnClose: boolean;
  readonly owner: string;

  constructor(request: ClaimRequest) {
    this.volume = request.volume;
    this.file = request.file;
    this.path = request.path;
    this.access = request.access;
    this.share = request.share;
    this.deleteOnClose = request.deleteOnClose;
    this.owner = request.owner ?? '';
  }
}

/** A file that is open, or just being removed. */
interface OpenFile {
  readonly claims: Set<MemoryClaim>;
  deletePending: boolean;
}

/** Opens of this process. */
export class MemoryOpens implements Opens {
  readonly #files = new Map<string, OpenFile>();

  claim(request: ClaimRequest): Claim {
    const key = keyOf(request);
    const file = this.#files.get(key) ?? { claims: new Set<MemoryClaim>(), deletePending: false };
    // [MS-FSA] 2.1.5.1.2: first what is on its way out, then share modes.
    if (file.deletePending) throw new StatusError(NtStatus.DeletePending, { path: request.path });
    for (const other of file.claims) {
      if (sharingConflicts(request, other)) throw new StatusError(NtStatus.SharingViolation, { path: request.path });
    }
    const claim = new MemoryClaim(request);
    file.claims.add(claim);
    this.#files.set(key, file);
    return claim;
  }

  setDeletePending(claim: Claim, pending: boolean): void {
    const file = this.#files.get(keyOf(claim));
    if (file) file.deletePending = pending;
  }

  isDeletePending(claim: Claim): boolean {
    return this.#files.get(keyOf(claim))?.deletePending ?? false;
  }

  release(claim: Claim): boolean {
    const key = keyOf(claim);
    const file = this.#files.get(key);
    const own = claim as MemoryClaim;
    if (!file?.claims.delete(own)) return false;
    // [MS-FSA] 2.1.5.5: from now on the file opens for nobody.
    if (own.deleteOnClose) file.deletePending = true;
    if (file.claims.size > 0) return false;
    if (!file.deletePending) this.#files.delete(key);
    return file.deletePending;
  }

  removed(key: FileKey): void {
    this.#files.delete(keyOf(key));
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
}

function keyOf({ volume, file }: FileKey): string {
  return `${volume}:${file}`;
}
