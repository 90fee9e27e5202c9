import type { Claim, FileKey } from '#coord/opens.js';
import type { StateStore } from '#fs/state-store.js';
import { type Guid, NIL_GUID } from '#wire/dtyp/guid.js';
import type { DiskOpen } from './open.js';
import type { PersistentRecord, Place } from './persistent-record.js';
import { WrittenRecord } from './persistent-write.js';

/** Where a claim of a file will be when the move that is under way is done; undefined where it stays. */
type Destination = (claim: Claim) => Place | undefined;

type Failed = (error: unknown) => void;

/** What is written of an open. */
interface Writing {
  /** What is written just now. */
  now: Promise<void> | undefined;
  /** What is written after it, for all who ask meanwhile. */
  next: Promise<void> | undefined;
  /** What this run has written last; undefined where that is nothing, or failed. */
  last: WrittenRecord | undefined;
}

/**
 * The persistent opens of a server, each with its record in the store ([MS-SMB2] 3.3.1.10 Open.IsPersistent). What a
 * record says is asked for when it is written, so that whoever waits for `save` knows that all that was before is in it.
 */
export class PersistentOpens {
  readonly #store: StateStore | undefined;
  readonly #limit: number;
  readonly #describe: (open: DiskOpen) => Promise<PersistentRecord>;
  readonly #writing = new Map<DiskOpen, Writing>();
  readonly #files = new Map<string, Set<DiskOpen>>();
  /** By the CREATE that made them. */
  readonly #byCreate = new Map<string, DiskOpen>();
  readonly #perOwner = new Map<string, number>();
  /** Files that are being renamed, each by one at a time. */
  readonly #moving = new Map<string, Destination>();
  #background = 0;
  #settled: Promise<unknown> | undefined;

  /** `limit`: opens of one account. `describe`: the record of an open as it is now. */
  constructor(store: StateStore | undefined, limit: number, describe: (open: DiskOpen) => Promise<PersistentRecord>) {
    this.#store = store;
    this.#limit = limit;
    this.#describe = describe;
  }

  /** Undefined: no open can be persistent here. */
  get store(): StateStore | undefined {
    return this.#store;
  }

  get size(): number {
    return this.#writing.size;
  }

  hasRoom(owner: string): boolean {
    return this.#store !== undefined && (this.#perOwner.get(owner) ?? 0) < this.#limit;
  }

  /** Counts an open in, whose record is there or will be with `save`. */
  add(open: DiskOpen): void {
    this.#writing.set(open, { now: undefined, next: undefined, last: undefined });
    const key = fileKey(open.claim);
    const opens = this.#files.get(key);
    if (opens) opens.add(open);
    else this.#files.set(key, new Set([open]));
    const create = createKey(open);
    if (create !== undefined) this.#byCreate.set(create, open);
    const owner = open.durable?.owner ?? '';
    this.#perOwner.set(owner, (this.#perOwner.get(owner) ?? 0) + 1);
  }

  /** The open that a CREATE of a client made, whether its client is there or not. */
  findByCreate(client: Guid, createGuid: Guid): DiskOpen | undefined {
    return this.#byCreate.get(`${client} ${createGuid}`);
  }

  /** Returns when the record of an open has all that is so now; at once for an open that is not persistent. */
  async save(open: DiskOpen): Promise<void> {
    const writing = this.#writing.get(open);
    if (writing === undefined) return;
    if (writing.now === undefined) {
      writing.now = this.#write(open, writing).finally(() => {
        writing.now = undefined;
      });
      return writing.now;
    }
    writing.next ??= writing.now
      .catch(() => undefined)
      .then(() => {
        writing.next = undefined;
        return this.save(open);
      });
    return writing.next;
  }

  async #write(open: DiskOpen, writing: Writing): Promise<void> {
    const { how, bytes, after } = WrittenRecord.next(writing.last, await this.#describe(open));
    writing.last = undefined;
    await this.#store?.[how](keyOf(open), bytes);
    writing.last = after;
  }

  /** As `save`, for all persistent opens of a file. */
  async saveAll(file: FileKey): Promise<void> {
    const opens = this.#writing.size === 0 ? undefined : this.#files.get(fileKey(file));
    if (opens) await Promise.all([...opens].map((open) => this.save(open)));
  }

  /**
   * Does a rename of a file or of a stream. From before it until after it the records say both where an open is and where
   * it will be: whenever the server ends, the next run finds the file. That they say where it is alone need not be waited
   * for, and may fail.
   */
  async moving(file: FileKey, to: Destination, move: () => Promise<void>, failed: Failed): Promise<void> {
    if (this.#store === undefined) return move();
    const key = fileKey(file);
    this.#moving.set(key, to);
    try {
      await this.saveAll(file);
      await move();
    } finally {
      this.#moving.delete(key);
      this.saveLater(file, failed);
    }
  }

  /** Where a claim may be, too, if the server ends now. */
  destinationOf(claim: Claim): Place | undefined {
    return this.#moving.get(fileKey(claim))?.(claim);
  }

  /** As `save`, for all persistent opens under a lease. */
  async saveLease(client: string, key: string): Promise<void> {
    if (this.#writing.size === 0) return;
    const isUnder = ({ claim: { holder } }: DiskOpen): boolean =>
      holder?.lease?.key === key && holder.lease.client === client;
    await Promise.all([...this.#writing.keys()].filter(isUnder).map((open) => this.save(open)));
  }

  /** As `saveAll`, for who cannot wait; `settled` does. */
  saveLater(file: FileKey, failed: Failed): void {
    if (!this.#files.has(fileKey(file))) return;
    this.#background++;
    const saved = this.saveAll(file)
      .catch(failed)
      .finally(() => {
        if (--this.#background === 0) this.#settled = undefined;
      });
    this.#settled = Promise.all([this.#settled, saved]);
  }

  /** Comes when all that `saveLater` began is through; undefined when nothing is under way. */
  get settled(): Promise<unknown> | undefined {
    return this.#settled;
  }

  /** Takes an open out. Its record goes with it unless it is to be taken up by the next run. */
  async delete(open: DiskOpen, leavesRecord = false): Promise<void> {
    const writing = this.#writing.get(open);
    if (writing === undefined) return;
    this.#writing.delete(open);
    const key = fileKey(open.claim);
    const opens = this.#files.get(key);
    opens?.delete(open);
    if (opens?.size === 0) this.#files.delete(key);
    const create = createKey(open);
    if (create !== undefined && this.#byCreate.get(create) === open) this.#byCreate.delete(create);
    const owner = open.durable?.owner ?? '';
    const left = (this.#perOwner.get(owner) ?? 0) - 1;
    if (left > 0) this.#perOwner.set(owner, left);
    else this.#perOwner.delete(owner);
    await (writing.next ?? writing.now)?.catch(() => undefined);
    if (!leavesRecord) await this.#store?.delete(keyOf(open));
  }
}

/** The key of an open's record. */
function keyOf({ persistentId: { low, high } }: DiskOpen): string {
  return `${high.toString(16)}-${low.toString(16)}`;
}

/** Undefined for a CREATE that says nothing that it could be known by. */
function createKey({ durable }: DiskOpen): string | undefined {
  if (durable === undefined || durable.createGuid === NIL_GUID) return undefined;
  return `${durable.client} ${durable.createGuid}`;
}

function fileKey({ volume, file }: FileKey): string {
  return `${volume}:${file}`;
}
