import type { RangeLock } from '#coord/locks.js';
import type { Guid } from '#wire/dtyp/guid.js';

/** What a persistent open caches, and under which lease. */
export interface RecordedCaching {
  /** Lease state bits. */
  readonly state: number;
  /** Absent for an oplock. */
  readonly lease?: { readonly client: Guid; readonly key: Guid; readonly version: 1 | 2; readonly epoch: number };
}

/** Path and stream of an open. */
export interface Place {
  readonly path: string;
  readonly stream: string;
}

/** Everything needed to restore a persistent open. */
export interface PersistentRecord extends Place {
  readonly id: { readonly low: number; readonly high: number };
  readonly share: string;
  readonly volume: string;
  /** The other place where the file may be if a rename was in progress. */
  readonly next?: Place;
  /** Number and creation time of the node: tell whether the path still leads to the same file. */
  readonly file: bigint;
  readonly born: bigint;
  readonly access: number;
  readonly shareAccess: number;
  readonly options: number;
  /** CreateAction of its CREATE. */
  readonly action: number;
  readonly deleteOnClose: boolean;
  readonly deletePending: boolean;
  readonly owner: string;
  readonly client: Guid;
  readonly createGuid: Guid;
  readonly timeoutMs: number;
  readonly caching?: RecordedCaching;
  readonly locks: readonly RangeLock[];
  /** LockSequenceArray: replayable LOCK requests, by bucket. */
  readonly lockSequences?: readonly number[];
  readonly app?: { readonly id: Guid; readonly client: Guid; readonly version?: bigint };
}

/** A record that is damaged or malformed. */
export class DamagedRecord extends Error {}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const VERSION = 1;
const LONGEST = 65_536;
const MOST_LOCKS = 65_536;
const BIGGEST = (1n << 64n) - 1n;

/** A change to a record's locks since it was written. */
export interface LockChange {
  /** Replaces this many locks from `at` on. */
  readonly at: number;
  readonly gone: number;
  readonly locks: readonly RangeLock[];
  /** The complete new LockSequenceArray. */
  readonly lockSequences?: readonly number[];
}

/**
 * Encodes as a line of JSON, with 64-bit numbers as decimal text; the keys are listed in docs/persistent-handles.md.
 */
export function encodeRecord(record: PersistentRecord | LockChange): Uint8Array {
  const { locks, ...rest } = record;
  const version = 'id' in rest ? { version: VERSION } : {};
  const flat = { ...version, ...rest, locks: locks.map((lock) => [lock.offset, lock.length, lock.exclusive]) };
  return new TextEncoder().encode(`${jsonOf(flat)}\n`);
}

export const jsonOf = (value: object): string =>
  JSON.stringify(value, (_key, of) => (typeof of === 'bigint' ? of.toString() : of));

/** Decodes a record and the changes appended to it; DamagedRecord for another version or any invalid value. */
export function decodeRecord(bytes: Uint8Array): PersistentRecord {
  let values: unknown[];
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    values = text
      .split('\n')
      .map((line, at, { length }) => (line === '' && at === length - 1 ? null : JSON.parse(line)));
  } catch (error) {
    throw new DamagedRecord('no JSON', { cause: error });
  }
  if (values.at(-1) === null) values.pop();
  const [first, ...changes] = values;
  const record = readRecord(new Reader(first));
  const locks = [...record.locks];
  let { lockSequences } = record;
  for (const change of changes) lockSequences = readChange(new Reader(change), locks) ?? lockSequences;
  return { ...record, locks, ...(lockSequences && { lockSequences }) };
}

/** Applies a change to `locks`; returns the new lock sequences. */
function readChange(of: Reader, locks: RangeLock[]): readonly number[] | undefined {
  const at = of.number('at', locks.length);
  const gone = of.number('gone', locks.length - at);
  const others = of.list('locks', MOST_LOCKS - locks.length + gone).map(readLock);
  locks.splice(at, gone, ...others);
  return of.has('lockSequences') ? of.list('lockSequences', 64).map(readByte) : undefined;
}

