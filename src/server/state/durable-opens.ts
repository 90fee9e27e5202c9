import type { Tenacity } from '#coord/durables.js';
import type { Guid } from '#wire/dtyp/guid.js';
import type { FileId } from '#wire/io/file-id.js';
import type { DiskOpen } from './open.js';

/** The persistent part of a FileId ([MS-SMB2] 3.3.1.10 Open.DurableFileId), as two halves: no other open has it. */
export interface PersistentId {
  readonly low: number;
  readonly high: number;
}

/** What makes an open outlast its connection ([MS-SMB2] 3.3.1.10 Open.IsDurable), and who may have it back. */
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
  /** What its CREATE did (CreateAction), should it come again. */
  readonly action: number;
}

interface Away {
  readonly open: DiskOpen;
  /** Ends the wait for the client. */
  readonly cancel: () => void;
}

const LAST = 0xffff_fffe;

/** The durable opens of a server whose clients are gone, until they come back or their time is over. */
export class DurableOpens {
  /** Nothing is kept any more: the server is at its end. */
  closing = false;
  readonly #away = new Map<string, Away>();
  readonly #perOwner = new Map<string, number>();
  readonly #limit: number;
  #high: number;
  #last = 0;

  /** `limit`: opens of one account. `seed`: tells the ids of this server from those of others, and of former runs. */
  constructor(limit: number, seed: number) {
    this.#limit = limit;
    // Zero is what pipes have there.
    this.#high = seed >>> 0 || 1;
  }

  nextId(): PersistentId {
    if (this.#last >= LAST) {
      this.#last = 0;
      this.#high = (this.#high + 1) >>> 0 || 1;
    }
    return { low: ++this.#last, high: this.#high };
  }

  /** Whether one more open of an account can be kept. */
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

  /** The open that a client means by the persistent part of a FileId. */
  find({ p0, p1 }: FileId): DiskOpen | undefined {
    return this.#away.get(keyOf({ low: p0, high: p1 }))?.open;
  }

  /** Takes an open out, for whatever comes next; false if somebody else has done so. */
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
