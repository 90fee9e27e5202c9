import type { StateStore } from '#fs/state-store.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';

/** A state store that outlasts servers, not the process. */
export class MemoryStore implements StateStore {
  readonly records: Map<string, Uint8Array>;
  /** Nothing more can be written. */
  full = false;
  /** Called before anything is written. */
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

  async delete(key: string): Promise<void> {
    await this.before();
    this.records.delete(key);
  }
}