function readRecord(of: Reader): PersistentRecord {
  if (of.number('version', 0xffff) !== VERSION) throw new DamagedRecord('another version');
  const id = of.object('id');
  return {
    id: { low: id.number('low'), high: id.number('high') },
    share: of.text('share'),
    volume: of.text('volume'),
    path: of.path('path'),
    stream: of.text('stream'),
    ...(of.has('next') && { next: readPlace(of.object('next')) }),
    file: of.big('file'),
    born: of.big('born'),
    access: of.number('access'),
    shareAccess: of.number('shareAccess', 7),
    options: of.number('options'),
    action: of.number('action', 3),
    deleteOnClose: of.flag('deleteOnClose'),
    deletePending: of.flag('deletePending'),
    owner: of.text('owner'),
    client: of.guid('client'),
    createGuid: of.guid('createGuid'),
    timeoutMs: of.number('timeoutMs'),
    locks: of.list('locks', MOST_LOCKS).map(readLock),
    ...(of.has('caching') && { caching: readCaching(of.object('caching')) }),
    ...(of.has('lockSequences') && { lockSequences: of.list('lockSequences', 64).map(readByte) }),
    ...(of.has('app') && { app: readApp(of.object('app')) }),
  };
}

function readPlace(of: Reader): Place {
  return { path: of.path('path'), stream: of.text('stream') };
}

function readLock(value: unknown): RangeLock {
  const of = new Reader(value);
  return { offset: of.big('0'), length: of.big('1'), exclusive: of.flag('2') };
}

function readByte(value: unknown): number {
  return new Reader({ value }).number('value', 0xff);
}

function readCaching(of: Reader): RecordedCaching {
  const state = of.number('state', 7);
  if (!of.has('lease')) return { state };
  const lease = of.object('lease');
  const version = lease.number('version', 2) === 1 ? 1 : 2;
  return {
    state,
    lease: { client: lease.guid('client'), key: lease.guid('key'), version, epoch: lease.number('epoch', 0xffff) },
  };
}

function readApp(of: Reader): { id: Guid; client: Guid; version?: bigint } {
  const app = { id: of.guid('id'), client: of.guid('client') };
  return of.has('version') ? { ...app, version: of.big('version', (1n << 128n) - 1n) } : app;
}

/** Reads members of an object, checking their types. */
class Reader {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    if (typeof value !== 'object' || value === null) throw new DamagedRecord('no object');
    this.#values = value as Readonly<Record<string, unknown>>;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#values, key);
  }

  #get(key: string): unknown {
    return this.has(key) ? this.#values[key] : undefined;
  }

  number(key: string, most = 0xffff_ffff): number {
    const value = this.#get(key);
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
    if (!fits) throw new DamagedRecord(`${key} is no number in its bounds`);
    return value;
  }

  big(key: string, most = BIGGEST): bigint {
    const value = this.#get(key);
    if (typeof value !== 'string' || !/^\d{1,39}$/.test(value)) throw new DamagedRecord(`${key} is no number`);
    const number = BigInt(value);
    if (number > most) throw new DamagedRecord(`${key} is too large`);
    return number;
  }

  text(key: string): string {
    const value = this.#get(key);
    if (typeof value !== 'string' || value.length > LONGEST) throw new DamagedRecord(`${key} is no text`);
    return value;
  }

  /** A path as back ends expect it: no component may lead outside the share. */
  path(key: string): string {
    const value = this.text(key);
    const wrong = value.split('/').some((part) => part === '' || part === '.' || part === '..');
    if (value === '' || wrong || /[\\\0]/.test(value)) throw new DamagedRecord(`${key} is no path`);
    return value;
  }

  guid(key: string): Guid {
    const value = this.text(key);
    if (!GUID.test(value)) throw new DamagedRecord(`${key} is no GUID`);
    return value;
  }

  flag(key: string): boolean {
    const value = this.#get(key);
    if (typeof value !== 'boolean') throw new DamagedRecord(`${key} is neither true nor false`);
    return value;
  }

  object(key: string): Reader {
    return new Reader(this.#get(key));
  }

  list(key: string, most: number): readonly unknown[] {
    const value = this.#get(key);
    if (!Array.isArray(value) || value.length > most) throw new DamagedRecord(`${key} is no list in its bounds`);
    return value;
  }
}
