import type { Claim, FileKey } from '#coord/opens.js';
import type { StateStore } from '#fs/state-store.js';
import { type Guid, NIL_GUID } from '#wire/dtyp/guid.js';
import type { DiskOpen } from './open.js';
import type { PersistentRecord, Place } from './persistent-record.js';
import { WrittenRecord } from './persistent-write.js';

/** Where a claim will be after the rename in progress; undefined if it stays. */
type Destination = (claim: Claim) => Place | undefined;

type Failed = (error: unknown) => void;

/** State of writing an open's record. */
interface Writing {
  /** The write in progress. */
  now: Promise<void> | undefined;
  /** The next write, shared by everybody who asks in the meantime. */
  next: Promise<void> | undefined;
  /** What this run wrote last; undefined if nothing, or if the write failed. */
  last: WrittenRecord | undefined;
}

/**
 * The persistent opens of a server, each with a record in the state store ([MS-SMB2] 3.3.1.10 Open.IsPersistent). A
 * record is composed at the time it is written, so after `save` it includes every change made before the call.
 */
export class PersistentOpens {
  readonly #store: StateStore | undefined;
  readonly #limit: number;
  readonly #describe: (open: DiskOpen) => Promise<PersistentRecord>;
  readonly #writing = new Map<DiskOpen, Writing>();
  readonly #files = new Map<string, Set<DiskOpen>>();
  /** Opens by client and CreateGuid. */
  readonly #byCreate = new Map<string, DiskOpen>();
  readonly #perOwner = new Map<string, number>();
  /** Files being renamed, one rename per file at a time. */
  readonly #moving = new Map<string, Destination>();
  #background = 0;
  #settled: Promise<unknown> | undefined;

  /** `limit`: opens per account. `describe`: composes the current record of an open. */
  constructor(store: StateStore | undefined, limit: number, describe: (open: DiskOpen) => Promise<PersistentRecord>) {
    this.#store = store;
    this.#limit = limit;
    this.#describe = describe;
  }

  /** Undefined if persistent opens are not supported here. */
  get store(): StateStore | undefined {
    return this.#store;
  }

  get size(): number {
    return this.#writing.size;
  }

  hasRoom(owner: string): boolean {
    return this.#store !== undefined && (this.#perOwner.get(owner) ?? 0) < this.#limit;
  }

  /** Adds an open whose record exists already or will be written by `save`. */
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

  /** The open created by a client's CREATE, whether or not that client is connected. */
  findByCreate(client: Guid, createGuid: Guid): DiskOpen | undefined {
    return this.#byCreate.get(`${client} ${createGuid}`);
  }

  /** Resolves once the record reflects the present state; at once for an open that is not persistent. */
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
   * Renames a file or a stream. From before the rename until after it, the records name both the old and the new place,
   * so that the next run finds the file whenever the server crashes. Removing the old place afterwards happens in the
   * background and may fail.
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

  /** The other place where a claim's file may be found if the server crashes now. */
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

  /** As `saveAll`, in the background; `settled` waits for it. */
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

  /** Resolves when all writes begun by `saveLater` are done; undefined when there are none. */
  get settled(): Promise<unknown> | undefined {
    return this.#settled;
  }

  /** Removes an open, and its record unless the next run is to restore it. */
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

/** Undefined if the CREATE has nothing to identify it by. */
function createKey({ durable }: DiskOpen): string | undefined {
  if (durable === undefined || durable.createGuid === NIL_GUID) return undefined;
  return `${durable.client} ${durable.createGuid}`;
}

function fileKey({ volume, file }: FileKey): string {
  return `${volume}:${file}`;
}
