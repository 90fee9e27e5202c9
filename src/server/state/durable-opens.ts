import type { Guid } from '#wire/dtyp/guid.js';
import type { FileId } from '#wire/io/file-id.js';
import type { DiskOpen } from './open.js';

/** What makes an open outlast its connection ([MS-SMB2] 3.3.1.10 Open.IsDurable), and who may have it back. */
export interface Durable {
  /** Open.DurableFileId: the persistent part of the FileId, unlike that of any other durable open. */
  readonly low: number;
  readonly high: number;
  /** Open.DurableOwner: the account, in lower case. */
  readonly owner: string;
  /** Open.ClientGuid. */
  readonly client: Guid;
  /** Open.CreateGuid; the nil GUID in version 1. */
  readonly createGuid: Guid;
  /** Open.DurableOpenTimeOut, in milliseconds. */
  readonly timeoutMs: number;
}

interface Away {
  readonly open: DiskOpen;
  /** Ends the wait for the client. */
  readonly cancel: () => void;
}

/** The durable opens of a server whose clients are gone, until they come back or their time is over. */
export class DurableOpens {
  /** Nothing is kept any more: the server is at its end. */
  closing = false;
  readonly #away = new Map<number, Away>();
  readonly #perOwner = new Map<string, number>();
  readonly #limit: number;
  readonly #high: number;
  #last = 0;

  /** `limit`: opens of one account. `seed`: tells the ids of this server from those of others, and of former runs. */
  constructor(limit: number, seed: number) {
    this.#limit = limit;
    // Zero is what other opens have there.
    this.#high = seed >>> 0 || 1;
  }

  nextId(): Pick<Durable, 'low' | 'high'> {
    this.#last = this.#last >= 0xffff_fffe ? 1 : this.#last + 1;
    return { low: this.#last, high: this.#high };
  }

  /** Whether one more open of an account can be kept. */
  hasRoom(owner: string): boolean {
    return !this.closing && (this.#perOwner.get(owner) ?? 0) < this.#limit;
  }

  add(open: DiskOpen, { low, owner }: Durable, cancel: () => void): void {
    this.#away.set(low, { open, cancel });
    this.#perOwner.set(owner, (this.#perOwner.get(owner) ?? 0) + 1);
  }

  has(open: DiskOpen): boolean {
    return open.durable !== undefined && this.#away.get(open.durable.low)?.open === open;
  }

  /** The open that a client means by the persistent part of a FileId. */
  find({ p0, p1 }: FileId): DiskOpen | undefined {
    return p1 === this.#high ? this.#away.get(p0)?.open : undefined;
  }

  /** Takes an open out, for whatever comes next; false if somebody else has done so. */
  take(open: DiskOpen): boolean {
    const { durable } = open;
    const away = durable && this.#away.get(durable.low);
    if (!durable || away?.open !== open) return false;
    away.cancel();
    this.#away.delete(durable.low);
    const left = (this.#perOwner.get(durable.owner) ?? 0) - 1;
    if (left > 0) this.#perOwner.set(durable.owner, left);
    else this.#perOwner.delete(durable.owner);
    return true;
  }

  list(): DiskOpen[] {
    return Array.from(this.#away.values(), ({ open }) => open);
  }
}
