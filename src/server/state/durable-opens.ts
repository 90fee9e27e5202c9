import type { Tenacity } from '#coord/durables.js';
import type { Guid } from '#wire/dtyp/guid.js';
import type { FileId } from '#wire/io/file-id.js';
import type { DiskOpen } from './open.js';

/** The persistent part of a FileId ([MS-SMB2] 3.3.1.10 Open.DurableFileId), as two 32-bit halves; unique per open. */
export interface PersistentId {
  readonly low: number;
  readonly high: number;
}

/** Durability state of an open ([MS-SMB2] 3.3.1.10 Open.IsDurable), and who may reclaim it. */
export interface Durable {
  readonly tenacity: Tenacity;
  /** Open.DurableOwner: the account, in lower case. */
  readonly owner: string;
  /** Open.ClientGuid. */
  readonly client: Guid;
  /** Open.CreateGuid; the nil GUID in version 1. */
  readonly createGuid: Guid;
  /** Open.DurableOpenTimeOut or ResilientOpenTimeout, in milliseconds. */
  readonly timeoutMs: number;
  /** CreateAction of the CREATE, for replays. */
  readonly action: number;
}

interface Away {
  readonly open: DiskOpen;
  /** Cancels the timeout. */
  readonly cancel: () => void;
}

const LAST = 0xffff_fffe;

/** Durable opens of a server whose clients are disconnected, until they reconnect or time out. */
export class DurableOpens {
  /** The server is shutting down: nothing more is kept. */
  closing = false;
  readonly #away = new Map<string, Away>();
  readonly #perOwner = new Map<string, number>();
  readonly #limit: number;
  #high: number;
  #last = 0;

  /** `limit`: opens per account. `seed`: makes ids differ from those of other servers and earlier runs. */
  constructor(limit: number, seed: number) {
    this.#limit = limit;
    // Zero is used for pipes.
    this.#high = seed >>> 0 || 1;
  }

  nextId(): PersistentId {
    if (this.#last >= LAST) {
      this.#last = 0;
      this.#high = (this.#high + 1) >>> 0 || 1;
    }
    return { low: ++this.#last, high: this.#high };
  }

  /** Whether one more open can be kept for an account. */
  hasRoom(owner: string): boolean {
    return !this.closing && (this.#perOwner.get(owner) ?? 0) < this.#limit;
  }

  add(open: DiskOpen, durable: Durable, cancel: () => void): void {
    const { owner } = durable;
    this.#away.set(keyOf(open.persistentId), { open, cancel });
    this.#perOwner.set(owner, (this.#perOwner.get(owner) ?? 0) + 1);
  }

  has(open: DiskOpen): boolean {
    return this.#away.get(keyOf(open.persistentId))?.open === open;
  }

  /** The open identified by the persistent part of a FileId. */
  find({ p0, p1 }: FileId): DiskOpen | undefined {
    return this.#away.get(keyOf({ low: p0, high: p1 }))?.open;
  }

  /** Removes an open, for reconnect or close; false if it is no longer here. */
  take(open: DiskOpen): boolean {
    const { durable } = open;
    const key = keyOf(open.persistentId);
    const away = this.#away.get(key);
    if (!durable || away?.open !== open) return false;
    away.cancel();
    this.#away.delete(key);
    const left = (this.#perOwner.get(durable.owner) ?? 0) - 1;
    if (left > 0) this.#perOwner.set(durable.owner, left);
    else this.#perOwner.delete(durable.owner);
    return true;
  }

  list(): DiskOpen[] {
    return Array.from(this.#away.values(), ({ open }) => open);
  }
}

function keyOf({ low, high }: PersistentId): string {
  return `${high} ${low}`;
}
