import type { StateStore } from '#fs/state-store.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';

/** A state store that outlives servers, but not the process. */
export class MemoryStore implements StateStore {
  readonly records: Map<string, Uint8Array>;
  /** Fails all writes, like a full disk. */
  full = false;
  /** Called before each write. */
  before: () => Promise<void> = async () => undefined;

  constructor(records: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.records = new Map(records);
  }

  load(): ReadonlyMap<string, Uint8Array> {
    return new Map(this.records);
  }

  async put(key: string, record: Uint8Array): Promise<void> {
    await this.before();
    if (this.full) throw new StatusError(NtStatus.DiskFull);
    this.records.set(key, record);
  }

  async append(key: string, addition: Uint8Array): Promise<void> {
    await this.before();
    const record = this.records.get(key);
    if (this.full || record === undefined) throw new StatusError(NtStatus.DiskFull);
    const both = new Uint8Array(record.length + addition.length);
    both.set(record);
    both.set(addition, record.length);
    this.records.set(key, both);
  }

  async delete(key: string): Promise<void> {
    await this.before();
    this.records.delete(key);
  }
}
