import type { RangeLock } from '#coord/locks.js';
import { encodeRecord, jsonOf, type LockChange, type PersistentRecord } from './persistent-record.js';

/** Changes may be appended to a record up to this many bytes, or up to the record's own size. */
const LEAST_BYTES = 4096;

/** How to write the next state of an open: as a whole record, or as an appended change. */
export interface Write {
  readonly how: 'put' | 'append';
  readonly bytes: Uint8Array;
  /** The written state, once the write has been done. */
  readonly after: WrittenRecord;
}

/**
 * What has been written for an open. Locks are taken one by one and there can be thousands, so only changes to them are
 * appended, until rewriting the whole record costs no more.
 */
export class WrittenRecord {
  readonly #locks: readonly RangeLock[];
  /** Everything but the locks and their sequences, as JSON. */
  readonly #rest: string;
  readonly #room: number;

  private constructor(locks: readonly RangeLock[], rest: string, room: number) {
    this.#locks = locks;
    this.#rest = rest;
    this.#room = room;
  }

  /** `before`: what the record contains so far; undefined if this run has not written it. */
  static next(before: WrittenRecord | undefined, record: PersistentRecord): Write {
    const { locks, lockSequences, ...others } = record;
    const rest = jsonOf(others);
    if (before !== undefined && before.#rest === rest) {
      const change = { ...changeOf(before.#locks, locks), ...(lockSequences && { lockSequences }) };
      const bytes = encodeRecord(change);
      const room = before.#room - bytes.length;
      if (room >= 0) return { how: 'append', bytes, after: new WrittenRecord(locks, rest, room) };
    }
    const bytes = encodeRecord(record);
    return { how: 'put', bytes, after: new WrittenRecord(locks, rest, Math.max(bytes.length, LEAST_BYTES)) };
  }
}

/** Leaves out the common prefix and suffix. */
function changeOf(before: readonly RangeLock[], after: readonly RangeLock[]): LockChange {
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && before[at] === after[at]) at++;
  let behind = 0;
  while (behind < shorter - at && before[before.length - 1 - behind] === after[after.length - 1 - behind]) behind++;
  return { at, gone: before.length - at - behind, locks: after.slice(at, after.length - behind) };
}
