import { type BigIntStats, readdir, statSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { filetimeFromNs } from '#wire/dtyp/filetime.js';
import { upcase } from '#wire/fscc/upcase.js';
import type { Clock } from '../clock.js';
import { statusErrorOf } from '../errno.js';
import { nativePath, toWire } from './name-map.js';
import { HashedNames, LOOK, type NameTable, SpelledNames } from './name-table.js';

interface Index {
  readonly names: NameTable;
  readonly ino: bigint;
  readonly dev: bigint;
  mtimeNs: bigint;
  /** When it was read, how long our own changes may keep it up to date, and (`followed`) whether any have. */
  readonly readAt: bigint;
  readonly goodFor: bigint;
  followed: boolean;
}

/** A directory being read, with the changes we make to it meanwhile. */
interface Reading {
  readonly done: Promise<Index>;
  readonly began: bigint;
  mtimeNs: bigint;
  readonly changes: Names[];
  /** The last change before was ours, or longer ago than a timestamp tick, so no other one can be hidden. */
  readonly settled: boolean;
  readonly ledOn: boolean;
  /** Somebody else has changed the directory meanwhile. */
  broken: boolean;
}

interface Names {
  readonly added?: string;
  readonly removed?: string;
}

/** A change to a directory: `at` leads to it, `key` identifies it in the index. */
interface Change extends Names {
  readonly at: string;
  readonly key: string;
}

/** Granularity of directory timestamps, in 100 ns: two changes within it may look like one. */
const TICK = 500_000n;
/** How long our own changes may keep an index up to date, in 100 ns: another's may hide in the same tick. */
const MOST_FOLLOWED = 20_000_000n;
/** At least this many times as long as reading took, so that we do not read all the time. */
const FOLLOWED_PER_READ = 10n;
const MOST_NAMES = 200_000;
const MOST_DIRECTORIES = 64;
/** Size in bytes from which a directory is large: some 10,000 names. */
const LARGE = 512 * 1024;
const AT_ONCE = 1024;

/**
 * Case-folded names in directories, for looking up names in another case or that do not exist, which Windows does all
 * the time (desktop.ini). Valid while the directory's modification time stays the same. Large directories are read in
 * pieces, and only hashes of their names are kept.
 */
export class NameIndex {
  readonly #clock: Clock;
  readonly #large: bigint;
  readonly #indices = new Map<string, Index>();
  readonly #reading = new Map<string, Reading>();
  #names = 0;

  /** `large`: size in bytes from which only hashes of a directory's names are kept. */
  constructor(clock: Clock, large: number = LARGE) {
    this.#clock = clock;
    this.#large = BigInt(large);
  }

  /** `at`: a path to the directory that stays valid until the answer; `key`: identifies it in the index. */
  async find(at: string, key: string, name: string): Promise<string | undefined> {
    const native = nativePath(at);
    const stats = statSync(native, { bigint: true });
    if (!stats.isDirectory()) return undefined;
    const known = this.#indices.get(key);
    const index = known !== undefined && this.#isFresh(known, stats) ? known : await this.#readOnce(native, key);
    const found = index.names.find(name);
    return found === LOOK ? await lookFor(native, name) : found;
  }

  /**
   * Makes a change of ours to a directory and updates its index: otherwise creating thousands of files in a row would
   * read the directory thousands of times.
   */
  change<T>(directory: Change, operation: () => T): T {
    const reading = this.#reading.get(directory.key);
    const known = this.#indices.get(directory.key);
    if (known === undefined && reading === undefined) return operation();
    const native = nativePath(directory.at);
    const before = statSync(native, { bigint: true });
    if (reading !== undefined && reading.mtimeNs !== before.mtimeNs) reading.broken = true;
    const fresh = known !== undefined && this.#isFresh(known, before);
    this.#forget(directory.key);
    const result = operation();
    const { mtimeNs } = statSync(native, { bigint: true });
    if (reading !== undefined) {
      reading.changes.push(directory);
      reading.mtimeNs = mtimeNs;
    }
    if (!fresh) return result;
    apply(known.names, directory);
    known.mtimeNs = mtimeNs;
    known.followed = true;
    this.#keep(directory.key, known);
    return result;
  }

  /** Whether a directory is indexed or being read. */
  knows(key: string): boolean {
    return this.#indices.has(key) || this.#reading.has(key);
  }

  #isFresh(index: Index, stats: BigIntStats): boolean {
    if (index.followed && this.#clock() - index.readAt > index.goodFor) return false;
    return index.mtimeNs === stats.mtimeNs && index.ino === stats.ino && index.dev === stats.dev;
  }

  /** Joins a read of the directory's current state; waits for a read of an older state to end first. */
  async #readOnce(native: string | Buffer, key: string): Promise<Index> {
    for (;;) {
      const stats = statSync(native, { bigint: true });
      const known = this.#indices.get(key);
      if (known !== undefined && this.#isFresh(known, stats)) return known;
      const reading = this.#reading.get(key);
      if (reading === undefined) return await this.#begin(native, key, stats, known);
      if (!reading.broken && reading.mtimeNs === stats.mtimeNs) return await reading.done;
      await reading.done.catch(() => undefined);
    }
  }

  #begin(native: string | Buffer, key: string, stats: BigIntStats, known: Index | undefined): Promise<Index> {
    const began = this.#clock();
    const { mtimeNs } = stats;
    const ledOn = known?.mtimeNs === mtimeNs && known.followed;
    const settled = ledOn || began - filetimeFromNs(mtimeNs) > TICK;
    const done = namesOf(native, stats.size >= this.#large).then((names) => this.#finish(key, stats, names));
    const reading: Reading = { done, began, mtimeNs, changes: [], settled, ledOn, broken: false };
    this.#reading.set(key, reading);
    const end = (): void => void this.#reading.delete(key);
    done.then(end, end);
    return done;
  }

  #finish(key: string, { ino, dev }: BigIntStats, names: NameTable): Index {
    const { began, mtimeNs, changes, settled, ledOn, broken } = this.#reading.get(key) as Reading;
    for (const change of changes) apply(names, change);
    const took = this.#clock() - began;
    const goodFor = took * FOLLOWED_PER_READ > MOST_FOLLOWED ? took * FOLLOWED_PER_READ : MOST_FOLLOWED;
    const followed = ledOn || changes.length > 0;
    const index: Index = { names, ino, dev, mtimeNs, readAt: began, goodFor: goodFor + took, followed };
    this.#forget(key);
    if (settled && !broken && names.weight <= MOST_NAMES / 2) this.#keep(key, index);
    return index;
  }

  #keep(key: string, index: Index): void {
    this.#indices.set(key, index);
    this.#names += index.names.weight;
    for (const oldest of this.#indices.keys()) {
      if (this.#indices.size <= MOST_DIRECTORIES && this.#names <= MOST_NAMES) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const index = this.#indices.get(key);
    if (index === undefined) return;
    this.#indices.delete(key);
    this.#names -= index.names.weight;
  }
}

function apply(names: NameTable, { added, removed }: Names): void {
  if (removed !== undefined) names.remove(removed);
  if (added !== undefined) names.add(added);
}

async function namesOf(native: string | Buffer, large: boolean): Promise<NameTable> {
  if (!large) {
    const names = new SpelledNames();
    for (const entry of await readNames(native)) names.add(toWire(entry));
    return names;
  }
  const names = new HashedNames();
  for await (const entry of entriesOf(native)) names.add(toWire(entry));
  return names;
}

/** Searches a large directory, preferring the exact spelling. */
async function lookFor(native: string | Buffer, name: string): Promise<string | undefined> {
  const folded = upcase(name);
  let found: string | undefined;
  for await (const entry of entriesOf(native)) {
    const spelling = toWire(entry);
    if (spelling === name) return name;
    if (upcase(spelling) === folded) found ??= spelling;
  }
  return found;
}

function readNames(native: string | Buffer): Promise<string[]> {
  return new Promise((resolve, reject) => {
    readdir(native, { encoding: 'latin1' }, (error, names) => (error ? reject(statusErrorOf(error)) : resolve(names)));
  });
}

/** Reads entries one by one, letting other work run in between. */
async function* entriesOf(native: string | Buffer): AsyncGenerator<string> {
  try {
    const options = { encoding: 'latin1' as BufferEncoding, bufferSize: AT_ONCE };
    for await (const { name } of await opendir(native as string, options)) yield name;
  } catch (error) {
    throw statusErrorOf(error);
  }
}
