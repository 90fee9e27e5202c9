import type { RangeLock } from '#coord/locks.js';
import { encodeRecord, jsonOf, type LockChange, type PersistentRecord } from './persistent-record.js';

/** Changes are gathered behind a record up to this, or as much as the record itself. */
const LEAST_BYTES = 4096;

/** How the next state of an open comes into its record: as a whole, or as a change behind it. */
export interface Write {
  readonly how: 'put' | 'append';
  readonly bytes: Uint8Array;
  /** The record, once this has been done. */
  readonly after: WrittenRecord;
}

/**
 * What has been written of an open. Locks come one by one and can be thousands: only what is new of them is written,
 * until there is so much of it that the whole costs no more.
 */
export class WrittenRecord {
  readonly #locks: readonly RangeLock[];
  /** All but locks and their sequences. */
  readonly #rest: string;
  readonly #room: number;

  private constructor(locks: readonly RangeLock[], rest: string, room: number) {
    this.#locks = locks;
    this.#rest = rest;
    this.#room = room;
  }

  /** `before`: what the record says so far; undefined if this run has not written it. */
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

/** What is the same before and behind is left. */
function changeOf(before: readonly RangeLock[], after: readonly RangeLock[]): LockChange {
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && before[at] === after[at]) at++;
  let behind = 0;
  while (behind < shorter - at && before[before.length - 1 - behind] === after[after.length - 1 - behind]) behind++;
  return { at, gone: before.length - at - behind, locks: after.slice(at, after.length - behind) };
}
