import { type BigIntStats, readdir, statSync } from 'node:fs';
import { filetimeFromNs } from '#wire/dtyp/filetime.js';
import { upcase } from '#wire/fscc/upcase.js';
import type { Clock } from '../clock.js';
import { statusErrorOf } from '../errno.js';
import { nativePath, toWire } from './name-map.js';

interface Index {
  /** Folded name to the name, or to those that differ in case only. */
  readonly names: Map<string, string | readonly string[]>;
  readonly ino: bigint;
  readonly dev: bigint;
  mtimeNs: bigint;
  /** When it was read, and whether changes of ours have gone into it since. */
  readonly readAt: bigint;
  followed: boolean;
}

/** What happens to a directory: `at` leads to it, `key` is what it is remembered by. */
interface Change {
  readonly at: string;
  readonly key: string;
  readonly added?: string;
  readonly removed?: string;
}

/** Time stamps of directories move in ticks; a change within this of another may not show (100 ns). */
const TICK = 500_000n;
/** So long an index may be led on by our own changes, among which somebody else's can hide in a tick (100 ns). */
const MOST_FOLLOWED = 20_000_000n;
const MOST_NAMES = 200_000;
const MOST_DIRECTORIES = 64;

/**
 * Names of directories by their folded form, for looking up names in the wrong case or that do not exist, which Windows
 * does all day (desktop.ini). Good for as long as the directory's time of change stays.
 */
export class NameIndex {
  readonly #clock: Clock;
  readonly #indices = new Map<string, Index>();
  #names = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `at`: something that leads to the directory and stays valid until the answer; `key`: what to remember it by. */
  async find(at: string, key: string, name: string): Promise<string | undefined> {
    const native = nativePath(at);
    const stats = statSync(native, { bigint: true });
    if (!stats.isDirectory()) return undefined;
    const known = this.#indices.get(key);
    const index = known !== undefined && this.#isFresh(known, stats) ? known : await this.#read(native, key, stats);
    const found = index.names.get(upcase(name));
    return typeof found === 'object' ? (found.find((spelling) => spelling === name) ?? found[0]) : found;
  }

  /**
   * Makes a change of ours to a directory, and keeps what is known of it in step: thousands of files made in a row
   * would otherwise read the directory thousands of times.
   */
  change<T>(directory: Change, operation: () => T): T {
    const known = this.#indices.get(directory.key);
    if (known === undefined) return operation();
    const native = nativePath(directory.at);
    const fresh = this.#isFresh(known, statSync(native, { bigint: true }));
    this.#forget(directory.key);
    const result = operation();
    if (!fresh) return result;
    if (directory.removed !== undefined) without(known.names, directory.removed);
    if (directory.added !== undefined) withName(known.names, directory.added);
    known.mtimeNs = statSync(native, { bigint: true }).mtimeNs;
    known.followed = true;
    this.#keep(directory.key, known);
    return result;
  }

  /** Whether anything is known of a directory. */
  knows(key: string): boolean {
    return this.#indices.has(key);
  }

  #isFresh(index: Index, stats: BigIntStats): boolean {
    if (index.followed && this.#clock() - index.readAt > MOST_FOLLOWED) return false;
    return index.mtimeNs === stats.mtimeNs && index.ino === stats.ino && index.dev === stats.dev;
  }

  async #read(native: string | Buffer, key: string, stats: BigIntStats): Promise<Index> {
    const quietSince = this.#clock() - filetimeFromNs(stats.mtimeNs);
    const names = new Map<string, string | readonly string[]>();
    const readAt = this.#clock();
    for (const entry of await readNames(native)) withName(names, toWire(entry));
    const { ino, dev, mtimeNs } = stats;
    const index: Index = { names, ino, dev, mtimeNs, readAt, followed: false };
    this.#forget(key);
    if (quietSince > TICK && names.size <= MOST_NAMES / 2) this.#keep(key, index);
    return index;
  }

  #keep(key: string, index: Index): void {
    this.#indices.set(key, index);
    this.#names += index.names.size;
    for (const oldest of this.#indices.keys()) {
      if (this.#indices.size <= MOST_DIRECTORIES && this.#names <= MOST_NAMES) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const index = this.#indices.get(key);
    if (index === undefined) return;
    this.#indices.delete(key);
    this.#names -= index.names.size;
  }
}

function withName(names: Index['names'], name: string): void {
  const folded = upcase(name);
  const before = names.get(folded);
  names.set(folded, before === undefined ? name : [before, name].flat());
}

function without(names: Index['names'], name: string): void {
  const folded = upcase(name);
  const rest = [names.get(folded) ?? []].flat().filter((spelling) => spelling !== name);
  if (rest.length === 0) names.delete(folded);
  else names.set(folded, rest.length === 1 ? (rest[0] as string) : rest);
}

function readNames(native: string | Buffer): Promise<string[]> {
  return new Promise((resolve, reject) => {
    readdir(native, { encoding: 'latin1' }, (error, names) => (error ? reject(statusErrorOf(error)) : resolve(names)));
  });
}
